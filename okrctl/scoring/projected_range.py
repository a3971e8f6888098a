"""Where a series ends if it goes on as it has, with a range that holds four ends in five.

The prediction interval of a random walk with drift, on increments scaled by days. It holds for walks, sums and noisy
trends; it is too narrow for a curve that bends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from okrctl.values import statistics

MIN_STEPS = 4
MIN_GAP_DAYS = 5  # between two points that count: readings closer together say the same thing twice

WithoutRange = Literal["too few readings for a range", "has not moved", "known"]


class Bounds(NamedTuple):
    """What a value can be, None where nothing is known; and the decimal places in which it is written."""

    low: Fraction | None = None
    high: Fraction | None = None
    places: int = 0


class ProjectedRange(NamedTuple):
    """The value on the last day and the 80 % range around it, with the figures that it was worked out from.

    `pace` is the change a day, `deviation` its standard deviation for one day, `steps` the number of increments,
    `days` the days between the first and the newest point, `left` the days from the newest point to the last day,
    `horizon` the days that the range is made for.
    """

    value: Fraction
    low: Fraction
    high: Fraction
    pace: Fraction
    deviation: Fraction
    steps: int
    days: int
    left: int
    horizon: Fraction


def project_range(readings: Mapping[date, Fraction], last: date, bounds: Bounds) -> ProjectedRange | WithoutRange:
    """The projection of a series of at least four steps to its last day, or why there is none.

    `readings` has the value of each day up to today, the value that the series set out from among them. The range is
    held inside `bounds` and rounded outward to their places.
    """
    points = thin(readings.items())
    if points and points[-1][0] >= last:
        return "known"
    steps = len(points) - 1
    if steps < MIN_STEPS:
        return "too few readings for a range"
    if len(set(readings.values())) == 1:
        return "has not moved"
    increments = [(later[1] - earlier[1], (later[0] - earlier[0]).days) for earlier, later in pairwise(points)]
    days = (points[-1][0] - points[0][0]).days
    pace = (points[-1][1] - points[0][1]) / days
    variance = sum(((change - pace * gap) ** 2 / gap for change, gap in increments), Fraction(0)) / (steps - 1)
    left = (last - points[-1][0]).days
    horizon = max(Fraction(left), Fraction(days, steps))
    width = Fraction(statistics.t90(steps - 1)) * statistics.root(variance * horizon * (1 + horizon / days))
    value = points[-1][1] + pace * left
    return ProjectedRange(
        _hold(value, bounds),
        statistics.floor_to(_hold(value - width, bounds), bounds.places),
        statistics.ceil_to(_hold(value + width, bounds), bounds.places),
        pace, statistics.root(variance), steps, days, left, horizon,
    )  # fmt: skip


def thin(readings: Iterable[tuple[date, Fraction]]) -> list[tuple[date, Fraction]]:
    """The points from the newest backwards of which each is at least five days older than the one kept before it."""
    kept: list[tuple[date, Fraction]] = []
    for day, value in sorted(readings, reverse=True):
        if not kept or (kept[-1][0] - day).days >= MIN_GAP_DAYS:
            kept.append((day, value))
    return kept[::-1]


def _hold(value: Fraction, bounds: Bounds) -> Fraction:
    if bounds.low is not None:
        value = max(value, bounds.low)
    return value if bounds.high is None else min(value, bounds.high)
