"""The projected value of a metric: the median slope of Theil and Sen, with its quartiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrctl.measures.range import progress_between
from okrctl.values.timeseries import KeyResultSeries

MIN_READINGS = 3
MIN_DAYS = 10
MAX_POINTS = 400


@dataclass(slots=True)
class Projection:
    """The value on the last day if the metric goes on as before; `low` and `high` follow from the quartile slopes."""

    value: Fraction
    progress: Fraction | None
    low: Fraction
    high: Fraction


def project(series: KeyResultSeries, target: Fraction | None) -> Projection | None:
    """The value on the last day; None with fewer than three readings or less than ten days between them.

    Every two readings have a slope between them, and the median counts (Theil 1950, Sen 1968). The start is one of the
    readings, unless the first day has one of its own. Of more than 400 readings only the newest 400 count.
    """
    points = {point.day: point.value for point in series.points}
    days = sorted(points)
    if len(days) < MIN_READINGS or (days[-1] - days[0]).days < MIN_DAYS:
        return None
    if series.start is not None:
        points.setdefault(series.first, series.start)
    slopes = sorted(_slopes(sorted(points.items())[-MAX_POINTS:]))
    newest, days_left = points[days[-1]], (series.last - days[-1]).days
    low, middle, high = (
        newest + quantile(slopes, share) * days_left for share in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
    )
    return Projection(middle, progress_between(middle, series.start, target), low, high)


def _slopes(points: list[tuple[date, Fraction]]) -> list[Fraction]:
    return [
        (later[1] - earlier[1]) / (later[0] - earlier[0]).days
        for number, later in enumerate(points)
        for earlier in points[:number]
    ]


def quantile(ordered: list[Fraction], share: Fraction) -> Fraction:
    """The quantile of an ordered list, interpolated linearly between neighbours."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])
