"""The score of a key result."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.schema.settings import Config
from okrctl.scoring import no_data, pace
from okrctl.scoring.no_data import NoData
from okrctl.scoring.progress import apply_override, clamp, state_on, weight_of
from okrctl.scoring.projected_range import WithoutRange
from okrctl.scoring.projection import Projection, project_key_result
from okrctl.scoring.values import Frame, KeyResultValues
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import KeyResultSeries
from okrctl.workspace import DatedReading, KeyResult


@dataclass(slots=True)
class KeyResultScore:
    """One key result on the day; scores and progress are shares (1 is the target), values have the unit `unit`.

    `no_data` says why there is no progress without an error. The projection is worked out when it is first asked for,
    since it takes longer than all the rest.
    """

    node: KeyResult
    series: KeyResultSeries
    target: Fraction | None
    unit: str | None
    value: Fraction | None
    value_date: date | None
    progress: Fraction | None
    computed: Fraction | None
    score: Fraction | None
    by_hand: bool
    counted: bool
    weight: Fraction
    state: str
    guardrail: bool
    broken: bool | None
    confidence: Fraction | None
    forecast: Fraction | None
    due: date
    expected: Fraction | None
    status: str | None
    values: KeyResultValues = field(repr=False, compare=False)
    error: str | None = None
    no_data: NoData | None = None
    precision: Precision = DEFAULT_PRECISION
    _outlook: list[Projection | WithoutRange | None] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    @property
    def status_word(self) -> str:
        """The status for people: of a guardrail, whether it is in bounds."""
        if self.state != "active":
            return self.state
        if not self.guardrail or self.broken is None:
            return self.status or ""
        if self.broken:
            return "broken"
        return "in bounds, stale" if self.status == "stale" else "in bounds"

    def on_other_day(
        self, series: KeyResultSeries, expected: Fraction | None, status: str | None, values: KeyResultValues
    ) -> KeyResultScore:
        """The same score with what depends on the day; spelled out, since `replace` takes several times longer."""
        return KeyResultScore(
            self.node, series, self.target, self.unit, self.value, self.value_date, self.progress, self.computed,
            self.score, self.by_hand, self.counted, self.weight, self.state, self.guardrail, self.broken,
            self.confidence, self.forecast, self.due, expected, status, values, self.error, self.no_data,
            self.precision,
        )  # fmt: skip

    @property
    def measured(self) -> bool:
        """Whether there is a value to score."""
        return self.computed is not None

    @property
    def tally(self) -> tuple[int, int] | None:
        """How many of how many: milestones done, or intervals in bounds for a limit that is to be held."""
        return self.node.measure.tally(self.node.model, self.series)

    @property
    def outlook(self) -> Projection | WithoutRange | None:
        """The projection to the last day of the period, or why there is no range; None for what is not projected."""
        if not self._outlook:
            is_running = pace.state_of_period(self.node.period, self.series.day) == "running"
            is_projected = is_running and self.state == "active" and self.value is not None and not self.error
            target = self.target if is_projected else None
            found = project_key_result(self.values, self.node, self.series, target) if target is not None else None
            self._outlook.append(found)
        return self._outlook[0]

    @property
    def projection(self) -> Projection | None:
        """The projection, where there is one."""
        return self.outlook if isinstance(self.outlook, Projection) else None


@dataclass(slots=True)
class _Course:
    """How a key result goes from day to day: its score changes on the days of its own check-ins alone.

    `checkins` are these days; where they are None, it may change on any. `newest` is a score that rests on the first
    `count` of them.
    """

    frame: Frame
    checkins: list[date] | None
    unit: str | None
    newest: KeyResultScore | None = None
    count: int = -1
    newest_checkin: date | None = None


def score_key_result(
    values: KeyResultValues, node: KeyResult, objective_ambition: str, objective_state: str
) -> KeyResultScore:
    """The score of a key result, from its readings to its status.

    From one check-in to the next only what is expected and the status change, so that most of the score of another day
    in the same values holds.
    """
    course: _Course | None = values.courses.get(id(node))
    if course is None:
        course = values.courses[id(node)] = _find_course(values, node)
    checkins = course.checkins
    if checkins is None or objective_state != "active" or not course.frame.first <= values.day <= course.frame.last:
        return _score_on_day(values, course, node, objective_ambition, objective_state)
    count = bisect_right(checkins, values.day)
    if course.newest is not None and course.count == count:
        return _move_to_day(values, course, course.newest, objective_ambition)
    result = course.newest = _score_on_day(values, course, node, objective_ambition, objective_state)
    course.count = count
    course.newest_checkin = _newest_checkin(node, values.own_readings(node), result.value_date)
    return result


def _find_course(values: KeyResultValues, node: KeyResult) -> _Course:
    frame, checkins = values.frame(node), None
    if _is_steady(node):
        steps = (step.done_day(frame.first) for step in node.measure.steps(node.model))
        checkins = sorted((*frame.days, *(day for day in steps if day is not None)))
    return _Course(frame, checkins, values.workspace.unit(node))


def _is_steady(node: KeyResult) -> bool:
    """Whether its score changes with its own check-ins alone, as long as it has begun and its period runs."""
    model = node.model
    return (
        node.is_measured
        and not (node.measure.has_bounds and model.judge == "held")
        and model.state == "active"
        and model.score is None
        and getattr(model, "kpi", None) is None
        and getattr(model, "rollup", None) is None
    )


def _move_to_day(
    values: KeyResultValues, course: _Course, result: KeyResultScore, objective_ambition: str
) -> KeyResultScore:
    """The score on another day on which the same check-ins count."""
    node, series = result.node, result.series.on_day(values.day)
    expected = node.measure.expected(node.model, series, result.target, course.frame.due)
    status = pace.key_result_status(
        node,
        series,
        state=result.state,
        period_state="running",
        progress=result.progress,
        score=result.score,
        expected=expected,
        newest_checkin=course.newest_checkin,
        ambition=node.model.ambition or objective_ambition,
        config=values.workspace.config,
        has_error=result.error is not None,
    )
    return result.on_other_day(series, expected, status, values)


def _score_on_day(
    values: KeyResultValues, course: _Course, node: KeyResult, objective_ambition: str, objective_state: str
) -> KeyResultScore:
    config, day = values.workspace.config, values.day
    period_state = pace.state_of_period(node.period, day)
    is_ahead = period_state == "ahead"
    series, value_date, error, _, missing = values.measurement(node)
    model, measure, due = node.model, node.measure, course.frame.due
    target = measure.target(model, series.start)
    error = error or _find_error(node, series.start, target)
    progress = None if is_ahead or error else measure.progress(model, series)
    computed = None if progress is None else clamp(progress, config)
    score, by_hand = apply_override(model, computed, day, is_ahead)
    state = state_on(model, day) if objective_state == "active" else objective_state
    readings = values.own_readings(node)
    expected = None if is_ahead else measure.expected(model, series, target, due)
    value = None if progress is None else series.value
    return KeyResultScore(
        node=node,
        series=series,
        target=target,
        unit=course.unit,
        value=value,
        value_date=None if value is None else value_date,
        progress=progress,
        computed=computed,
        score=score,
        by_hand=by_hand,
        counted=not is_ahead and _is_counted(node, state, score, config),
        weight=weight_of(model),
        state=state,
        guardrail=node.is_guardrail,
        broken=None if is_ahead else pace.is_broken(node, series),
        confidence=_newest_confidence(readings),
        forecast=_newest_forecast(readings),
        due=due,
        expected=expected,
        status=pace.key_result_status(
            node,
            series,
            state=state,
            period_state=period_state,
            progress=progress,
            score=score,
            expected=expected,
            newest_checkin=_newest_checkin(node, readings, value_date),
            ambition=model.ambition or objective_ambition,
            config=config,
            has_error=error is not None,
        ),
        values=values,
        error=error,
        no_data=_find_no_data(node, progress, error, values, missing),
        precision=config.precision,
    )


def _find_no_data(
    node: KeyResult, progress: Fraction | None, error: str | None, values: KeyResultValues, missing: NoData | None
) -> NoData | None:
    """Why it has no progress, where that is no error; `missing` says why it has no value."""
    if progress is not None or error is not None:
        return None
    start = values.measurement(node).series.start
    return no_data.find_cause(node, start, values.workspace.kpi_of(node), missing)


def _is_counted(node: KeyResult, state: str, score: Fraction | None, config: Config) -> bool:
    """Whether it enters the mean of its objective, also as 0 for a missing score."""
    is_eligible = state == "active" and not node.is_guardrail
    return is_eligible and (score is not None or config.scoring.missing == "zero")


def _find_error(node: KeyResult, start: Fraction | None, target: Fraction | None) -> str | None:
    if not node.is_measured:
        return "no measure: nothing says how it is judged"
    if target is not None and target == start:
        written = node.measure.written_start(node.model)
        at = f"both are {written.text}" if isinstance(written, Quantity) else "both are its first value"
        return f"start and target are equal: {at}"
    return None


def _newest_confidence(readings: list[DatedReading]) -> Fraction | None:
    return next((reading.confidence for reading in reversed(readings) if reading.confidence is not None), None)


def _newest_forecast(readings: list[DatedReading]) -> Fraction | None:
    return next((reading.forecast.number for reading in reversed(readings) if reading.forecast is not None), None)


def _newest_checkin(node: KeyResult, readings: list[DatedReading], value_date: date | None) -> date | None:
    """The day of the newest word of any kind.

    For what is done by dates that is at least its first day, so that saying nothing looks no better than saying
    something.
    """
    days = [reading.day for reading in readings]
    days += [] if value_date is None else [value_date]
    return max(days, default=None if node.measure.takes_readings else node.first_day)
