"""Signal or noise: whether the newest reading of a KPI lies outside its usual limits.

The limits are the mean of the readings before, plus and minus three standard deviations. The rule borrows from control
charts and is not one: the baseline moves along with each reading, and nothing is said before 20 readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from okrctl.kpis.series import KpiValues
from okrctl.values import statistics
from okrctl.values.quantity import written_places
from okrctl.values.timeseries import Series
from okrctl.workspace import Kpi

MIN_READINGS = 20
MIN_COMPARED = 6  # from which on the worst of all readings is named where there are too few for a signal
COMPUTED_PLACES = 2  # decimals of a value that is computed, since it is written nowhere
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


class DrawnLimits(NamedTuple):
    """Usual limits as they are drawn, the days of the first and last reading of the baseline, and how many it has.

    The limits of shares end at 0 and 100, those of counts at 0.
    """

    mean: Fraction
    low: Fraction
    high: Fraction
    first: date
    last: date
    readings: int


@dataclass(frozen=True, slots=True)
class KpiSignal:
    """What the readings of a KPI say on a day: limits and signal with 20 readings, with fewer at most a fact.

    `computed` are the limits that decide; `places` is the finest decimal place of a reading where all of the baseline
    are equal, else 0. `worst` says that the newest
    of fewer than 20 readings is the highest or the lowest of all, where that is worse; it is no verdict.
    """

    readings: Series
    places: int = 0
    signal: Signal | None = None
    computed: Limits | None = None
    drawn: DrawnLimits | None = None
    worst: Literal["highest", "lowest"] | None = None

    @property
    def is_young(self) -> bool:
        """Whether there are readings, but too few for limits."""
        return bool(self.readings) and self.computed is None


def find_signal(kpi_values: KpiValues, kpi: Kpi) -> KpiSignal:
    """The limits and the signal of a KPI on the day of the values."""
    series = kpi_values.figures.readings(kpi)
    numbers = [point.value for point in series]
    baseline = numbers[-SET_ASIDE - MAX_BASELINE : -SET_ASIDE]
    is_level = bool(baseline) and all(number == baseline[0] for number in baseline)
    places = _finest_place(kpi_values, kpi) if is_level else 0
    bounds = kpi.model.between
    band = (bounds[0].number, bounds[1].number) if bounds else None
    judged = judge_readings(numbers[-SET_ASIDE - MAX_BASELINE :], places, better=kpi.model.better, band=band)
    if judged is None:
        return KpiSignal(series, places, worst=_worst_of_all(numbers, kpi.model.better, band))
    skipped = max(0, len(numbers) - SET_ASIDE - MAX_BASELINE)
    limits = judged.limits._replace(start=judged.limits.start + skipped, end=judged.limits.end + skipped)
    return KpiSignal(series, places, judged.signal, limits, _draw(limits, series, kpi.unit))


def _finest_place(kpi_values: KpiValues, kpi: Kpi) -> int:
    if not kpi_values.inputs.is_recorded(kpi):
        return COMPUTED_PLACES
    dated = (reading for reading in kpi.readings if reading.day <= kpi_values.day)
    return max((written_places(reading.value) for reading in dated if reading.value), default=0)


def _draw(limits: Limits, series: Series, unit: str | None) -> DrawnLimits:
    numbers = [point.value for point in series]
    is_share = unit == "%" and all(0 <= number <= 100 for number in numbers)
    is_count = all(number >= 0 and number.denominator == 1 for number in numbers)
    low = max(limits.low, Fraction(0)) if is_share or is_count else limits.low
    high = min(limits.high, Fraction(100)) if is_share else limits.high
    first, last = series[limits.start].day, series[limits.end - 1].day
    return DrawnLimits(limits.mean, low, high, first, last, limits.readings)


def _worst_of_all(
    numbers: Sequence[Fraction], better: str | None, band: tuple[Fraction, Fraction] | None
) -> Literal["highest", "lowest"] | None:
    """How the newest reading is the worst of at least six: above or below every other one, on the worse side."""
    if len(numbers) < MIN_COMPARED:
        return None
    newest, others = numbers[-1], numbers[:-1]
    for side in _worse_sides(newest, better, band):
        if side < 0 and newest > max(others):
            return "highest"
        if side > 0 and newest < min(others):
            return "lowest"
    return None


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
