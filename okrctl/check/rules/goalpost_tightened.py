"""Finds agreed targets that became harder without a record under `amended`.

A target that is raised during the period was not agreed, and makes the progress so far look small. It may still be
right: `amended` records what was agreed, when it changed, who changed it and why. Nothing is reported while the period
is still being agreed (`scoring: agree_days`). Reported only with a base: `--base`, or a pull request in CI.

To fix it, restore the number, or run `okrctl amend REF --to N --reason TEXT` to write the record.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: complaints, title: Complaints about wrong origins, at_most: 5}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: complaints, title: Complaints about wrong origins, at_most: 4}

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: complaints, title: Complaints about wrong origins, at_most: 5}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: complaints
            title: Complaints about wrong origins
            at_most: 4
            amended: {date: 2026-05-13, by: lea, reason: The law requires it, was: {at_most: 5}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.goal_changes import unrecorded_changes
from okrctl.check.rule import Rule
from okrctl.history.diff import Comparison


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Every goal that became harder, one finding for each."""
    yield from unrecorded_changes(comparison, "tightened", "harder")


RULE = Rule(code="OKR602", name="goalpost-tightened", severity="warning", check_changes=check)
