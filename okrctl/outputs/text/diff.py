"""Says what changed between two states in the words that every format for people shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from okrctl.history.diff import Change
from okrctl.history.diff.describe import named, said, sentence
from okrctl.history.score_diff import Differences, Moved
from okrctl.outputs.text import scorecard

EASIER = {"relaxed": "easier", "tightened": "harder"}
MOST_READINGS = 3


class Line(NamedTuple):
    """One thing to say of one thing: `effect` is relaxed, tightened, neutral or None."""

    effect: str | None
    text: str


def headline(result: Differences) -> str:
    """How many things became easier or harder; else that nothing did."""
    parts = []
    for effect, word in EASIER.items():
        refs = {one.ref for one in result.effects(effect)}
        if refs:
            parts.append(f"{len(refs)} {'target' if len(refs) == 1 else 'targets'} became {word}")
    if parts:
        return ", ".join(parts)
    return "no target became easier or harder" if result.changes else "nothing changed in meaning"


def grouped(result: Differences) -> list[tuple[str, list[Change]]]:
    """Changes by the thing that they belong to, those that something agreed on was changed in first."""
    groups = [(ref, list(ones)) for ref, ones in groupby(result.changes, lambda one: one.ref)]
    return sorted(groups, key=lambda group: min(map(_rank, group[1])))


def _rank(one: Change) -> int:
    return {"relaxed": 0, "tightened": 1, "neutral": 2}.get(one.effect or "", 3)


def lines(changes: Iterable[Change]) -> Iterator[Line]:
    """A sentence for each change; many readings become one."""
    rest: list[Change] = []
    readings: list[Change] = []
    for one in changes:
        plain = one.field is not None and one.field.startswith("readings.") and one.old is None
        (readings if plain else rest).append(one)
    for one in sorted(rest, key=_rank):
        yield Line(one.effect, _told(one))
    if len(readings) > MOST_READINGS:
        newest = max(readings, key=lambda one: one.field or "")
        yield Line(None, f"{len(readings)} new readings, the newest: {_told(newest)}")
    else:
        yield from (Line(None, _told(one)) for one in readings)


def _told(one: Change) -> str:
    field = one.field or ""
    if field.startswith("readings.") and one.old is None and one.kind == "changed":
        return f"{named(field)}: {said(one.new)}"
    text = sentence(one.kind, one.field, one.old, one.new, None)
    if one.effect in EASIER and one.kind == "changed":
        text += ", recorded under amended" if one.amended else ", not recorded under amended"
    return text


def score_line(one: Moved) -> tuple[str, str, str]:
    """The old score, the new one, and the difference; a dash where there is none."""
    return scorecard.score(one.old), scorecard.score(one.new), "" if one.by is None else scorecard.change(one.by)


def title(changes: list[Change]) -> str:
    """What the thing is called, and where it stands."""
    node = changes[0].after or changes[0].before
    return (node.model.title or "") if node else ""
