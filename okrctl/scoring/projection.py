"""Where a metric ends if it goes on as it has: the median slope of Theil and Sen, with its quartiles."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from okrctl.scoring.scorecard import Projection
from okrctl.values.timeseries import KeyResultSeries

MIN_READINGS = 3
MIN_DAYS = 10
MAX_POINTS = 400


def project(course: KeyResultSeries, target: Fraction | None) -> Projection | None:
    """The value on the last day; None with fewer than three readings or less than ten days between them.

    Every two readings have a slope between them, and the one in the middle counts (Theil 1950, Sen 1968). The point of
    departure is one of the readings, unless the first day has one of its own. Series of more than 400 readings speak
    with their newest.
    """
    points = {point.day: point.value for point in course.points}
    days = sorted(points)
    if len(days) < MIN_READINGS or (days[-1] - days[0]).days < MIN_DAYS:
        return None
    if course.start is not None:
        points.setdefault(course.first, course.start)
    slopes = sorted(_slopes(sorted(points.items())[-MAX_POINTS:]))
    newest, left = points[days[-1]], (course.last - days[-1]).days
    low, middle, high = (
        newest + quantile(slopes, share) * left for share in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
    )
    progress = None
    if target is not None and course.start is not None and target != course.start:
        progress = (middle - course.start) / (target - course.start)
    return Projection(middle, progress, low, high)


def _slopes(points: list[tuple[date, Fraction]]) -> list[Fraction]:
    return [
        (later[1] - earlier[1]) / (later[0] - earlier[0]).days
        for number, later in enumerate(points)
        for earlier in points[:number]
    ]


def quantile(ordered: list[Fraction], share: Fraction) -> Fraction:
    """The value at a share of the way through an ordered list, interpolated linearly between neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
