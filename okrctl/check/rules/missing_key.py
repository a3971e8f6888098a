"""Finds objectives, key results, KPIs and files that lack a required key.

An objective or key result needs an id, so that others can refer to it, and a title, so that people understand it. A
file of objectives needs a period, and `change` needs `from` or `kpi`. A draft may lack these keys.

Bad:

    period: 2026-Q2
    objectives:
      - id: returns
        title: Fewer parcels come back
        owner: lea
        key_results:
          - {id: rate, title: Returned parcels, change: -7%}

Good:

    period: 2026-Q2
    objectives:
      - id: returns
        title: Fewer parcels come back
        owner: lea
        key_results:
          - {id: rate, title: Returned parcels, from: 4.3%, change: -7%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Required keys that are missing."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR003", name="missing-key", severity="error", check_file=check)
