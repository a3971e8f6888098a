"""Everything there is to say of one objective or key result on a day, its course and the expected way included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from okrctl import scoring
from okrctl.measures import done, limit
from okrctl.scoring import pace
from okrctl.scoring.progress import Ledger
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.workspace import Dated, KeyResult, Objective, Workspace

MOST_STOPS = 120
Line = list[tuple[date, Fraction]]


@dataclass(slots=True)
class Detail:
    """An objective with its scorecard's period; `key_result` where one of its key results is meant.

    `course` is what the key result amounted to on the day of each reading, `expected` what it should have, both in its
    unit, or as shares where it has none; `supporters` name this one as their parent.
    """

    card: Scorecard
    objective: ObjectiveScore
    key_result: KeyResultScore | None
    path: str
    line: int
    course: Line = field(default_factory=list)
    expected: Line = field(default_factory=list)
    bounds: list[Fraction] = field(default_factory=list)
    readings: list[Dated] = field(default_factory=list)
    supporters: list[Objective] = field(default_factory=list)


def detail(workspace: Workspace, node: Objective | KeyResult, day: date) -> Detail | None:
    """One thing on a day; None where it does not exist yet on it."""
    ledger = Ledger(workspace, day)
    card = scoring.scorecard(workspace, node.period, day, ledger)
    above = node if isinstance(node, Objective) else node.objective
    objective = next((one for one in card.objectives if one.node is above), None)
    place = node.file.document.at(node.route)
    if objective is None:
        return None
    found = Detail(card, objective, None, node.file.path, place.line, supporters=list(_supporters(workspace, node)))
    if isinstance(node, Objective):
        return found
    one = next((inner for inner in objective.key_results if inner.node is node), None)
    if one is None:
        return None
    found.key_result = one
    found.course, found.expected = list(course(one, ledger.aggregate(node))), list(expected(one))
    found.bounds = [bound for bound in limit.bounds(node.model) if bound is not None] if node.measure == "limit" else []
    found.readings = [reading for reading in node.readings if reading.day <= day]
    return found


def _supporters(workspace: Workspace, node: Objective | KeyResult) -> Iterator[Objective]:
    children = (one for one in workspace.objectives if one.model.parent)
    return (one for one in children if workspace.resolve(one.model.parent or "", one) is node)


def course(one: KeyResultScore, aggregate: str) -> Iterator[tuple[date, Fraction]]:
    """What a key result amounted to on the day of each reading."""
    if one.node.measure == "milestones":
        yield from _reached(one)
        return
    total = Fraction(0)
    for number, point in enumerate(one.course.points, 1):
        total += point.value
        yield point.day, {"sum": total, "mean": total / number}.get(aggregate, point.value)


def _reached(one: KeyResultScore) -> Iterator[tuple[date, Fraction]]:
    steps = one.node.model.milestones or []
    whole = sum((step.weight for step in steps), Fraction(0))
    dated = [(done.on(step.done, one.course.first), step.weight) for step in steps]
    gone = Fraction(0)
    for day, weight in sorted((day, weight) for day, weight in dated if day and day <= one.course.day):
        gone += weight / whole
        yield day, gone


def expected(one: KeyResultScore) -> Iterator[tuple[date, Fraction]]:
    """What is expected on days from the first to the last; nothing where nothing is."""
    first, length = one.course.first, (one.course.last - one.course.first).days
    stops = min(length, MOST_STOPS)
    if one.node.measure in ("done", "limit") or stops < 1:
        return
    for number in range(stops + 1):
        day = first + timedelta(days=length * number // stops)
        share = pace.expected(one.node, replace(one.course, day=day), one.target)
        if share is None:
            return
        if one.target is None or one.course.start is None:
            yield day, share
        else:
            yield day, one.course.start + share * (one.target - one.course.start)
