"""What is known of a key result on a day: its dated values within its time, the way it set out on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.values.period import Cadence


class Point(NamedTuple):
    """A value on a day; `made` is the day it was written for, which differs for late figures after the period's end."""

    day: date
    value: Fraction
    original_day: date


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """The values of one key result from its first day up to the day asked, oldest first.

    `start` is the value it sets out from, `value` what the readings amount to on the day; both are None where unknown.
    """

    first: date
    last: date
    day: date
    cadence: Cadence
    points: tuple[Point, ...] = ()
    start: Fraction | None = None
    value: Fraction | None = None
