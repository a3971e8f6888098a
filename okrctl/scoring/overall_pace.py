"""The pace of teams and periods: one figure for how far all key results lie behind what is expected of them.

The worst status of all would be red for ever: of 20 key results, each at risk in a tenth of the weeks, some one is in
88 % of the weeks. So teams and periods are judged by a mean, in which nothing that is ahead makes up for what is
behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction

from okrctl.schema.settings import Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.key_result import KeyResultScore
from okrctl.scoring.objective import ObjectiveScore, PaceShares
from okrctl.values.period import Period

ZERO, ONE = Fraction(0), Fraction(1)


def overall_pace(
    teams: Sequence[Sequence[ObjectiveScore]], period: Period, day: date, score: Fraction | None, config: Config
) -> str | None:
    """The pace of the objectives of one team, or of all teams of a period, with the score of either.

    None where there is no score, or where the period is over.
    """
    state = pace.state_of_period(period, day)
    if state == "ahead":
        return "not started"
    if state == "over" or score is None:
        return None
    if (day - period.start).days < config.pace.grace_days:
        return "starting"
    shares = [[(pace_shares(objective), objective.weight) for objective in objectives] for objectives in teams]
    measured = _mean(shares, lambda share: share.measured)
    if measured is not None and 2 * measured < 1:
        return "no data"
    stale = _mean(shares, lambda share: share.stale)
    return _lag(shares, config) or ("stale" if stale is not None and 2 * stale > 1 else "on track")


_Shares = Sequence[Sequence[tuple[PaceShares, Fraction]]]


def _mean(teams: _Shares, get: Callable[[PaceShares], Fraction | None]) -> Fraction | None:
    """The plain mean over teams of the weighted mean over their objectives, as the score of a period is one."""
    means = (
        rollup.weighted_mean((value, weight) for share, weight in shares if (value := get(share)) is not None)
        for shares in teams
    )
    return rollup.weighted_mean((mean, Fraction(1)) for mean in means if mean is not None)


def _lag(teams: _Shares, config: Config) -> str | None:
    """`behind` or `at risk` by the mean shortfall of what enters the score."""
    shortfall, judged = _mean(teams, lambda share: share.shortfall), _mean(teams, lambda share: share.judged)
    return pace.lag_status(shortfall / judged if shortfall and judged else Fraction(0), Fraction(0), config)


def pace_shares(objective: ObjectiveScore) -> PaceShares:
    """What an objective adds to the pace of its team and of its period, worked out once."""
    if objective.pace_shares is None:
        objective.pace_shares = _build_shares(objective)
    return objective.pace_shares


def _build_shares(objective: ObjectiveScore) -> PaceShares:
    if objective.state != "active":
        return PaceShares(None, None, None, None)
    results = [result for result in objective.key_results if not result.guardrail]
    counted = [result for result in results if result.counted]
    if objective.by_hand:
        return _shares_by_hand(objective, counted)
    active = [result for result in results if result.state == "active"]
    measured = _share_of(active, lambda result: result.measured or result.by_hand)
    stale = _share_of(active, lambda result: result.status == "stale")
    return PaceShares(measured, stale, *_mean_shortfall(counted))


def _mean_shortfall(results: Sequence[KeyResultScore]) -> tuple[Fraction | None, Fraction | None]:
    """The sum of the shortfalls by their shares, and the share of those that have one."""
    shortfalls = [(_key_result_shortfall(result), result.weight) for result in results]
    return (
        rollup.weighted_mean((shortfall or ZERO, weight) for shortfall, weight in shortfalls),
        rollup.weighted_mean((ZERO if shortfall is None else ONE, weight) for shortfall, weight in shortfalls),
    )


def _shares_by_hand(objective: ObjectiveScore, counted: Sequence[KeyResultScore]) -> PaceShares:
    """One shortfall for the whole objective, against what is expected of its key results."""
    expected = rollup.weighted_mean(
        (result.expected, result.weight) for result in counted if result.expected is not None
    )
    shortfall = _shortfall(objective.score, expected)
    return PaceShares(ONE, Fraction(objective.status == "stale"), shortfall or ZERO, Fraction(shortfall is not None))


def _share_of(results: Iterable[KeyResultScore], is_chosen: Callable[[KeyResultScore], bool]) -> Fraction | None:
    return rollup.weighted_mean((ONE if is_chosen(result) else ZERO, result.weight) for result in results)


def _key_result_shortfall(result: KeyResultScore) -> Fraction | None:
    """Of a limit 0 in bounds and -1 out of them; None for a limit without a reading."""
    if result.node.measure.has_bounds:
        is_in_bounds = result.node.measure.is_in_bounds(result.node.model, result.series)
        return None if is_in_bounds is None or not result.measured else Fraction(is_in_bounds - 1)
    return _shortfall(result.score or ZERO, result.expected or ZERO)


def _shortfall(score: Fraction | None, expected: Fraction | None) -> Fraction | None:
    return None if score is None or expected is None else min(score - expected, ZERO)
