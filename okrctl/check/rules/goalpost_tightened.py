"""Finds agreed numbers that became harder without a record of it.

A goal raised half-way is a new agreement that nobody made, and makes what was done so far look small. It may be right:
`amended` in the file keeps what was agreed, when, by whom and why. Looked for by `check --base`, which compares two
states; what changes while a period is still being agreed on (`scoring: agree_days`) is free.

To mend it, take the number back, or let `okrctl amend REF --to N --reason TEXT` write the record.

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
            amended: {date: 2026-05-13, by: lea, reason: The law asks for it, was: {at_most: 5}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.goal_changes import unrecorded_changes
from okrctl.history.diff import Comparison

CODE = "OKR602"
NAME = "goalpost-tightened"
SEVERITY = "warning"
LOOKS_AT = "change"


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """Everything that became harder, one finding for each key result or objective."""
    yield from unrecorded_changes(subject, "tightened", "harder")
