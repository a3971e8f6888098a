"""The arithmetic of a score with the numbers filled in, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from okrctl import scoring
from okrctl.analysis import arithmetic
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.measures.measure import formula_number, formula_sum
from okrctl.schema.settings import BAND_BORDERS_OF_TENTHS, Config
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.values.diagnostic import Route
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective, Workspace
from okrctl.workspace.nodes import day_route

CLOSING_STATUSES = ("achieved", "succeeded", "missed")
MAX_TERMS = 12  # of a sum of readings that is written out
VALUE_SOURCES = {
    "latest": "the newest reading",
    "sum": "the sum",
    "mean": "the mean",
    "min": "the smallest",
    "max": "the largest",
}


@dataclass(frozen=True, slots=True)
class Input:
    """A number of the formula, or a date behind one, and where it is written; `path` is None where it is a default."""

    name: str
    value: Fraction | date
    path: str | None = None
    line: int | None = None
    commit: str | None = None


@dataclass(slots=True)
class Explanation:
    """The score of one node on a day: the formula that gives it exactly, its inputs, and the steps in words."""

    ref: str
    title: str
    as_of: date
    score: Fraction | None
    formula: str = ""
    inputs: list[Input] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    precision: Precision = DEFAULT_PRECISION

    @property
    def equation(self) -> str:
        """The formula and what it gives; empty without a formula, or where it is the score itself."""
        if not self.formula or (self.score is not None and self.formula == formula_number(self.score)):
            return ""
        return f"{self.formula} {self.precision.equation(self.score)}"


def input_places(explanation: Explanation) -> list[tuple[str, int]]:
    """Where the inputs are written, as path and line."""
    inputs = explanation.inputs
    return [(number.path, number.line) for number in inputs if number.path is not None and number.line is not None]


def with_commits(explanation: Explanation, commits: Mapping[tuple[str, int], str]) -> Explanation:
    """The same explanation, whose inputs say which commits their places come from."""
    inputs = [
        replace(number, commit=commits.get((number.path or "", number.line or 0))) for number in explanation.inputs
    ]
    return replace(explanation, inputs=inputs)


def explain_score(workspace: Workspace, node: Objective | KeyResult, day: date) -> Explanation:
    """The arithmetic of the score of an objective or a key result on a day."""
    values = KeyResultValues(workspace, day)
    parent = node if isinstance(node, Objective) else node.objective
    card = scoring.build_scorecard(workspace, node.period, day, values, parent)
    explanation = Explanation(node.ref, node.model.title or node.id, day, None, precision=card.precision)
    if not card.objectives or card.state == "ahead":
        explanation.steps.append(f"nothing to score: it begins on {max(node.first_day, card.period.start)}")
        return explanation
    objective = card.objectives[0]
    if isinstance(node, Objective):
        _explain_objective(explanation, objective, card, values)
        explanation.steps += arithmetic.verdict_steps(evaluate_hypotheses(workspace, card))
        return explanation
    key_result = next((scored for scored in objective.key_results if scored.node is node), None)
    if key_result is None:
        explanation.steps.append(f"nothing to score: it begins on {node.first_day}")
    else:
        _explain_key_result(explanation, key_result, values)
        guarded = _guardrail_steps(key_result)
        explanation.steps += guarded or _status_steps(key_result, objective.ambition, workspace.config)
        explanation.steps += arithmetic.range_steps(key_result)
    return explanation


def _explain_objective(
    explanation: Explanation, objective: ObjectiveScore, card: Scorecard, values: KeyResultValues
) -> None:
    explanation.score = objective.score
    counted = [scored for scored in objective.key_results if scored.counted]
    for scored in counted:
        _explain_share(explanation, scored, card, values)
    omitted = [scored.node.id for scored in objective.key_results if not scored.counted]
    explanation.steps += [f"not in the mean: {', '.join(omitted)}"] if omitted else []
    explanation.formula = _mean_formula([(_score_formula(scored, values), scored.weight) for scored in counted])
    if objective.by_hand:
        _explain_manual_score(explanation, objective, objective.node)
    elif counted:
        equation = objective.precision.equation(objective.score)
        explanation.steps.append(f"score: the weighted mean {equation}")
    explanation.steps += _objective_status_steps(objective, card, values.workspace.config)


def _objective_status_steps(objective: ObjectiveScore, card: Scorecard, config: Config) -> Iterator[str]:
    if objective.status and card.state == "over":
        yield from _closing_steps(objective, objective.ambition, config)
    elif objective.status:
        decided = f", because of {objective.decided_by}" if objective.decided_by else ""
        yield f"status: {objective.status}{decided}"


def _explain_share(explanation: Explanation, scored: KeyResultScore, card: Scorecard, values: KeyResultValues) -> None:
    """Add a key result to the explanation of its objective."""
    inner = Explanation(scored.node.ref, "", card.as_of, None)
    _explain_key_result(inner, scored, values)
    id = scored.node.id
    explanation.inputs += [Input(f"{id}: {part.name}", part.value, part.path, part.line) for part in inner.inputs]
    weight = "" if scored.weight == 1 else f", weight {formula_number(scored.weight)}"
    arithmetic = f"{inner.formula} {scored.precision.equation(scored.score)}" if inner.formula else "0: no data"
    explanation.steps.append(f"{id}: {arithmetic}{weight}")
    if scored.weight != 1:
        explanation.inputs.append(_file_input(scored.node, ("weight",), f"{id}: weight", scored.weight))


def _explain_key_result(explanation: Explanation, scored: KeyResultScore, values: KeyResultValues) -> None:
    explanation.score = scored.score
    explanation.inputs = list(_score_inputs(scored, values))
    explanation.steps = list(_key_result_steps(scored, values))
    explanation.formula = _score_formula(scored, values) if scored.score is not None else ""
    if scored.by_hand:
        _explain_manual_score(explanation, scored, scored.node)


def _explain_manual_score(
    explanation: Explanation, scored: KeyResultScore | ObjectiveScore, node: Objective | KeyResult
) -> None:
    typed = node.model.score
    assert scored.score is not None and typed is not None
    reason = f": {typed.reason}" if typed.reason else ""
    explanation.formula = formula_number(scored.score)
    explanation.inputs.append(_file_input(node, ("score", "value"), "score", scored.score))
    score, computed = map(scored.precision.exact_score, (scored.score, scored.computed))
    explanation.steps.append(f"by hand: {typed.by} set {score} instead of {computed}{reason}")


# Steps in words


def _key_result_steps(scored: KeyResultScore, values: KeyResultValues) -> Iterator[str]:
    config = values.workspace.config
    if scored.error:
        yield f"error: {scored.error}"
    elif scored.progress is None:
        yield f"no data: {scored.no_data.text}" if scored.no_data else "no data"
    else:
        yield from _progress_steps(scored, values)
    if scored.computed is None and scored.score is None and scored.state == "active" and not scored.guardrail:
        effect = "it counts as 0 in the mean" if scored.counted else "it is left out of the mean"
        yield f"{effect} (`missing: {config.scoring.missing}`)"
    if scored.guardrail:
        yield "a guardrail: not in the mean"


def _progress_steps(scored: KeyResultScore, values: KeyResultValues) -> Iterator[str]:
    """How the progress follows from the value, and the score from the progress."""
    scoring_settings = values.workspace.config.scoring
    yield from scored.node.measure.explain(scored.node.model, scored, _value_source(scored, values))
    if scored.computed != scored.progress:
        bounds = (scoring_settings.floor, scoring_settings.cap)
        limits = " and ".join(formula_number(bound) for bound in bounds if bound is not None)
        progress, score = map(scored.precision.exact_score, (scored.progress, scored.computed))
        yield f"score: the progress of {progress} limited to {limits} is {score}"


def _value_source(scored: KeyResultScore, values: KeyResultValues) -> str:
    rollup = getattr(scored.node.model, "rollup", None)
    return VALUE_SOURCES[rollup.method if rollup else values.aggregate_of(scored.node)]


def _closing_steps(scored: KeyResultScore | ObjectiveScore, ambition: str, config: Config) -> Iterator[str]:
    """The status of what is over, and of an objective its band, each with the border that decides it."""
    if scored.score is None or scored.status == "no data":
        yield f"status: {scored.status}"
        return
    score = scored.precision.exact_score(scored.score)
    limit = Fraction(1) if ambition == "committed" or scored.status == "achieved" else config.scoring.success
    yield f"status: {score} {_beside(scored.score, limit)}: {scored.status}"
    if isinstance(scored, ObjectiveScore) and scored.band:
        low, high = BAND_BORDERS_OF_TENTHS if isinstance(config.bands, str) else config.bands
        limit = low if scored.band == "red" else high
        between = "" if scored.band != "yellow" else f"{_beside(scored.score, low)} and "
        yield f"band: {score} {between}{_beside(scored.score, limit)}: {scored.band}"


def _beside(score: Fraction, border: Fraction) -> str:
    return f"is {'at least' if score >= border else 'below'} {formula_number(border)}"


def _guardrail_steps(scored: KeyResultScore) -> list[str]:
    """Whether a guardrail is in bounds, and what follows from it; empty for all else."""
    if not scored.guardrail or scored.broken is None or scored.state != "active":
        return []
    is_felt = scored.broken and scored.series.day <= scored.series.last
    return [f"status: {scored.status_word}{', which puts the objective at risk' if is_felt else ''}"]


def _status_steps(scored: KeyResultScore, ambition: str, config: Config) -> Iterator[str]:
    if scored.expected is not None and scored.node.measure.records != "date":
        expected = scored.precision.exact_score(scored.expected)
        yield f"expected on {scored.series.day}: {expected}, {_expected_source(scored)}"
    is_over = scored.series.day > scored.series.last
    if scored.status is None:
        yield f"no status: {scored.state}"
    elif is_over and scored.status in CLOSING_STATUSES:
        yield from _closing_steps(scored, scored.node.model.ambition or ambition, config)
    elif scored.status in ("at risk", "behind") and scored.expected is not None and scored.progress is not None:
        points = scored.precision.points(scored.expected - scored.progress)
        bound = config.pace.at_risk if scored.status == "at risk" else config.pace.behind
        yield f"status: {scored.status}, {points} points below the expectation (more than {formula_number(bound)})"
    else:
        yield f"status: {scored.status}"


def _expected_source(scored: KeyResultScore) -> str:
    """What the expectation follows from: a straight line, a plan, or the days of milestones."""
    line = f"from {scored.series.first} to {scored.due}"
    days = [step.due for step in scored.node.measure.steps(scored.node.model)]
    dated = [day for day in days if day is not None]
    if not dated:
        return "along its plan" if getattr(scored.node.model, "plan", None) else line
    past = sum(1 for day in dated if day < scored.series.day)
    rest = f", the others without one {line}" if len(dated) < len(days) else ""
    return f"{past} of {len(days)} milestones past their due day{rest}"


# Formulas


def _score_formula(scored: KeyResultScore, values: KeyResultValues) -> str:
    """The arithmetic of a key result's score; 0 where it counts as 0 without a value."""
    if scored.by_hand and scored.score is not None:
        return formula_number(scored.score)
    if scored.progress is None or scored.computed is None:
        return "0" if scored.counted else ""
    progress = scored.node.measure.formula(scored.node.model, scored, _value_formula(scored, values))
    if scored.computed < scored.progress:
        return f"min({formula_number(scored.computed)}, {progress})"
    return f"max({formula_number(scored.computed)}, {progress})" if scored.computed > scored.progress else progress


