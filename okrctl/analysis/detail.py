"""One objective or key result on a day in full, with the curves of its value and of what is expected."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from okrctl import scoring
from okrctl.analysis.hypotheses import HypothesisResult, evaluate_hypotheses
from okrctl.scoring import pace
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.workspace import DatedReading, File, KeyResult, Node, Objective, Workspace

MAX_SAMPLES = 120
Curve = list[tuple[date, Fraction]]


@dataclass(slots=True)
class Detail:
    """An objective on a scorecard of its own; `key_result` where one of its key results is meant.

    `score_period` gives the scorecard of its whole period, in whose columns its key results are shown.
    `actual` is the value of the key result on the day of each reading, `expected` what it should have been, both in its
    unit, or as shares where it has none, `aggregate` is what becomes of several readings: latest, sum or mean;
    `supporters` name this node as their parent; `hypotheses` are the objective's.
    `shorten` gives the shortest reference to a node that a command takes.
    """

    card: Scorecard
    objective: ObjectiveScore
    key_result: KeyResultScore | None
    path: str
    line: int
    score_period: Callable[[], Scorecard]
    actual: Curve = field(default_factory=list)
    expected: Curve = field(default_factory=list)
    bounds: list[Fraction] = field(default_factory=list)
    aggregate: str = "latest"
    readings: list[DatedReading] = field(default_factory=list)
    supporters: list[Objective] = field(default_factory=list)
    hypotheses: list[HypothesisResult] = field(default_factory=list)
    shorten: Callable[[Node], str] = operator.attrgetter("ref")


def build_detail(workspace: Workspace, node: Objective | KeyResult, day: date) -> Detail | None:
    """One node on a day; None where it does not exist yet on it."""
    values = KeyResultValues(workspace, day)
    parent = node if isinstance(node, Objective) else node.objective
    card = scoring.build_scorecard(workspace, node.period, day, values, parent)
    if not card.objectives:
        return None
    objective = card.objectives[0]
    line = node.file.document.span_at(node.route).line
    score_period = partial(scoring.build_scorecard, workspace, node.period, day, values)
    supporters = list(_find_supporters(workspace, node))
    detail = Detail(card, objective, None, node.file.path, line, score_period, supporters=supporters)
    if isinstance(node, Objective):
        detail.hypotheses = evaluate_hypotheses(workspace, card).hypotheses
        return detail
    key_result = next((scored for scored in objective.key_results if scored.node is node), None)
    if key_result is None:
        return None
    _add_key_result(detail, key_result, values)
    return detail


def _add_key_result(detail: Detail, scored: KeyResultScore, values: KeyResultValues) -> None:
    node = scored.node
    detail.key_result = scored
    detail.aggregate = values.aggregate_of(node)
    detail.actual = list(actual_curve(scored, detail.aggregate))
    detail.expected = list(expected_curve(scored))
    detail.bounds = [bound for bound in node.measure.bounds(node.model) if bound is not None]
    detail.readings = [reading for reading in node.readings if reading.day <= values.day]


def _find_supporters(workspace: Workspace, node: Objective | KeyResult) -> Iterator[Objective]:
    parent = node if isinstance(node, Objective) else node.objective
    files = [file for file in workspace.files if file.kind == "okr" and _may_name_parent(file, parent.id)]
    children = (objective for file in files for objective in file.nodes if isinstance(objective, Objective))
    return (child for child in children if child.model.parent and workspace.resolve(child.model.parent, child) is node)


def _may_name_parent(file: File, id: str) -> bool:
    """Whether a file may name an objective of this id as a parent: by its text, since models take longer to make.

    Only in double quotes with a backslash could YAML write the key or the id in other words.
    """
    text = file.document.text
    return ("parent" in text and id in text) or "\\" in text


def actual_curve(scored: KeyResultScore, aggregate: str) -> Iterator[tuple[date, Fraction]]:
    """The value of a key result on the day of each reading."""
    if scored.node.measure.records == "steps":
        yield from _step_curve(scored)
        return
    total = Fraction(0)
    for number, point in enumerate(scored.series.points, 1):
        total += point.value
        yield point.day, {"sum": total, "mean": total / number}.get(aggregate, point.value)


def _step_curve(scored: KeyResultScore) -> Iterator[tuple[date, Fraction]]:
    """The share of the weight done on the day of each step."""
    steps = scored.node.measure.steps(scored.node.model)
    total = sum((step.weight for step in steps), Fraction(0))
    dated = ((step.done_day(scored.series.first), step.weight) for step in steps)
    done = Fraction(0)
    for day, weight in sorted((day, weight) for day, weight in dated if day and day <= scored.series.day):
        done += weight / total
        yield day, done


def has_expected_curve(scored: KeyResultScore) -> bool:
    """Whether what is expected of it rises over time; done or not and bounds make no curve."""
    return not scored.node.measure.has_bounds and scored.node.measure.records != "date"


def expected_curve(scored: KeyResultScore) -> Iterator[tuple[date, Fraction]]:
    """What is expected on days from the first to the last; nothing where nothing is expected."""
    first, length = scored.series.first, (scored.series.last - scored.series.first).days
    samples = min(length, MAX_SAMPLES)
    if not has_expected_curve(scored) or samples < 1:
        return
    for number in range(samples + 1):
        day = first + timedelta(days=length * number // samples)
        value = expected_value(scored, day)
        if value is None:
            return
        yield day, value


def expected_value(scored: KeyResultScore, day: date) -> Fraction | None:
    """What is expected on a day, in the unit of the key result, or as a share where it has no target."""
    start, target = scored.series.start, scored.target
    share = pace.expected_progress(scored.node, replace(scored.series, day=day), target)
    return share if share is None or target is None or start is None else start + share * (target - start)
