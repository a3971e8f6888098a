"""Scores of a period on a day, in exact fractions: pure, from a workspace and a date."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from okrctl import measures
from okrctl.schema.settings import COMPANY, Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.progress import Ledger
from okrctl.scoring.projection import project
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, PeriodState, Projection, Scorecard, TeamScore
from okrctl.values.period import Period
from okrctl.values.readings import Word
from okrctl.values.timeseries import Course
from okrctl.workspace import KeyResult, Objective, Workspace

__all__ = [
    "KeyResultScore",
    "ObjectiveScore",
    "Projection",
    "Scorecard",
    "TeamScore",
    "day_asked",
    "has_joined",
    "objective",
    "scorecard",
    "state_on",
]


def day_asked(period: Period, today: date, config: Config) -> date:
    """The day that is meant where none is asked for: today, at the latest the period's last closing day."""
    try:
        return min(today, period.end + timedelta(days=config.scoring.closing_days))
    except OverflowError:
        return today


def state_on(period: Period, day: date) -> PeriodState:
    """Whether a period lies ahead, runs, or is over on a day."""
    return "ahead" if day < period.start else "over" if day > period.end else "running"


def scorecard(workspace: Workspace, period: Period, day: date, ledger: Ledger | None = None) -> Scorecard:
    """The scorecard of a period on a day. A period that lies ahead has no scores."""
    ledger = ledger or Ledger(workspace, day)
    by_team: dict[str, list[ObjectiveScore]] = {}
    for node in workspace.objectives:
        if node.period.id == period.id and has_joined(node, day):
            by_team.setdefault(node.team, []).append(objective(ledger, node))
    teams = [
        _team(name, by_team[name], workspace.config)
        for name in sorted(by_team, key=lambda name: (name != COMPANY, name))
    ]
    score = rollup.mean((team.score, Fraction(1)) for team in teams if team.score is not None)
    return Scorecard(
        period, state_on(period, day), day, score, rollup.band(score, workspace.config),
        sum(team.measured for team in teams), sum(team.key_results for team in teams), teams,
    )  # fmt: skip


def has_joined(node: Objective, day: date) -> bool:
    """Whether an objective is on the scorecard of its period on a day; what is added later is not."""
    return node.first <= max(day, node.period.start)


def _team(name: str, objectives: list[ObjectiveScore], config: Config) -> TeamScore:
    counted = [one for one in objectives if one.state == "active" and one.score is not None]
    score = rollup.mean((one.score, one.weight) for one in counted if one.score is not None)
    active = [one for one in objectives if one.state == "active"]
    return TeamScore(
        name, config.team_name(name), score, rollup.band(score, config),
        sum(one.measured for one in active), sum(one.asked for one in active), objectives,
    )  # fmt: skip


def objective(ledger: Ledger, node: Objective) -> ObjectiveScore:
    """The score of one objective, as it stands on the scorecard of its period."""
    config, day = ledger.workspace.config, ledger.day
    period_state = state_on(node.period, day)
    state = _state(node.model, day)
    ambition = node.model.ambition or config.defaults.ambition
    results = [
        _key_result(ledger, kr, ambition, state) for kr in node.key_results if kr.first <= max(day, kr.period.start)
    ]
    computed = None if period_state == "ahead" else _mean_of(results, config)
    score, by_hand = _overridden(node.model, computed, day, period_state)
    status, decided_by = _status(results, state, period_state, score, ambition, config)
    asked = [one for one in results if one.state == "active" and not one.guardrail]
    words = [one.confidence for one in _words(node.model.readings, node.first, day) if one.confidence is not None]
    return ObjectiveScore(
        node, ambition, state, _weight(node.model), computed, score, by_hand, rollup.band(score, config),
        rollup.verdict(score, ambition, period_state == "over", config), status, decided_by,
        words[-1] if words else None, sum(one.measured for one in asked), len(asked), results,
        _parent(ledger.workspace, node),
    )  # fmt: skip


def _parent(workspace: Workspace, node: Objective) -> str | None:
    """The full name of what an objective supports, as far as it leads anywhere."""
    said = node.model.parent
    found = workspace.resolve(said, node) if said else None
    return found.ref if found else said


def _mean_of(results: list[KeyResultScore], config: Config) -> Fraction | None:
    parts = []
    for one in results:
        if one.counted and (one.score is not None or config.scoring.missing == "zero"):
            parts.append((one.score if one.score is not None else Fraction(0), one.weight))
    return rollup.mean(parts)


