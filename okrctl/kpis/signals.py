"""Signal or noise: whether the newest reading of a KPI lies outside its usual limits.

The limits are the mean of the readings before, plus and minus three standard deviations. The rule borrows from control
charts and is not one: the baseline moves along with each reading, and nothing is said before 20 readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from okrctl.values import statistics

MIN_READINGS = 20
SET_ASIDE = 8  # the newest readings, which are judged by those before them
MAX_BASELINE = 20

Signal = Literal["beyond-limit", "near-limit"]


class Limits(NamedTuple):
    """What is usual: the mean of a baseline and the limits on both sides; `start` and `end` are its readings' places.

    `start` counts from the oldest reading, 0; `end` is one past the last of the baseline.
    """

    mean: Fraction
    low: Fraction
    high: Fraction
    start: int
    end: int

    @property
    def readings(self) -> int:
        """How many readings the baseline has."""
        return self.end - self.start


class Judgement(NamedTuple):
    """The usual limits, and the signal of the newest reading: None where it is as usual."""

    limits: Limits
    signal: Signal | None


def judge_readings(
    readings: Sequence[Fraction],
    places: int,
    *,
    better: Literal["higher", "lower"] | None = None,
    band: tuple[Fraction, Fraction] | None = None,
) -> Judgement | None:
    """The limits and the signal of a KPI's readings, oldest first; None before 20 readings.

    Worse is lower, higher, or, with a `band` to be kept, either side of it that the newest reading lies on. `places` is
    the finest decimal place in which a reading is written.
    """
    if len(readings) < MIN_READINGS:
        return None
    end = len(readings) - SET_ASIDE
    start = max(0, end - MAX_BASELINE)
    baseline = readings[start:end]
    middle = statistics.mean(baseline)
    square = max(9 * statistics.variance(baseline), (2 * smallest_step(baseline, places)) ** 2)
    width = statistics.root(square)
    limits = Limits(middle, middle - width, middle + width, start, end)
    return Judgement(limits, _signal(readings, middle, square, _worse_sides(readings[-1], better, band)))


def smallest_step(baseline: Sequence[Fraction], places: int) -> Fraction:
    """The smallest difference between two different readings, one unit of the last written place where all agree."""
    values = sorted(set(baseline))
    return min((later - earlier for earlier, later in pairwise(values)), default=Fraction(10) ** -places)


def _worse_sides(newest: Fraction, better: str | None, band: tuple[Fraction, Fraction] | None) -> list[int]:
    """The signs of the distances from the mean that are worse: 1 for below it, -1 for above it."""
    if band is not None:
        return [1] if newest < band[0] else [-1] if newest > band[1] else []
    return [1] if better == "higher" else [-1] if better == "lower" else []


def _signal(readings: Sequence[Fraction], middle: Fraction, square: Fraction, sides: list[int]) -> Signal | None:
    """The signal on one of the sides; distances are compared as squares, so that the comparison is exact."""
    for side in sides:
        distances = [side * (middle - reading) for reading in readings[-4:]]
        if distances[-1] > 0 and distances[-1] ** 2 > square:
            return "beyond-limit"
        near = [distance > 0 and 4 * distance**2 > square for distance in distances]
        if near[-1] and sum(near[:-1]) >= 2:
            return "near-limit"
    return None
