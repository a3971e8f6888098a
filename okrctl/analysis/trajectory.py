"""The scores of a period, its teams, objectives and key results over its days, beside what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from okrctl import scoring
from okrctl.analysis.detail import Curve, actual_curve, expected_value, has_expected_curve
from okrctl.scoring import pace, rollup
from okrctl.scoring.objective import score_objective
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.values.dates import days_after
from okrctl.workspace import Workspace

SAMPLES = 13
MAX_CORNERS = 24
MAX_READINGS = 20
T = TypeVar("T")


@dataclass(slots=True)
class Trajectory:
    """From the first day to the last: `actual` up to the day of the scorecard, `expected` to the end.

    Scores and shares are from 0 to 1; the values of a numeric key result have its unit, and so have `bounds` and
    `target`. `readings` are all values of a key result, of which `actual` has only as many as can be seen.
    """

    first: date
    last: date
    actual: Curve = field(default_factory=list)
    expected: Curve = field(default_factory=list)
    bounds: list[Fraction] = field(default_factory=list)
    target: Fraction | None = None
    readings: Curve = field(default_factory=list)


def build_trajectories(workspace: Workspace, card: Scorecard) -> dict[str, Trajectory]:
    """The trajectories of all that has a score, by reference; a period has its id, a team period/team."""
    period = card.period
    scored = [objective for team in card.teams if team.score is not None for objective in team.objectives]
    trajectories = {period.id: _expected_trajectory(scored, card)}
    for team in card.teams:
        active = [objective for objective in team.objectives if objective.state == "active"]
        trajectories[f"{period.id}/{team.team}"] = _expected_trajectory(active, card)
        for objective in team.objectives:
            trajectories[objective.node.ref] = _expected_trajectory([objective], card)
    values = KeyResultValues(workspace, card.as_of)
    if card.state != "ahead":
        for day in sample_days(card):
            on_day = KeyResultValues(workspace, day, reuse=values)
            _add_scores(scoring.build_scorecard(workspace, period, day, on_day), trajectories)
    return trajectories | _key_result_trajectories(card, values)


def build_goal_trajectories(workspace: Workspace, card: Scorecard) -> dict[str, Trajectory]:
    """The trajectories of the objectives and key results that are left on a scorecard, and of nothing else."""
    trajectories = {each.node.ref: _expected_trajectory([each], card) for each in card.objectives}
    values = KeyResultValues(workspace, card.as_of)
    active = [each.node for each in card.objectives if each.state == "active"]
    for day in sample_days(card) if card.state != "ahead" else ():
        on_day = KeyResultValues(workspace, day, reuse=values)
        for node in active:
            score = score_objective(on_day, node).score if scoring.is_on_scorecard(node, day) else None
            if score is not None:
                trajectories[node.ref].actual.append((min(day, card.period.end), score))
    return trajectories | _key_result_trajectories(card, values)


def _key_result_trajectories(card: Scorecard, values: KeyResultValues) -> dict[str, Trajectory]:
    results = (each for objective in card.objectives for each in objective.key_results)
    return {each.node.ref: _key_result_trajectory(each, values) for each in results}


def build_period_trajectory(workspace: Workspace, card: Scorecard) -> Trajectory:
    """The trajectory of the score of a whole period."""
    period = card.period
    scored = [objective for team in card.teams if team.score is not None for objective in team.objectives]
    found = _expected_trajectory(scored, card)
    values = KeyResultValues(workspace, card.as_of)
    for day in sample_days(card) if card.state != "ahead" else ():
        on_day = scoring.build_scorecard(workspace, period, day, KeyResultValues(workspace, day, reuse=values))
        if on_day.score is not None:
            found.actual.append((min(on_day.as_of, period.end), on_day.score))
    return found


def sample_days(card: Scorecard) -> list[date]:
    """The days on which a period is scored for its trajectory: at even distances, and the day of the scorecard."""
    last = min(card.as_of, card.period.end)
    days = (last - card.period.start).days
    samples = min(days, SAMPLES)
    even = [card.period.start + timedelta(days=days * number // samples) for number in range(samples)]
    return [*even, card.as_of]


def expected_of_key_results(key_results: Iterable[KeyResultScore], day: date | None = None) -> Fraction | None:
    """The mean progress expected of counted key results by their weights; None where nothing is expected of any.

    On the day of their scorecard, or on another one.
    """
    parts = []
    for scored in key_results:
        if scored.counted:
            share = scored.expected
            if day is not None:
                share = pace.expected_progress(scored.node, replace(scored.series, day=day), scored.target)
            parts += [] if share is None else [(share, scored.weight)]
    return rollup.weighted_mean(parts)


def expected_of_objectives(objectives: Iterable[ObjectiveScore], day: date | None = None) -> Fraction | None:
    """The mean of what is expected of active objectives by their weights."""
    active = [objective for objective in objectives if objective.state == "active"]
    shares = [(expected_of_key_results(objective.key_results, day), objective.weight) for objective in active]
    return rollup.weighted_mean((share, weight) for share, weight in shares if share is not None)


def expected_of_period(card: Scorecard) -> Fraction | None:
    """The plain mean of what is expected of the teams that have a score."""
    return _plain_mean(expected_of_objectives(team.objectives) for team in card.teams if team.score is not None)


def _plain_mean(shares: Iterable[Fraction | None]) -> Fraction | None:
    return rollup.weighted_mean((share, Fraction(1)) for share in shares if share is not None)


def _add_scores(card: Scorecard, trajectories: dict[str, Trajectory]) -> None:
    day = min(card.as_of, card.period.end)
    scores = [(card.period.id, card.score), *((f"{card.period.id}/{team.team}", team.score) for team in card.teams)]
    scores += [(objective.node.ref, objective.score) for objective in card.objectives if objective.state == "active"]
    for name, score in scores:
        if score is not None and name in trajectories:
            trajectories[name].actual.append((day, score))


def _expected_trajectory(objectives: list[ObjectiveScore], card: Scorecard) -> Trajectory:
    """What is expected of objectives, without their scores."""
    first, last = card.period.start, card.period.end
    corners = {first, last}
    for objective in objectives:
        for key_result in objective.key_results:
            corners |= set(_corner_days(key_result))
    days = downsample(sorted(day for day in corners if first <= day <= last), MAX_CORNERS)
    shares = ((day, _expected_of_teams(objectives, day)) for day in days)
    return Trajectory(first, last, expected=[(day, share) for day, share in shares if share is not None])


def _expected_of_teams(objectives: list[ObjectiveScore], day: date) -> Fraction | None:
    """The plain mean over the teams that these objectives belong to."""
    by_team: dict[str, list[ObjectiveScore]] = {}
    for objective in objectives:
        by_team.setdefault(objective.node.team, []).append(objective)
    return _plain_mean(expected_of_objectives(of_team, day) for of_team in by_team.values())


def _corner_days(scored: KeyResultScore) -> list[date]:
    """The days between which the expected curve is straight."""
    plan = getattr(scored.node.model, "plan", None) or {}
    has_jump = scored.node.measure.records == "date" and scored.due < scored.series.last
    after = [days_after(scored.due, 1)] if has_jump else []
    return sorted({scored.series.first, scored.due, scored.series.last, *plan, *after})


def _key_result_trajectory(scored: KeyResultScore, values: KeyResultValues) -> Trajectory:
    node, series = scored.node, scored.series
    trajectory = Trajectory(series.first, series.last)
    trajectory.readings = list(actual_curve(scored, values.aggregate_of(node)))
    trajectory.actual = downsample(trajectory.readings, MAX_READINGS)
    trajectory.bounds = [bound for bound in node.measure.bounds(node.model) if bound is not None]
    if has_expected_curve(scored) and not (node.measure.is_numeric and scored.target is None):
        trajectory.target = Fraction(1) if node.measure.records == "steps" else scored.target
        trajectory.expected = _expected_curve(scored)
    actual, start = trajectory.actual, series.start
    if actual and trajectory.expected and start not in (None, actual[0][1]) and actual[0][0] > series.first:
        assert start is not None
        trajectory.actual = [(series.first, start), *actual]
    return trajectory


def _expected_curve(scored: KeyResultScore) -> Curve:
    days = [day for day in _corner_days(scored) if scored.series.first <= day <= scored.series.last]
    curve: Curve = []
    for day in downsample(days, MAX_CORNERS):
        value = expected_value(scored, day)
        if value is None:
            return []
        curve.append((day, value))
    return curve


def downsample(items: list[T], most: int) -> list[T]:
    """At most so many of them at even distances, the first and the last included."""
    if len(items) <= most:
        return items
    return [items[number * (len(items) - 1) // (most - 1)] for number in range(most)]
