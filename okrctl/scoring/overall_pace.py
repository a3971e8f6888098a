"""The pace of teams and periods: one figure for how far all key results lie behind what is expected of them.

The worst status of all would be red for ever: of 20 key results, each at risk in a tenth of the weeks, some one is in
88 % of the weeks. So teams and periods are judged by a mean, in which nothing that is ahead makes up for what is
behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from okrctl.schema.settings import Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.key_result import KeyResultScore
from okrctl.scoring.objective import NO_SHARES, ObjectiveScore, PaceShares
from okrctl.scoring.progress import ONE, ZERO
from okrctl.values.period import Period


def overall_pace(
    shares: PaceShares, period: Period, day: date, score: Fraction | None, config: Config
) -> str | None:  # fmt: skip
    """The pace of a team or a period by its shares, with the score of either.

    None where there is no score, or where the period is over.
    """
    state = pace.state_of_period(period, day)
    if state == "ahead":
        return "not started"
    if state == "over" or score is None:
        return None
    if (day - period.start).days < config.pace.grace_days:
        return "starting"
    if shares.measured is not None and 2 * shares.measured < 1:
        return "no data"
    return _lag(shares, config) or ("stale" if shares.stale is not None and 2 * shares.stale > 1 else "on track")


def _lag(shares: PaceShares, config: Config) -> str | None:
    """`behind` or `at risk` by the mean shortfall of what enters the score."""
    shortfall, judged = shares.shortfall, shares.judged
    return pace.lag_status(shortfall / judged if shortfall and judged else ZERO, ZERO, config)


def mean_shares(parts: Sequence[tuple[PaceShares, Fraction]]) -> PaceShares:
    """What a team adds to the pace by its objectives and their weights, or a period by its teams: a mean of each share.

    A mean over teams of means over their objectives, as the score of a period is one.
    """
    if not parts:
        return NO_SHARES
    weights = [weight for _, weight in parts]
    columns = zip(*(shares for shares, _ in parts), strict=True)
    return PaceShares._make(
        rollup.weighted_mean([pair for pair in zip(column, weights, strict=True) if pair[0] is not None])
        for column in columns
    )


def objective_shares(objective: ObjectiveScore) -> PaceShares:
    """What an objective adds to the pace of its team: shares of its own weight."""
    if objective.state != "active":
        return NO_SHARES
    results = [result for result in objective.key_results if not result.guardrail]
    counted = [result for result in results if result.counted]
    if objective.by_hand:
        return _shares_by_hand(objective, counted)
    active = [result for result in results if result.state == "active"]
    return PaceShares(*_measured_and_stale(active), *_mean_shortfall(counted))


def _measured_and_stale(active: Sequence[KeyResultScore]) -> tuple[Fraction | None, Fraction | None]:
    """The share of the active key results that have a value, and of those that are stale."""
    weights = [result.weight for result in active]
    return (
        _share_of(weights, [result.measured or result.by_hand for result in active]),
        _share_of(weights, [result.status == "stale" for result in active]),
    )


def _mean_shortfall(results: Sequence[KeyResultScore]) -> tuple[Fraction | None, Fraction | None]:
    """The sum of the shortfalls by their shares, and the share of those that have one."""
    shortfalls = [_key_result_shortfall(result) for result in results]
    weights = [result.weight for result in results]
    return (
        rollup.weighted_mean([(each or ZERO, weight) for each, weight in zip(shortfalls, weights, strict=True)]),
        _share_of(weights, [each is not None for each in shortfalls]),
    )


def _shares_by_hand(objective: ObjectiveScore, counted: Sequence[KeyResultScore]) -> PaceShares:
    """One shortfall for the whole objective, against what is expected of its key results."""
    expected = rollup.weighted_mean(
        (result.expected, result.weight) for result in counted if result.expected is not None
    )
    shortfall = _shortfall(objective.score, expected)
    return PaceShares(ONE, Fraction(objective.status == "stale"), shortfall or ZERO, Fraction(shortfall is not None))


def _share_of(weights: Sequence[Fraction], are_chosen: Sequence[bool]) -> Fraction | None:
    """The weight of what is chosen in all weight; None where there is nothing."""
    if all(weight == 1 for weight in weights):
        return _part(sum(are_chosen), len(weights)) if weights else None
    chosen = (ONE if is_chosen else ZERO for is_chosen in are_chosen)
    return rollup.weighted_mean(list(zip(chosen, weights, strict=True)))


@lru_cache(maxsize=256)
def _part(number: int, whole: int) -> Fraction:
    return Fraction(number, whole)


def _key_result_shortfall(result: KeyResultScore) -> Fraction | None:
    """Of a limit 0 in bounds and -1 out of them; None for a limit without a reading."""
    if result.node.measure.has_bounds:
        is_in_bounds = result.node.measure.is_in_bounds(result.node.model, result.series)
        return None if is_in_bounds is None or not result.measured else ZERO if is_in_bounds else -ONE
    return _shortfall(result.score or ZERO, result.expected or ZERO)


def _shortfall(score: Fraction | None, expected: Fraction | None) -> Fraction | None:
    if score is None or expected is None:
        return None
    number, parts = score.as_integer_ratio()
    share, whole = expected.as_integer_ratio()
    gap = number * whole - share * parts
    return ZERO if gap >= 0 else Fraction(gap, parts * whole)