def _mean_formula(parts: Sequence[tuple[str, Fraction]]) -> str:
    if not parts:
        return ""
    if all(weight == 1 for _, weight in parts):
        total = " + ".join(formula for formula, _ in parts)
        return f"({total}) / {len(parts)}" if len(parts) > 1 else total
    total = " + ".join(f"{formula_number(weight)} * {formula}" for formula, weight in parts)
    return f"({total}) / ({' + '.join(formula_number(weight) for _, weight in parts)})"


def _value_formula(scored: KeyResultScore, values: KeyResultValues) -> str:
    """The value as the readings or other key results give it; the number alone where these are too many."""
    assert scored.value is not None
    rollup = getattr(scored.node.model, "rollup", None)
    if rollup is not None:
        numbers, method = [number for _, number in _rollup_members(scored, values)], rollup.method
    else:
        numbers, method = [point.value for point in scored.series.points], values.aggregate_of(scored.node)
    if method in ("min", "max") and len(numbers) > 1:
        return f"{method}({', '.join(formula_number(number) for number in numbers)})"
    if method not in ("sum", "mean") or not 1 < len(numbers) <= MAX_TERMS:
        return formula_number(scored.value)
    return formula_sum(numbers) if method == "sum" else f"({formula_sum(numbers)} / {len(numbers)})"


