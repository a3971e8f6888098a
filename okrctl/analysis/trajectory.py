"""Traces the scores of a period, its teams, objectives and key results over its days, beside the way expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from okrctl import scoring
from okrctl.analysis import detail
from okrctl.measures import limit
from okrctl.scoring import pace, rollup
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.workspace import Workspace

SAMPLES = 13
MAX_CORNERS = 24
MAX_READINGS = 20
Curve = list[tuple[date, Fraction]]
T = TypeVar("T")


@dataclass(slots=True)
class Trajectory:
    """How something went from its first day to its last: `course` up to the day asked, `expected` all the way.

    Scores and shares are from 0 to 1; the values of a key result that is counted have its unit, and so have `bounds`.
    """

    first: date
    last: date
    actual: Curve = field(default_factory=list)
    expected: Curve = field(default_factory=list)
    bounds: list[Fraction] = field(default_factory=list)


def build_trajectories(workspace: Workspace, card: Scorecard) -> dict[str, Trajectory]:
    """The traces of all that has a score, by reference; that of the period by its id, of a team by period/team."""
    period, found = card.period, {}
    whole = [one for team in card.teams if team.score is not None for one in team.objectives]
    found[period.id] = Trajectory(period.start, period.end, expected=_mean_expected_curve(whole, card))
    for team in card.teams:
        counted = [one for one in team.objectives if one.state == "active"]
        found[f"{period.id}/{team.team}"] = Trajectory(
            period.start, period.end, expected=_mean_expected_curve(counted, card)
        )
        for one in team.objectives:
            found[one.node.ref] = Trajectory(period.start, period.end, expected=_mean_expected_curve([one], card))
    ledger = KeyResultValues(workspace, card.as_of)
    if card.state != "ahead":
        for day in sample_days(card):
            at_stop = KeyResultValues(workspace, day, with_projections=False, reuse=ledger)
            _add_scores(scoring.build_scorecard(workspace, period, day, at_stop), found)
    for one in card.objectives:
        found.update((kr.node.ref, _key_result_trajectory(kr, ledger)) for kr in one.key_results)
    return found


def sample_days(card: Scorecard) -> list[date]:
    """The days on which a period is scored for its course: at even distances, the first and the day asked included."""
    last = min(card.as_of, card.period.end)
    days = (last - card.period.start).days
    number = min(days, SAMPLES)
    even = [card.period.start + timedelta(days=days * one // number) for one in range(number)] if number else []
    return [*even, card.as_of]


def expected_of_key_results(results: Iterable[KeyResultScore], day: date | None = None) -> Fraction | None:
    """The mean share of the way that is expected of counted key results by their weights; None where of none is any.

    On the day of their scorecard, or on another one.
    """
    parts = []
    for one in results:
        if one.counted:
            share = (
                one.expected
                if day is None
                else pace.expected_progress(one.node, replace(one.series, day=day), one.target)
            )
            parts += [] if share is None else [(share, one.weight)]
    return rollup.weighted_mean(parts)


def expected_of_objectives(objectives: Iterable[ObjectiveScore], day: date | None = None) -> Fraction | None:
    """The mean of what is expected of active objectives by their weights."""
    ways = [(expected_of_key_results(one.key_results, day), one.weight) for one in objectives if one.state == "active"]
    return rollup.weighted_mean((share, weight) for share, weight in ways if share is not None)


def expected_of_period(card: Scorecard) -> Fraction | None:
    """The plain mean of what is expected of the teams that have a score."""
    ways = [expected_of_objectives(team.objectives) for team in card.teams if team.score is not None]
    return rollup.weighted_mean((share, Fraction(1)) for share in ways if share is not None)


def _add_scores(card: Scorecard, found: dict[str, Trajectory]) -> None:
    day = min(card.as_of, card.period.end)
    scores = [(card.period.id, card.score), *((f"{card.period.id}/{team.team}", team.score) for team in card.teams)]
    scores += [(one.node.ref, one.score) for one in card.objectives if one.state == "active"]
    for name, score in scores:
        if score is not None and name in found:
            found[name].actual.append((day, score))


def _mean_expected_curve(objectives: list[ObjectiveScore], card: Scorecard) -> Curve:
    corners = {card.period.start, card.period.end}
    for one in objectives:
        for kr in one.key_results:
            corners |= set(_corner_days(kr))
    days = sorted(day for day in corners if card.period.start <= day <= card.period.end)
    ways = ((day, _expected_of_teams(objectives, day)) for day in downsample(days, MAX_CORNERS))
    return [(day, share) for day, share in ways if share is not None]


def _expected_of_teams(objectives: list[ObjectiveScore], day: date) -> Fraction | None:
    """The plain mean over the teams that these objectives belong to."""
    by_team: dict[str, list[ObjectiveScore]] = {}
    for one in objectives:
        by_team.setdefault(one.node.team, []).append(one)
    ways = [expected_of_objectives(ones, day) for ones in by_team.values()]
    return rollup.weighted_mean((share, Fraction(1)) for share in ways if share is not None)


def _corner_days(one: KeyResultScore) -> list[date]:
    """The days between which the expected way is straight."""
    plan = getattr(one.node.model, "plan", None) or {}
    after = [one.due + timedelta(days=1)] if one.node.measure == "done" and one.due < one.series.last else []
    return sorted({one.series.first, one.due, one.series.last, *plan, *after})


def _key_result_trajectory(one: KeyResultScore, ledger: KeyResultValues) -> Trajectory:
    found = Trajectory(one.series.first, one.series.last)
    found.actual = downsample(list(detail.actual_curve(one, ledger.aggregate_of(one.node))), MAX_READINGS)
    if one.node.measure == "limit":
        found.bounds = [bound for bound in limit.bounds_of(one.node.model) if bound is not None]
    elif one.node.measure != "done":
        found.expected = _expected_curve(one)
    if found.actual and found.expected and one.series.start is not None and one.series.start != found.actual[0][1]:
        found.actual = _with_start(one, found.actual)
    return found


def _with_start(one: KeyResultScore, course: Curve) -> Curve:
    start = one.series.start
    return course if start is None or course[0][0] <= one.series.first else [(one.series.first, start), *course]


def _expected_curve(one: KeyResultScore) -> Curve:
    found: Curve = []
    for day in downsample(
        [day for day in _corner_days(one) if one.series.first <= day <= one.series.last], MAX_CORNERS
    ):
        share = pace.expected_progress(one.node, replace(one.series, day=day), one.target)
        if share is None:
            return []
        start = one.series.start
        found.append((day, share if one.target is None or start is None else start + share * (one.target - start)))
    return found


def downsample(ones: list[T], most: int) -> list[T]:
    """At most so many of them at even distances, the first and the last included."""
    if len(ones) <= most:
        return ones
    return [ones[number * (len(ones) - 1) // (most - 1)] for number in range(most)]
