"""The score of an objective."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.schema.settings import Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.key_result import KeyResultScore, score_key_result
from okrctl.scoring.pace import PeriodState
from okrctl.scoring.progress import ZERO, apply_override, state_on, weight_of
from okrctl.scoring.values import KeyResultValues
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.workspace import KeyResult, Objective, Workspace


class PaceShares(NamedTuple):
    """What an objective, a team or a period has for its pace: shares of its own weight, from 0 to 1.

    `measured` and `stale` are of its active key results, None where it has none. `shortfall` is the sum of score less
    expectation, at most 0, over what enters the score, each by its share, and `judged` the share of these; both are
    None where nothing enters it.
    """

    measured: Fraction | None
    stale: Fraction | None
    shortfall: Fraction | None
    judged: Fraction | None


LEFT_OUT = Fraction(-1)  # of a mean, in place of a score, by its identity
NO_SHARES = PaceShares(None, None, None, None)


@dataclass(slots=True)
class ObjectiveScore:
    """One objective on the day; of its active key results that are no guardrails, `measured_count` have a value.

    The counts stand apart from the list, since filters leave out lines and never change figures. `at_risk` counts the
    active key results at risk, guardrails included; it is None once the period is over, and so is the pace.
    `parent` is the full name of what it supports, or what the file says where that is unknown.
    """

    node: Objective
    ambition: str
    state: str
    weight: Fraction
    computed: Fraction | None
    score: Fraction | None
    by_hand: bool
    band: str | None
    verdict: str | None
    status: str | None
    decided_by: str | None
    confidence: Fraction | None
    measured_count: int
    key_result_count: int
    key_results: list[KeyResultScore] = field(default_factory=list)
    parent: str | None = None
    at_risk: int | None = None
    precision: Precision = DEFAULT_PRECISION

    @property
    def pace(self) -> str | None:
        """The status while the period runs or lies ahead."""
        return None if self.at_risk is None else self.status


@dataclass(slots=True)
class _Course:
    """What of an objective is the same on every day, and the mean score of its key results, by their own scores."""

    weight: Fraction
    ambition: str
    parent: str | None
    key_results: list[tuple[KeyResult, date]]
    scores: list[Fraction | None] = field(default_factory=list)
    mean: Fraction | None = None


def score_objective(values: KeyResultValues, node: Objective) -> ObjectiveScore:
    """The score of one objective, as on the scorecard of its period."""
    config, day = values.workspace.config, values.day
    course: _Course | None = values.courses.get(id(node))
    if course is None:
        course = values.courses[id(node)] = _find_course(values.workspace, node)
    period_state = pace.state_of_period(node.period, day)
    state, ambition = state_on(node.model, day), course.ambition
    begun = max(day, node.period.start)
    key_results = [
        score_key_result(values, key_result, ambition, state)
        for key_result, first_day in course.key_results
        if first_day <= begun
    ]
    computed = None if period_state == "ahead" else _mean_score(course, key_results, config)
    score, by_hand = apply_override(node.model, computed, day, period_state == "ahead")
    active = [scored for scored in key_results if scored.state == "active" and not scored.guardrail]
    judged = _judged_score(score, by_hand, active)
    status, decided_by = _objective_status(key_results, state, period_state, judged, ambition, config)
    return ObjectiveScore(
        node=node,
        ambition=ambition,
        state=state,
        weight=course.weight,
        computed=computed,
        score=score,
        by_hand=by_hand,
        band=rollup.shown_band(score, period_state == "over", config),
        verdict=rollup.verdict_of(score, ambition, period_state == "over", config),
        status=status,
        decided_by=decided_by,
        confidence=_newest_confidence(node, day),
        measured_count=sum(scored.measured for scored in active),
        key_result_count=len(active),
        key_results=key_results,
        parent=course.parent,
        at_risk=_count_at_risk(key_results, period_state),
        precision=config.precision,
    )


def _find_course(workspace: Workspace, node: Objective) -> _Course:
    ambition = node.model.ambition or workspace.config.defaults.ambition
    key_results = [(key_result, key_result.first_day) for key_result in node.key_results]
    return _Course(weight_of(node.model), ambition, _parent_ref(workspace, node), key_results)


def _count_at_risk(key_results: list[KeyResultScore], period_state: str) -> int | None:
    return None if period_state == "over" else sum(scored.status == "at risk" for scored in key_results)


def closing_status(objective: ObjectiveScore, config: Config) -> str:
    """The status that an objective has with its score of today once its period is over."""
    active = [scored for scored in objective.key_results if scored.state == "active" and not scored.guardrail]
    return pace.closing_status(_judged_score(objective.score, objective.by_hand, active), objective.ambition, config)


def _judged_score(score: Fraction | None, by_hand: bool, active: list[KeyResultScore]) -> Fraction | None:
    """The score, where somebody typed it or anything was measured."""
    return score if by_hand or any(scored.measured or scored.by_hand for scored in active) else None


def _parent_ref(workspace: Workspace, node: Objective) -> str | None:
    written = node.model.parent
    parent = workspace.resolve(written, node) if written else None
    return parent.ref if parent else written


def _mean_score(course: _Course, key_results: list[KeyResultScore], config: Config) -> Fraction | None:
    """The mean of what counts; without a value it counts as 0, unless `missing: skip` leaves it out.

    From one check-in to the next the scores are the same, and so is the mean.
    """
    scores = [scored.score if scored.counted else LEFT_OUT for scored in key_results]
    if len(scores) != len(course.scores) or not all(map(operator.is_, scores, course.scores)):
        no_value = ZERO if config.scoring.missing == "zero" else LEFT_OUT
        parts = (
            (no_value if score is None else score, scored.weight)
            for score, scored in zip(scores, key_results, strict=True)
        )
        course.scores = scores
        course.mean = rollup.weighted_mean((score, weight) for score, weight in parts if score is not LEFT_OUT)
    return course.mean


def _newest_confidence(node: Objective, day: date) -> Fraction | None:
    readings = node.model.readings
    if not isinstance(readings, dict):
        return None
    notes = (readings[key] for key in sorted(readings, reverse=True) if node.first_day <= key <= day)
    return next((note.confidence for note in notes if note.confidence is not None), None)


def _objective_status(
    key_results: list[KeyResultScore],
    state: str,
    period_state: PeriodState,
    score: Fraction | None,
    ambition: str,
    config: Config,
) -> tuple[str | None, str | None]:
    """The status and the key result that decides it: the worst while the period runs, afterwards the own score.

    The score is None where nothing was measured and nobody typed a score.
    """
    if state != "active":
        return None, None
    if period_state == "ahead":
        return "not started", None
    if period_state == "over":
        return pace.closing_status(score, ambition, config), None
    return _worst_status(key_results)


def _worst_status(key_results: list[KeyResultScore]) -> tuple[str | None, str | None]:
    """The worst status among the key results; a broken guardrail makes it `at risk` at best."""
    deciding = [scored for scored in key_results if scored.status is not None and not scored.guardrail]
    broken = [scored for scored in key_results if scored.broken and scored.state == "active"]
    worst = min(deciding, key=_badness, default=None)
    status = None if worst is None else worst.status
    if broken and status != "at risk":
        return "at risk", broken[0].node.id
    return "no data" if status == "error" else status, None if worst is None else worst.node.id


def _badness(scored: KeyResultScore) -> int:
    return pace.WORST_FIRST.index(scored.status or "achieved")
