"""Scores of a period on a day, in exact fractions: pure, from a workspace and a date."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from okrctl import measures
from okrctl.schema.settings import COMPANY, Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.projection import project
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, PeriodState, Projection, Scorecard, TeamScore
from okrctl.values.period import Period
from okrctl.values.readings import CheckinNote
from okrctl.values.timeseries import KeyResultSeries
from okrctl.workspace import KeyResult, Objective, Workspace

__all__ = [
    "KeyResultScore",
    "ObjectiveScore",
    "Projection",
    "Scorecard",
    "TeamScore",
    "build_scorecard",
    "default_day",
    "is_on_scorecard",
    "score_objective",
    "state_of_period",
]


def default_day(period: Period, today: date, config: Config) -> date:
    """The day that is meant where none is asked for: today, at the latest the period's last closing day."""
    try:
        return min(today, period.end + timedelta(days=config.scoring.closing_days))
    except OverflowError:
        return today


def state_of_period(period: Period, day: date) -> PeriodState:
    """Whether a period lies ahead, runs, or is over on a day."""
    return "ahead" if day < period.start else "over" if day > period.end else "running"


def build_scorecard(
    workspace: Workspace, period: Period, day: date, values: KeyResultValues | None = None
) -> Scorecard:
    """The scorecard of a period on a day. A period that lies ahead has no scores."""
    values = values or KeyResultValues(workspace, day)
    by_team: dict[str, list[ObjectiveScore]] = {}
    for node in workspace.objectives:
        if node.period.id == period.id and is_on_scorecard(node, day):
            by_team.setdefault(node.team, []).append(score_objective(values, node))
    teams = [
        _score_team(name, by_team[name], workspace.config)
        for name in sorted(by_team, key=lambda name: (name != COMPANY, name))
    ]
    score = rollup.weighted_mean((team.score, Fraction(1)) for team in teams if team.score is not None)
    return Scorecard(
        period, state_of_period(period, day), day, score, rollup.band_of(score, workspace.config),
        sum(team.measured_count for team in teams), sum(team.key_result_count for team in teams), teams,
    )  # fmt: skip


def is_on_scorecard(node: Objective, day: date) -> bool:
    """Whether an objective is on the scorecard of its period on a day; what is added later is not."""
    return node.first_day <= max(day, node.period.start)


def _score_team(name: str, objectives: list[ObjectiveScore], config: Config) -> TeamScore:
    counted = [one for one in objectives if one.state == "active" and one.score is not None]
    score = rollup.weighted_mean((one.score, one.weight) for one in counted if one.score is not None)
    active = [one for one in objectives if one.state == "active"]
    return TeamScore(
        name, config.team_name(name), score, rollup.band_of(score, config),
        sum(one.measured_count for one in active), sum(one.key_result_count for one in active), objectives,
    )  # fmt: skip


def score_objective(ledger: KeyResultValues, node: Objective) -> ObjectiveScore:
    """The score of one objective, as it stands on the scorecard of its period."""
    config, day = ledger.workspace.config, ledger.day
    period_state = state_of_period(node.period, day)
    state = _state_on(node.model, day)
    ambition = node.model.ambition or config.defaults.ambition
    results = [
        _score_key_result(ledger, kr, ambition, state)
        for kr in node.key_results
        if kr.first_day <= max(day, kr.period.start)
    ]
    computed = None if period_state == "ahead" else _mean_score(results, config)
    score, by_hand = _apply_override(node.model, computed, day, period_state)
    status, decided_by = _objective_status(results, state, period_state, score, ambition, config)
    asked = [one for one in results if one.state == "active" and not one.guardrail]
    words = [
        one.confidence for one in _checkins(node.model.readings, node.first_day, day) if one.confidence is not None
    ]
    return ObjectiveScore(
        node, ambition, state, _weight_of(node.model), computed, score, by_hand, rollup.band_of(score, config),
        rollup.verdict_of(score, ambition, period_state == "over", config), status, decided_by,
        words[-1] if words else None, sum(one.measured for one in asked), len(asked), results,
        _parent_ref(ledger.workspace, node),
    )  # fmt: skip


def _parent_ref(workspace: Workspace, node: Objective) -> str | None:
    """The full name of what an objective supports, as far as it leads anywhere."""
    said = node.model.parent
    found = workspace.resolve(said, node) if said else None
    return found.ref if found else said


def _mean_score(results: list[KeyResultScore], config: Config) -> Fraction | None:
    parts = []
    for one in results:
        if one.counted and (one.score is not None or config.scoring.missing == "zero"):
            parts.append((one.score if one.score is not None else Fraction(0), one.weight))
    return rollup.weighted_mean(parts)


