"""Finds changes to the files of a closed period, and to its seal.

The seal in `scorecards/` records how a period ended. If the files change afterwards, they disagree with the seal,
and `okrctl verify` fails. Moving text, comments and quotes changes nothing. Only `check --base` reports this,
because it compares two states; it also reports a seal that was changed or deleted by hand.

To fix it, undo the change, or run `okrctl reopen PERIOD --reason TEXT`, change the files, and close the period
again.

Bad:

    # BASE
    # FILE: scorecards/2026-Q1.json
    {}
    # FILE: okrs/2026-Q1/trust.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-03-30: 19000}}]
    # NOW
    # FILE: scorecards/2026-Q1.json
    {}
    # FILE: okrs/2026-Q1/trust.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-03-30: 24000}}]

Good:

    # BASE
    # FILE: scorecards/2026-Q1.json
    {}
    # FILE: okrs/2026-Q1/trust.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-03-30: 19000}}]
    # NOW
    # FILE: scorecards/2026-Q1.json
    {}
    # FILE: okrs/archive/trust.yaml
    # The first quarter, for the record
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, readings: {2026-03-30: 19000}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.history.diff import Change, Comparison
from okrctl.values.diagnostic import START
from okrctl.workspace import KeyResult, Objective


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """One finding for each file of a closed period that says something else, and one for each broken seal."""
    told: set[str] = set()
    for one in subject.changes:
        period = _period_of(one)
        if period in subject.sealed and one.path not in told:
            told.add(one.path)
            here = one.kind != "removed" or any(file is one.file for file in subject.new.files)
            message = f"{period} is closed, and this file of it changed"
            help = f"take it back, or begin with `okrctl reopen {period} --reason TEXT`"
            yield Finding(one.route, message, help, ref=one.ref, file=one.file, span=None if here else START)
    for path in subject.broken_seals:
        message = "the seal of a closed period was changed by hand"
        help = "take it back; `okrctl reopen PERIOD --reason TEXT` opens a period again"
        any_file = next(iter((*subject.new.files, *subject.old.files)), None)
        yield Finding((), message, help, file=any_file, span=START, path=path)


def _period_of(one: Change) -> str | None:
    node = one.after or one.before
    return node.period.id if isinstance(node, Objective | KeyResult) else None


RULE = Rule(code="OKR607", name="sealed-period-edited", severity="error", check_changes=check)
