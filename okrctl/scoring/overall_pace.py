"""The pace of teams and periods: one figure for how far all key results lie behind what is expected of them.

The worst status of all would be red for ever: of 20 key results, each at risk in a tenth of the weeks, some one is in
88 % of the weeks. So teams and periods are judged by a mean, in which nothing that is ahead makes up for what is
behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.schema.settings import Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.key_result import KeyResultScore
from okrctl.scoring.objective import ObjectiveScore
from okrctl.values.period import Period


class _Entry(NamedTuple):
    """A key result, or an objective scored by hand: its share of the whole, and its shortfall.

    The shortfall is score less expectation, at most 0; None where the entry does not enter the figure.
    """

    share: Fraction
    shortfall: Fraction | None
    is_measured: bool
    is_stale: bool


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
    everything = list(_entries(teams, lambda result: result.state == "active"))
    if 2 * _share(entry for entry in everything if entry.is_measured) < _share(everything):
        return "no data"
    return _lag(teams, config) or (
        "stale" if 2 * _share(entry for entry in everything if entry.is_stale) > _share(everything) else "on track"
    )


def _share(entries: Iterable[_Entry]) -> Fraction:
    return sum((entry.share for entry in entries), Fraction(0))


def _lag(teams: Sequence[Sequence[ObjectiveScore]], config: Config) -> str | None:
    """`behind` or `at risk` by the mean shortfall of what enters the score."""
    entries = _entries(teams, lambda result: result.counted)
    shortfall = rollup.weighted_mean((entry.shortfall, entry.share) for entry in entries if entry.shortfall is not None)
    return pace.lag_status(shortfall or Fraction(0), Fraction(0), config)


def _entries(
    teams: Sequence[Sequence[ObjectiveScore]], is_chosen: Callable[[KeyResultScore], bool]
) -> Iterator[_Entry]:
    """The chosen key results that are no guardrails, each with the weight that it has in the mean of the teams."""
    chosen = [[(objective, _chosen(objective, is_chosen)) for objective in objectives] for objectives in teams]
    filled = [[(objective, results) for objective, results in pairs if results or _is_by_hand(objective)]
              for pairs in chosen]  # fmt: skip
    filled = [pairs for pairs in filled if pairs]
    for pairs in filled:
        weights = sum((objective.weight for objective, _ in pairs), Fraction(0)) * len(filled)
        for objective, results in pairs:
            yield from _objective_entries(objective, results, objective.weight / weights)


def _is_by_hand(objective: ObjectiveScore) -> bool:
    return objective.by_hand and objective.state == "active"


def _chosen(objective: ObjectiveScore, is_chosen: Callable[[KeyResultScore], bool]) -> list[KeyResultScore]:
    if objective.state != "active":
        return []
    return [result for result in objective.key_results if not result.guardrail and is_chosen(result)]


def _objective_entries(objective: ObjectiveScore, results: list[KeyResultScore], share: Fraction) -> Iterator[_Entry]:
    """An entry for each key result; one for all of them where the objective is scored by hand."""
    if objective.by_hand:
        expected = rollup.weighted_mean(
            (result.expected, result.weight) for result in results if result.expected is not None
        )
        yield _Entry(share, _shortfall(objective.score, expected), True, objective.status == "stale")
        return
    total = sum((result.weight for result in results), Fraction(0))
    for result in results:
        is_measured = result.measured or result.by_hand
        yield _Entry(
            share * result.weight / total, _key_result_shortfall(result), is_measured, result.status == "stale"
        )


def _key_result_shortfall(result: KeyResultScore) -> Fraction | None:
    """Of a limit 0 in bounds and -1 out of them; None for a limit without a reading."""
    if result.node.measure.has_bounds:
        is_in_bounds = result.node.measure.is_in_bounds(result.node.model, result.series)
        return None if is_in_bounds is None or not result.measured else Fraction(is_in_bounds - 1)
    return _shortfall(result.score or Fraction(0), result.expected or Fraction(0))


def _shortfall(score: Fraction | None, expected: Fraction | None) -> Fraction | None:
    return None if score is None or expected is None else min(score - expected, Fraction(0))