def _score_key_result(ledger: KeyResultValues, node: KeyResult, above: str, objective_state: str) -> KeyResultScore:
    config, day = ledger.workspace.config, ledger.day
    period_state = state_of_period(node.period, day)
    values = ledger.measurement(node)
    course = values.series
    measure = measures.MEASURES.get(node.measure)
    target = measure.target(node.model, course.start) if measure else None
    error = values.error or _impossible_range(node, course.start, target)
    ahead = period_state == "ahead"
    progress = None if ahead or error or measure is None else measure.progress(node.model, course)
    value = None if ahead or progress is None else course.value
    computed = None if progress is None else rollup.clamp(progress, config)
    score, by_hand = _apply_override(node.model, computed, day, period_state)
    state = _state_on(node.model, day) if objective_state == "active" else objective_state
    ambition = node.model.ambition or above
    own = [one for one in ledger.own_readings(node) if one.day <= day]
    newest = max([one.day for one in own] + ([values.value_date] if values.value_date else []), default=None)
    expectation = None if ahead else pace.expected_progress(node, course, target)
    counted = state == "active" and not node.is_guardrail and not ahead
    return KeyResultScore(
        node=node, series=course, target=target, unit=ledger.workspace.unit(node), value=value,
        value_date=None if value is None else values.value_date, progress=progress, computed=computed, score=score,
        by_hand=by_hand, counted=counted and (score is not None or config.scoring.missing == "zero"),
        weight=_weight_of(node.model), state=state, guardrail=node.is_guardrail,
        broken=None if ahead else pace.is_broken(node, course),
        confidence=next((one.confidence for one in reversed(own) if one.confidence is not None), None),
        forecast=next((one.forecast.number for one in reversed(own) if one.forecast is not None), None),
        due=pace.due_date(node), expected=expectation,
        status=pace.key_result_status(
            node, course, state=state, period_state=period_state, progress=progress, score=score,
            expected=expectation, newest_checkin=newest, ambition=ambition, config=config, has_error=error is not None,
        ),
        projection=_projection(node, course, target, period_state, error, ledger), error=error,
    )  # fmt: skip


def _impossible_range(node: KeyResult, start: Fraction | None, target: Fraction | None) -> str | None:
    if not node.measure:
        return "nothing says how it is judged"
    if target is not None and target == start:
        said = getattr(node.model, "from_", None)
        return f"it starts where it ends, at {said.text if said else 'its first value'}"
    return None


def _projection(
    node: KeyResult,
    course: KeyResultSeries,
    target: Fraction | None,
    period_state: str,
    error: str | None,
    ledger: KeyResultValues,
) -> Projection | None:
    plain = node.measure in ("metric", "change") and getattr(node.model, "rollup", None) is None
    if (
        not ledger.projecting
        or period_state != "running"
        or error
        or not plain
        or ledger.aggregate_of(node) != "latest"
    ):
        return None
    return project(course, target)


def _apply_override(
    model: object, computed: Fraction | None, day: date, period_state: str
) -> tuple[Fraction | None, bool]:
    """The score that counts, and whether a person typed it."""
    typed = getattr(model, "score", None)
    if typed is None or period_state == "ahead" or (typed.date is not None and typed.date > day):
        return computed, False
    return typed.value, True


def _state_on(model: object, day: date) -> str:
    """The state on the day; `deprioritized` and `postponed` act from their `since` on."""
    state: str = getattr(model, "state", "active")
    since: date | None = getattr(model, "since", None)
    return "active" if state in ("deprioritized", "postponed") and since is not None and day < since else state


def _weight_of(model: object) -> Fraction:
    weight: Fraction | None = getattr(model, "weight", None)
    return Fraction(1) if weight is None else weight


def _checkins(readings: object, first: date, day: date) -> list[CheckinNote]:
    if not isinstance(readings, dict):
        return []
    return [readings[key] for key in sorted(readings) if first <= key <= day]


def _objective_status(
    results: list[KeyResultScore], state: str, period_state: str, score: Fraction | None, ambition: str, config: Config
) -> tuple[str | None, str | None]:
    """An objective's status and the key result that decides it: the worst while the period runs, else its own score."""
    if state != "active":
        return None, None
    if period_state == "ahead":
        return "not started", None
    if period_state == "over":
        return pace.closing_status(score, ambition, config), None
    deciding = [one for one in results if one.status is not None and not one.guardrail]
    broken = [one for one in results if one.guardrail and one.broken and one.state == "active"]
    worst = min(deciding, key=lambda one: pace.WORST_FIRST.index(one.status or "achieved"), default=None)
    if broken and (worst is None or worst.status != "at risk"):
        return "at risk", broken[0].node.id
    return (None, None) if worst is None else ("no data" if worst.status == "error" else worst.status, worst.node.id)
