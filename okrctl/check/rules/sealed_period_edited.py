"""Finds changes to the files of a closed period, and to its seal.

The seal in `scorecards/` records how a period ended. If the files change afterwards, they disagree with the seal,
and `okrctl verify` fails. Every check compares the goals with their seal, with or without git: ids, measures, numbers,
weights, states, and the goals' own readings up to the day of the seal. Titles, owners, notes and comments may change,
and so may readings of KPIs. The id of a goal may change, and the name of its team: it is still the same goal (`okrctl
verify` says what it was called). With a base (`--base`, or a pull request in CI), any other change, except to
comments and layout, is reported, and so is a seal that was changed or deleted by hand.

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

RENAME_FIELDS = ("id", "team", "formerly")  # the goal is the same, and so are its figures


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """One finding for each changed file of a closed period, and one for each broken seal."""
    reported: set[str] = set()
    for change in comparison.changes:
        period = _period_of(change)
        if change.field in RENAME_FIELDS:
            continue
        if period in comparison.sealed and change.path not in reported:
            reported.add(change.path)
            is_present = change.kind != "removed" or any(file is change.file for file in comparison.new.files)
            message = f"{period} is closed, but this file has changed"
            help = f"undo the change, or run `okrctl reopen {period} --reason TEXT` first"
            yield Finding(
                change.route, message, help, ref=change.ref, file=change.file, span=None if is_present else START
            )
    for path in comparison.broken_seals:
        message = "the seal of a closed period was changed by hand"
        help = "undo the change; `okrctl reopen PERIOD --reason TEXT` reopens a period"
        any_file = next(iter((*comparison.new.files, *comparison.old.files)), None)
        yield Finding((), message, help, file=any_file, span=START, path=path)


def _period_of(change: Change) -> str | None:
    node = change.after or change.before
    return node.period.id if isinstance(node, Objective | KeyResult) else None


RULE = Rule(code="OKR607", name="sealed-period-edited", severity="error", check_changes=check)
