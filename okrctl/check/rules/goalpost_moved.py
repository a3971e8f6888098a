"""Finds agreed numbers that became easier without a record of it.

A goal that gives way quietly tells nobody anything, and the score that follows is no score of what was agreed. Goals
may change: `amended` in the file keeps what was agreed, when, by whom and why. Looked for by `check --base`, which
compares two states; what changes while a period is still being agreed on (`scoring: agree_days`) is free, filling a
`TBD` too. A key result that is given up gets `state: deprioritized` with `reason` and `since`, which is its record.

To mend it, take the number back, or let `okrctl amend REF --to N --reason TEXT` write the record.

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
from okrctl.history.diff import Comparison

CODE = "OKR601"
NAME = "goalpost-moved"
SEVERITY = "error"
LOOKS_AT = "change"


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """Everything that became easier, one finding for each key result or objective."""
    yield from unrecorded_changes(subject, "relaxed", "easier")
