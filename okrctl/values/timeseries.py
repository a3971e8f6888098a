"""The dated values of a key result up to a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.values.period import Cadence


class Point(NamedTuple):
    """A value on a day; `original_day` is the date in the file, which is later for late readings after the period."""

    day: date
    value: Fraction
    original_day: date


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """The values of one key result from its first day to a day, oldest first.

    `start` is its baseline, `value` is the combined value of its readings on the day; both are None if unknown.
    """

    first: date
    last: date
    day: date
    cadence: Cadence
    points: tuple[Point, ...] = ()
    start: Fraction | None = None
    value: Fraction | None = None