def _key_result(ledger: Ledger, node: KeyResult, above: str, objective_state: str) -> KeyResultScore:
    config, day = ledger.workspace.config, ledger.day
    period_state = state_on(node.period, day)
    values = ledger.values(node)
    course = values.course
    measure = measures.MEASURES.get(node.measure)
    target = measure.target(node.model, course.start) if measure else None
    error = values.error or _impossible(node, course.start, target)
    ahead = period_state == "ahead"
    progress = None if ahead or error or measure is None else measure.progress(node.model, course)
    value = None if ahead or progress is None else course.value
    computed = None if progress is None else rollup.held(progress, config)
    score, by_hand = _overridden(node.model, computed, day, period_state)
    state = _state(node.model, day) if objective_state == "active" else objective_state
    ambition = node.model.ambition or above
    own = [one for one in ledger.own(node) if one.day <= day]
    newest = max([one.day for one in own] + ([values.value_date] if values.value_date else []), default=None)
    expectation = None if ahead else pace.expected(node, course, target)
    counted = state == "active" and not node.guardrail and not ahead
    return KeyResultScore(
        node=node, course=course, target=target, unit=ledger.workspace.unit(node), value=value,
        value_date=None if value is None else values.value_date, progress=progress, computed=computed, score=score,
        by_hand=by_hand, counted=counted and (score is not None or config.scoring.missing == "zero"),
        weight=_weight(node.model), state=state, guardrail=node.guardrail,
        broken=None if ahead else pace.broken(node, course),
        confidence=next((one.confidence for one in reversed(own) if one.confidence is not None), None),
        forecast=next((one.forecast.number for one in reversed(own) if one.forecast is not None), None),
        due=pace.due(node), expected=expectation,
        status=pace.status(
            node, course, state=state, period_state=period_state, progress=progress, score=score,
            expectation=expectation, newest=newest, ambition=ambition, config=config, error=error is not None,
        ),
        projected=_projected(node, course, target, period_state, error, ledger), error=error,
    )  # fmt: skip


def _impossible(node: KeyResult, start: Fraction | None, target: Fraction | None) -> str | None:
    if not node.measure:
        return "nothing says how it is judged"
    if target is not None and target == start:
        said = getattr(node.model, "from_", None)
        return f"it starts where it ends, at {said.text if said else 'its first value'}"
    return None


def _projected(
    node: KeyResult, course: Course, target: Fraction | None, period_state: str, error: str | None, ledger: Ledger
) -> Projection | None:
    plain = node.measure in ("metric", "change") and getattr(node.model, "rollup", None) is None
    if not ledger.projecting or period_state != "running" or error or not plain or ledger.aggregate(node) != "latest":
        return None
    return project(course, target)


def _overridden(model: object, computed: Fraction | None, day: date, period_state: str) -> tuple[Fraction | None, bool]:
    """The score that counts, and whether a person typed it."""
    typed = getattr(model, "score", None)
    if typed is None or period_state == "ahead" or (typed.date is not None and typed.date > day):
        return computed, False
    return typed.value, True


def _state(model: object, day: date) -> str:
    """The state on the day; `deprioritized` and `postponed` act from their `since` on."""
    state: str = getattr(model, "state", "active")
    since: date | None = getattr(model, "since", None)
    return "active" if state in ("deprioritized", "postponed") and since is not None and day < since else state


def _weight(model: object) -> Fraction:
    weight: Fraction | None = getattr(model, "weight", None)
    return Fraction(1) if weight is None else weight


def _words(readings: object, first: date, day: date) -> list[Word]:
    if not isinstance(readings, dict):
        return []
    return [readings[key] for key in sorted(readings) if first <= key <= day]


def _status(
    results: list[KeyResultScore], state: str, period_state: str, score: Fraction | None, ambition: str, config: Config
) -> tuple[str | None, str | None]:
    """An objective's status and the key result that decides it: the worst while the period runs, else its own score."""
    if state != "active":
        return None, None
    if period_state == "ahead":
        return "not started", None
    if period_state == "over":
        return pace.closed(score, ambition, config), None
    deciding = [one for one in results if one.status is not None and not one.guardrail]
    broken = [one for one in results if one.guardrail and one.broken and one.state == "active"]
    worst = min(deciding, key=lambda one: pace.WORST_FIRST.index(one.status or "achieved"), default=None)
    if broken and (worst is None or worst.status != "at risk"):
        return "at risk", broken[0].node.id
    return (None, None) if worst is None else ("no data" if worst.status == "error" else worst.status, worst.node.id)
