"""Everything there is to say of one objective or key result on a day, its course and the expected way included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from okrctl import scoring
from okrctl.measures import done, limit
from okrctl.scoring import pace
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.workspace import DatedReading, KeyResult, Objective, Workspace

MAX_SAMPLES = 120
Curve = list[tuple[date, Fraction]]


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
    actual: Curve = field(default_factory=list)
    expected: Curve = field(default_factory=list)
    bounds: list[Fraction] = field(default_factory=list)
    readings: list[DatedReading] = field(default_factory=list)
    supporters: list[Objective] = field(default_factory=list)


def build_detail(workspace: Workspace, node: Objective | KeyResult, day: date) -> Detail | None:
    """One thing on a day; None where it does not exist yet on it."""
    ledger = KeyResultValues(workspace, day)
    card = scoring.build_scorecard(workspace, node.period, day, ledger)
    above = node if isinstance(node, Objective) else node.objective
    objective = next((one for one in card.objectives if one.node is above), None)
    place = node.file.document.span_at(node.route)
    if objective is None:
        return None
    found = Detail(
        card, objective, None, node.file.path, place.line, supporters=list(_find_supporters(workspace, node))
    )
    if isinstance(node, Objective):
        return found
    one = next((inner for inner in objective.key_results if inner.node is node), None)
    if one is None:
        return None
    found.key_result = one
    found.actual, found.expected = list(actual_curve(one, ledger.aggregate_of(node))), list(expected_curve(one))
    found.bounds = (
        [bound for bound in limit.bounds_of(node.model) if bound is not None] if node.measure == "limit" else []
    )
    found.readings = [reading for reading in node.readings if reading.day <= day]
    return found


def _find_supporters(workspace: Workspace, node: Objective | KeyResult) -> Iterator[Objective]:
    children = (one for one in workspace.objectives if one.model.parent)
    return (one for one in children if workspace.resolve(one.model.parent or "", one) is node)


def actual_curve(one: KeyResultScore, aggregate: str) -> Iterator[tuple[date, Fraction]]:
    """What a key result amounted to on the day of each reading."""
    if one.node.measure == "milestones":
        yield from _milestone_curve(one)
        return
    total = Fraction(0)
    for number, point in enumerate(one.series.points, 1):
        total += point.value
        yield point.day, {"sum": total, "mean": total / number}.get(aggregate, point.value)


def _milestone_curve(one: KeyResultScore) -> Iterator[tuple[date, Fraction]]:
    steps = one.node.model.milestones or []
    whole = sum((step.weight for step in steps), Fraction(0))
    dated = [(done.done_day(step.done, one.series.first), step.weight) for step in steps]
    gone = Fraction(0)
    for day, weight in sorted((day, weight) for day, weight in dated if day and day <= one.series.day):
        gone += weight / whole
        yield day, gone


def expected_curve(one: KeyResultScore) -> Iterator[tuple[date, Fraction]]:
    """What is expected on days from the first to the last; nothing where nothing is."""
    first, length = one.series.first, (one.series.last - one.series.first).days
    stops = min(length, MAX_SAMPLES)
    if one.node.measure in ("done", "limit") or stops < 1:
        return
    for number in range(stops + 1):
        day = first + timedelta(days=length * number // stops)
        share = pace.expected_progress(one.node, replace(one.series, day=day), one.target)
        if share is None:
            return
        if one.target is None or one.series.start is None:
            yield day, share
        else:
            yield day, one.series.start + share * (one.target - one.series.start)
