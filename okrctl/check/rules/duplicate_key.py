"""Finds keys that are written twice in one mapping.

YAML forbids this, and most YAML parsers silently keep the last one. A reading entered twice, or an owner left over from
a merge, then replaces the other without notice. Numbers and dates that mean the same count as the same key.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Codes requested
            to: 25000
            readings:
              2026-04-13: 1200
              2026-04-13: 2100

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Codes requested
            to: 25000
            readings:
              2026-04-13: 1200
              2026-04-20: 2100
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Keys that are written twice, with both places."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR005", name="duplicate-key", severity="error", check_file=check)
