"""Picks out of a comparison what the rules on changes look for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from okrctl.check.finding import Finding
from okrctl.history.diff.change import Change, Comparison, Node
from okrctl.history.diff.describe import format_field, format_value
from okrctl.measures.measure import Effect
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective

READING_PREFIX = "readings."


def unrecorded_changes(subject: Comparison, effect: Effect, word: str) -> Iterator[Finding]:
    """Agreed things that changed with this effect and without a record: one finding for each, at the first place."""
    moved = [
        one
        for one in subject.changes
        if one.effect == effect
        and one.kind == "changed"
        and not one.amended
        and not _is_given_up(one)
        and isinstance(one.after, Objective | KeyResult)
        and subject.is_agreed(one.after.period)
    ]
    for ref, ones in groupby(moved, lambda one: one.ref):
        changes = list(ones)
        first = changes[0]
        told = ", ".join(_describe_change(one) for one in changes)
        help = _help_text(first)
        yield Finding(first.route, f"{told}: {word} than agreed, and not recorded", help, ref=ref, file=first.file)


def _describe_change(one: Change) -> str:
    if one.new is None or one.old is None:
        event = "is gone" if one.new is None else "is new"
        return f"{format_field(one.field or '')} '{format_value(one.old or one.new)}' {event}"
    return f"'{one.field}' was {format_value(one.old)}, is {format_value(one.new)}"


def _help_text(one: Change) -> str:
    field = (one.field or "").partition(".")[0]
    if isinstance(one.after, Objective):
        return "take it back, or record it under `amended` of a key result"
    return f"take it back, or record it under `amended` with `was: {{{field}: {format_value(one.old)}}}`"


def _is_given_up(one: Change) -> bool:
    """Whether it left the score in the open: deprioritized or postponed, which asks for the day and the reason."""
    node = one.after
    return (
        one.field == "state"
        and node is not None
        and not isinstance(node, Kpi)
        and node.model.state in ("deprioritized", "postponed")
        and bool(node.model.reason)
    )


def changed_reading(change: Change, node: Node | None) -> DatedReading | None:
    """The reading that a change of a value speaks of, in one of its two states; None for any other change."""
    field = change.field or ""
    if (
        not field.startswith(READING_PREFIX)
        or "." in field[len(READING_PREFIX) :]
        or node is None
        or isinstance(node, Objective)
    ):
        return None
    return next((one for one in node.readings if one.day.isoformat() == field[len(READING_PREFIX) :]), None)
