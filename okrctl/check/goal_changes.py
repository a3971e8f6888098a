"""Selects from a comparison what the rules about changes report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from okrctl.check.finding import Finding
from okrctl.history.diff.change import Change, Comparison, Node
from okrctl.history.diff.describe import format_field, format_value
from okrctl.measures import AMEND_OPTIONS
from okrctl.measures.measure import Effect
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective

READING_PREFIX = "readings."


def unrecorded_changes(comparison: Comparison, effect: Effect, comparative: str) -> Iterator[Finding]:
    """Agreed goals that changed with this effect and without an amendment: one finding for each goal.

    `comparative` describes the effect in the message: easier, harder.
    """
    unrecorded = [
        change for change in comparison.changes
        if is_unrecorded(change, effect) and change.after is not None
        and not isinstance(change.after, Kpi) and comparison.is_agreed(change.after.period)
    ]  # fmt: skip
    for ref, group in groupby(unrecorded, lambda change: change.ref):
        changes = list(group)
        first = changes[0]
        message = describe_unrecorded(changes, comparative)
        yield Finding(first.route, message, _help_text(first), ref=ref, file=first.file)


def is_unrecorded(change: Change, effect: Effect) -> bool:
    """Whether a goal changed with this effect, and neither an amendment nor the state of the goal says so."""
    return (
        change.effect == effect
        and change.kind == "changed"
        and not change.amended
        and not _is_given_up(change)
        and isinstance(change.after, Objective | KeyResult)
    )


def describe_unrecorded(changes: Iterable[Change], comparative: str) -> str:
    """The changes of one goal in words; `comparative` describes their effect: easier, harder."""
    return f"{', '.join(map(_describe_change, changes))}: {comparative} than agreed, without an amendment"


def summarize_unrecorded(changes: Iterable[Change]) -> str:
    """The same of changes that made a goal easier, in a few words: `'to' lowered from 60 % to 45 %`."""
    return ", ".join(
        _describe_change(each)
        if each.new is None or each.old is None
        else f"'{each.field}' {_move_of(each)} from {format_value(each.old)} to {format_value(each.new)}"
        for each in changes
    )


def _move_of(change: Change) -> str:
    """How a value changed, in one word."""
    if not isinstance(change.old, Quantity) or not isinstance(change.new, Quantity):
        return "changed"
    return "raised" if change.new.number > change.old.number else "lowered"


def _describe_change(change: Change) -> str:
    if change.new is None or change.old is None:
        event = "was removed" if change.new is None else "was added"
        return f"{format_field(change.field or '')} '{format_value(change.old or change.new)}' {event}"
    return f"'{change.field}' was {format_value(change.old)}, is now {format_value(change.new)}"


def _help_text(change: Change) -> str:
    field = (change.field or "").partition(".")[0]
    if isinstance(change.after, Objective):
        return "undo the change, or record it under `amended` of a key result"
    record = f"record it under `amended` with `was: {{{field}: {format_value(change.old)}}}`"
    option = field.replace("_", "-")
    if option not in AMEND_OPTIONS or not isinstance(change.new, Quantity):
        return f"undo the change, or {record}"
    value = format_number(change.new.number)
    return f"undo the change and run `okrctl amend {change.ref} --{option} {value} --reason TEXT`, or {record}"


def _is_given_up(change: Change) -> bool:
    """Whether a goal was deprioritized or postponed with a reason, which is a record of its own."""
    node = change.after
    return (
        change.field == "state"
        and node is not None
        and not isinstance(node, Kpi)
        and node.model.state in ("deprioritized", "postponed")
        and bool(node.model.reason)
    )


def changed_reading(change: Change, node: Node | None) -> DatedReading | None:
    """The reading of a node whose value a change is about; None for any other change."""
    field = change.field or ""
    if not field.startswith(READING_PREFIX) or node is None or isinstance(node, Objective):
        return None
    day = field.removeprefix(READING_PREFIX)
    return next((reading for reading in node.readings if reading.day.isoformat() == day), None)
