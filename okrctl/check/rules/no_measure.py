"""Finds key results that do not say how they are judged.

A key result answers the question of how one will know. One of `to`, `change`, `at_least`, `at_most`, `between`,
`done`, `milestones` and `graded` answers it; without one there is only a wish. As long as it is being written,
`state: draft` keeps it out of the way.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested}]

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
from okrctl.workspace import File

CODE = "OKR007"
NAME = "no-measure"
SEVERITY = "error"
LOOKS_AT = "file"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results without a measure."""
    return schema_findings(file, CODE)
