"""Finds key results with more than one measure or more than one source of values.

Two measures give two scores, and readers cannot know which one is meant. If both matter, write two key results.
`at_least` together with `at_most` is a range: write `between: [N, M]`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, done: false}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: page, title: The page about origins is online, done: false}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Measures and sources of values that exclude each other."""
    return schema_findings(file, RULE.code)


RULE = Rule(code="OKR008", name="several-measures", severity="error", check_file=check)
