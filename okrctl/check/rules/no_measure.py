"""Finds key results without a measure.

A measure states how the key result is scored: `to`, `change`, `at_least`, `at_most`, `between`, `done`, `milestones`
or `graded`. While a key result is still being written, `state: draft` keeps it out of the score.

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
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results without a measure."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR007", name="no-measure", severity="error", check_file=check)
