"""Dated values: the one series that KPIs and key results share."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple, overload

from okrctl.values.dates import Cadence, days_before


class Point(NamedTuple):
    """A value on a day.

    `original_day` is the day of a late reading, which counts as if made on the last day of the period.
    """

    day: date
    value: Fraction
    is_computed: bool = False
    original_day: date | None = None

    @property
    def reading_day(self) -> date:
        """The day that the reading was written for."""
        return self.original_day or self.day


@dataclass(frozen=True, slots=True)
class Series(Sequence[Point]):
    """Values in order of their days, oldest first."""

    points: tuple[Point, ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    @overload
    def __getitem__(self, place: int) -> Point: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Point, ...]: ...
    def __getitem__(self, place: int | slice) -> Point | tuple[Point, ...]:
        return self.points[place]

    def __iter__(self) -> Iterator[Point]:
        return iter(self.points)

    def newest(self, day: date) -> Point | None:
        """The newest value not later than a day."""
        place = bisect_right(self.points, day, key=_day_of)
        return self.points[place - 1] if place else None

    def points_between(self, first: date, last: date) -> tuple[Point, ...]:
        """The values of a stretch of days, both ends included."""
        start = bisect_left(self.points, first, key=_day_of)
        return self.points[start : bisect_right(self.points, last, key=_day_of)]

    def points_spaced(self, day: date, days: int, most: int) -> list[Point]:
        """The newest value and those before it, each at least so many days older than the one after; newest first."""
        found: list[Point] = []
        point = self.newest(day)
        while point is not None and len(found) < most:
            found.append(point)
            before = days_before(point.day, days)
            point = self.newest(before) if before < point.day else None
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyResultSeries(Series):
    """The values of one key result from its first day up to the day asked.

    `start` is the value it starts from, `value` what the readings amount to on the day; both are None where unknown.
    """

    first: date
    last: date
    day: date
    cadence: Cadence
    start: Fraction | None = None
    value: Fraction | None = None

    def on_day(self, day: date) -> KeyResultSeries:
        """The same series, asked on another day up to which nothing is added."""
        return KeyResultSeries(
            self.points, first=self.first, last=self.last, day=day, cadence=self.cadence, start=self.start,
            value=self.value,
        )  # fmt: skip


class RunningTotals:
    """A series with its running total, to look up sums and means of many stretches of days."""

    def __init__(self, series: Series, aggregate: str) -> None:
        self.series = series
        self.aggregate = aggregate
        is_summed = aggregate != "latest"
        self._totals = list(accumulate((point.value for point in series), initial=Fraction(0))) if is_summed else []

    def value_on(self, day: date, days: int) -> Fraction | None:
        """The value on a day: the newest, or the sum or mean of the so many days that end on it."""
        points = self.series.points
        end = bisect_right(points, day, key=_day_of)
        if self.aggregate == "latest":
            return points[end - 1].value if end else None
        start = bisect_left(points, days_before(day, days - 1), key=_day_of)
        if end <= start:
            return None
        total = self._totals[end] - self._totals[start]
        return total if self.aggregate == "sum" else total / (end - start)


def _day_of(point: Point) -> date:
    return point.day