# Inputs


def _score_inputs(scored: KeyResultScore, values: KeyResultValues) -> Iterator[Input]:
    node = scored.node
    if node.measure.takes_readings:
        yield from _reading_inputs(scored, values)
    if node.measure.has_range and scored.series.start is not None:
        yield _start_input(scored, scored.series.start, values)
    for number in node.measure.inputs(node.model, scored):
        yield _file_input(node, number.route, number.name, number.value)


def _start_input(scored: KeyResultScore, start: Fraction, values: KeyResultValues) -> Input:
    node = scored.node
    if isinstance(node.measure.written_start(node.model), Quantity):
        return _file_input(node, (node.measure.start_key,), "from", start)
    kpi = values.workspace.kpi_of(node)
    reading = _newest_reading(kpi.readings, node.first_day) if kpi and kpi.aggregate != "sum" else None
    if kpi and reading:
        return Input("from", start, *reading_place(kpi, reading))
    return Input("from", start)


def _newest_reading(readings: Sequence[DatedReading], day: date) -> DatedReading | None:
    return next((reading for reading in reversed(readings) if reading.day <= day and reading.value is not None), None)


def _reading_inputs(scored: KeyResultScore, values: KeyResultValues) -> Iterator[Input]:
    """The readings that the value is made of, or the members of a rollup."""
    if getattr(scored.node.model, "rollup", None) is not None:
        for member, value in _rollup_members(scored, values):
            reading = _newest_reading(member.readings, scored.series.day)
            place = reading_place(member, reading) if reading else _node_place(member, ("readings",))
            yield Input(member.ref.partition("/")[2], value, *place)
        return
    kpi = values.workspace.kpi_of(scored.node)
    source: KeyResult | Kpi = kpi or scored.node
    by_day = {reading.day: reading for reading in source.readings if reading.value is not None}
    has_several = values.aggregate_of(scored.node) != "latest" or scored.tally is not None
    for point in scored.series.points if has_several else scored.series.points[-1:]:
        reading = by_day.get(point.reading_day)
        route = (*source.route, "formula")
        document = source.file.document
        place = reading_place(source, reading) if reading else (source.file.path, document.span_at(route).line)
        yield Input(f"value of {point.reading_day}" if has_several else "value", point.value, *place)


