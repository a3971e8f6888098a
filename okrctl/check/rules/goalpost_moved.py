"""Finds agreed targets that became easier without a record under `amended`.

If a target becomes easier without a record, the score no longer measures what was agreed. Goals may change: `amended`
records what was agreed, when it changed, who changed it and why. Nothing is reported while the period is still being
agreed (`scoring: agree_days`), or if a number replaces `TBD`. A key result that is given up needs no amendment:
`state: deprioritized` with `reason` and `since` is its record.

With a base (`--base`, or a pull request in CI), goals that became easier since then are reported as errors. Without
a base, the goals of running periods are compared with their agreed version in git, and goals that are easier are
reported as warnings. Which periods are running is decided by the day of the last commit, so that the passing of time
alone never causes a finding.

To fix it, restore the number, or run `okrctl amend REF --to N --reason TEXT` to write the record.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 20000}

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Codes requested
            to: 20000
            amended: {date: 2026-05-13, by: lea, reason: The printer broke down for a month, was: {to: 25000}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.goal_changes import unrecorded_changes
from okrctl.check.rule import Rule
from okrctl.history.diff import Comparison


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Every goal that became easier, one finding for each."""
    yield from unrecorded_changes(comparison, "relaxed", "easier")


RULE = Rule(code="OKR601", name="goalpost-moved", severity="error", check_changes=check, is_about_agreement=True)
