"""Says what changed between two states in the words that every format for people shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from okrctl.history.diff import Change
from okrctl.history.diff.describe import describe_change, format_field, format_value
from okrctl.history.score_diff import ScoreChange, WorkspaceDiff
from okrctl.outputs.text import scorecard

EFFECT_WORDS = {"relaxed": "easier", "tightened": "harder"}
MAX_READINGS = 3


class ChangeLine(NamedTuple):
    """One thing to say of one thing: `effect` is relaxed, tightened, neutral or None."""

    effect: str | None
    text: str


def headline(result: WorkspaceDiff) -> str:
    """How many things became easier or harder; else that nothing did."""
    parts = []
    for effect, word in EFFECT_WORDS.items():
        refs = {one.ref for one in result.changes_with_effect(effect)}
        if refs:
            parts.append(f"{len(refs)} {'target' if len(refs) == 1 else 'targets'} became {word}")
    if parts:
        return ", ".join(parts)
    return "no target became easier or harder" if result.changes else "nothing changed in meaning"


def group_by_goal(result: WorkspaceDiff) -> list[tuple[str, list[Change]]]:
    """Changes by the thing that they belong to, those that something agreed on was changed in first."""
    groups = [(ref, list(ones)) for ref, ones in groupby(result.changes, lambda one: one.ref)]
    return sorted(groups, key=lambda group: min(map(_rank, group[1])))


def _rank(one: Change) -> int:
    return {"relaxed": 0, "tightened": 1, "neutral": 2}.get(one.effect or "", 3)


def change_lines(changes: Iterable[Change]) -> Iterator[ChangeLine]:
    """A sentence for each change; many readings become one."""
    rest: list[Change] = []
    readings: list[Change] = []
    for one in changes:
        plain = one.field is not None and one.field.startswith("readings.") and one.old is None
        (readings if plain else rest).append(one)
    for one in sorted(rest, key=_rank):
        yield ChangeLine(one.effect, _sentence(one))
    if len(readings) > MAX_READINGS:
        newest = max(readings, key=lambda one: one.field or "")
        yield ChangeLine(None, f"{len(readings)} new readings, the newest: {_sentence(newest)}")
    else:
        yield from (ChangeLine(None, _sentence(one)) for one in readings)


def _sentence(one: Change) -> str:
    field = one.field or ""
    if field.startswith("readings.") and one.old is None and one.kind == "changed":
        return f"{format_field(field)}: {format_value(one.new)}"
    text = describe_change(one.kind, one.field, one.old, one.new, None)
    if one.effect in EFFECT_WORDS and one.kind == "changed":
        text += ", recorded under amended" if one.amended else ", not recorded under amended"
    return text


def score_columns(one: ScoreChange) -> tuple[str, str, str]:
    """The old score, the new one, and the difference; a dash where there is none."""
    return (
        scorecard.score(one.old),
        scorecard.score(one.new),
        "" if one.difference is None else scorecard.score_change(one.difference),
    )


def goal_title(changes: list[Change]) -> str:
    """What the thing is called, and where it stands."""
    node = changes[0].after or changes[0].before
    return (node.model.title or "") if node else ""