def _rollup_members(scored: KeyResultScore, values: KeyResultValues) -> list[tuple[KeyResult, Fraction]]:
    """The members of a rollup that have a value and do not lie ahead."""
    members = (values.workspace.resolve(text, scored.node.objective) for text in scored.node.model.rollup.members)
    nodes = [member for member in members if isinstance(member, KeyResult)]
    measured = [(node, values.measurement(node)) for node in nodes]
    return [
        (node, member.series.value)
        for node, member in measured
        if member.series.value is not None and not member.is_ahead
    ]


def reading_place(node: KeyResult | Kpi, reading: DatedReading) -> tuple[str, int]:
    """The file and the line in which a reading is written."""
    if reading.line is not None and node.csv is not None:
        return node.csv.path, reading.line
    route = day_route(node.file.document, (*node.route, "readings"), reading.day)
    return node.file.path, node.file.document.key_span(route).line


def _node_place(node: Objective | KeyResult, route: Route) -> tuple[str, int]:
    return node.file.path, node.file.document.span_at((*node.route, *route)).line


def _file_input(node: Objective | KeyResult, route: Route, name: str, value: Fraction | date) -> Input:
    """A number with its place; without one where the file leaves it out."""
    full = (*node.route, *route)
    document = node.file.document
    if document.node(full) is None and (document.node(full[:-1]) is None or route[-1] == "weight"):
        return Input(name, value)
    return Input(name, value, *_node_place(node, route))
