"""Finds files with neither objectives nor KPIs, and files with both.

A top-level key states what a file contains: `objectives:` or `kpis:`. Without one of them, for example after a typo,
okrctl does not know what the file is. KPIs have their own files, because they outlive every period.

Bad:

    period: 2026-Q2
    objektives:
      - id: origin
        title: Customers know where their products come from

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Files whose kind is unknown."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR006", name="unknown-kind", severity="error", check_file=check)
