"""The projected range: each step by hand, and how many ends it holds in simulated series."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from okrctl.scoring.projected_range import Bounds, ProjectedRange, project_range, thin
from okrctl.values.statistics import t90
from tests.values.test_slips import poisson_number

FIRST = date(2026, 4, 1)
LAST = FIRST + timedelta(days=90)
FREE = Bounds()


def on(readings: dict[int, str]) -> dict[date, Fraction]:
    return {FIRST + timedelta(days=day): Fraction(value) for day, value in readings.items()}


def project(readings: dict[int, str], bounds: Bounds = FREE) -> ProjectedRange | str:
    return project_range(on(readings), LAST, bounds)


def found(readings: dict[int, str], bounds: Bounds = FREE) -> ProjectedRange:
    projected = project(readings, bounds)
    assert isinstance(projected, ProjectedRange)
    return projected


STEPS = {0: "0", 10: "1", 20: "3", 30: "3", 40: "5"}


def test_the_figures_of_a_series_by_hand() -> None:
    """Increments 1, 2, 0, 2 over ten days each: pace 1/8 a day, left over 1/4 + 9/16 ... = 2.75 / 10 / 3."""
    projected = found(STEPS, Bounds(places=2))
    assert (projected.steps, projected.days, projected.left) == (4, 40, 50)
    assert projected.pace == Fraction(1, 8)
    assert projected.value == 5 + Fraction(50, 8)
    residues = [Fraction(-1, 4), Fraction(3, 4), Fraction(-5, 4), Fraction(3, 4)]
    variance = sum(residue**2 for residue in residues) / 10 / 3
    assert float(projected.deviation) == pytest.approx(float(variance) ** 0.5)
    width = t90(3) * (float(variance) * 50 * (1 + 50 / 40)) ** 0.5
    assert float(projected.low) == pytest.approx(float(projected.value) - width, abs=0.01)
    assert float(projected.high) == pytest.approx(float(projected.value) + width, abs=0.01)
    assert projected.low < float(projected.value) - width
    assert projected.high > float(projected.value) + width


def test_near_the_end_the_horizon_is_one_usual_gap() -> None:
    projected = found({70 + day: value for day, value in {-20: "0", -10: "1", 0: "3", 10: "3", 18: "5"}.items()})
    assert projected.left == 2
    assert projected.horizon == Fraction(38, 4)


def test_points_closer_than_five_days_are_thinned_from_the_newest_backwards() -> None:
    kept = thin(on({0: "0", 3: "1", 8: "2", 10: "3", 15: "4"}).items())
    assert [(day - FIRST).days for day, _ in kept] == [3, 10, 15]


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ({0: "0", 10: "1", 20: "2", 30: "3"}, "too few readings for a range"),
        ({0: "0", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5"}, "too few readings for a range"),
        ({}, "too few readings for a range"),
        (dict.fromkeys((0, 10, 20, 30, 40), "7"), "has not moved"),
        ({**STEPS, 90: "9"}, "known"),
    ],
)
def test_there_is_no_range_without_steps_movement_or_future(readings: dict[int, str], reason: str) -> None:
    assert project(readings) == reason


def test_the_range_stays_inside_what_can_be() -> None:
    projected = found({0: "96", 10: "97", 20: "99", 30: "96", 40: "99"}, Bounds(Fraction(0), Fraction(100), 0))
    assert projected.high == 100
    falling = found({0: "40", 10: "25", 20: "20", 30: "9", 40: "2"}, Bounds(low=Fraction(0)))
    assert falling.value == 0 and falling.low == 0
    counted = found(STEPS, Bounds(low=Fraction(5)))
    assert counted.low == 5


def test_rounding_goes_outward_to_the_last_written_place() -> None:
    projected = found(STEPS, Bounds(places=0))
    assert projected.low.denominator == projected.high.denominator == 1
    assert projected.value.denominator == 4


# Simulations: day 0 to 91, the unit is the drift of a week.

Path = Callable[[random.Random], list[float]]  # a value for each day
END = 91


def walk(spread: float) -> Path:
    def draw(source: random.Random) -> list[float]:
        values = [0.0]
        for _ in range(END):
            values.append(values[-1] + 1 / 7 + source.gauss(0, spread / 7**0.5))
        return values

    return draw


def noisy_trend(spread: float) -> Path:
    return lambda source: [day / 7 + source.gauss(0, spread) for day in range(END + 1)]


def steps(chance: float) -> Path:
    def draw(source: random.Random) -> list[float]:
        values = [0.0]
        for _ in range(END):
            values.append(values[-1] + (source.uniform(0.5, 1.5) if source.random() < chance / 7 else 0))
        return values

    return draw


def total(rate: float) -> Path:
    def draw(source: random.Random) -> list[float]:
        values = [0.0]
        for _ in range(END):
            values.append(values[-1] + poisson_number(source, rate / 7))
        return values

    return draw


def weekly(source: random.Random, today: int) -> list[int]:
    return list(range(7, today + 1, 7))


def uneven(source: random.Random, today: int) -> list[int]:
    return sorted({min(today, max(1, day + source.randint(-3, 3))) for day in range(7, today + 1, 7)})


def missing(source: random.Random, today: int) -> list[int]:
    return [day for day in range(7, today + 1, 7) if source.random() > 0.3]


def bursts(source: random.Random, today: int) -> list[int]:
    return sorted({min(today, day + extra) for day in range(7, today + 1, 14) for extra in range(3)})


def daily(source: random.Random, today: int) -> list[int]:
    return list(range(1, today + 1))


RHYTHMS = {"weekly": weekly, "uneven": uneven, "missing": missing, "bursts": bursts, "daily": daily}
SERIES = 700


def coverage(name: str, path: Path, rhythm: str, *, is_sum: bool = False) -> float:
    """The share of ends that the range holds, among the series that have one."""
    source, held, ranges = random.Random(f"{name} {rhythm}"), 0, 0
    for _ in range(SERIES):
        values = [round(value, 3) for value in path(source)]
        today = source.randint(35, 70)
        days = [0, *RHYTHMS[rhythm](source, today)]
        readings = {FIRST + timedelta(days=day): Fraction(round(values[day] * 1000), 1000) for day in days}
        low = readings[max(readings)] if is_sum else None
        projected = project_range(readings, FIRST + timedelta(days=END), Bounds(low, None, 0 if is_sum else 3))
        if isinstance(projected, ProjectedRange):
            ranges += 1
            held += projected.low <= Fraction(round(values[END] * 1000), 1000) <= projected.high
    return held / ranges


@pytest.mark.slow
@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("name", ["walk 0.5", "walk 2", "sum 2", "sum 5"])
def test_walks_and_sums_are_held_four_times_in_five(name: str, rhythm: str) -> None:
    path = {"walk 0.5": walk(0.5), "walk 2": walk(2), "sum 2": total(2), "sum 5": total(5)}[name]
    assert 0.75 <= coverage(name, path, rhythm, is_sum=name.startswith("sum")) <= 0.88


@pytest.mark.slow
@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("spread", [0.5, 2])
def test_noisy_trends_are_held_at_least_as_often(spread: float, rhythm: str) -> None:
    assert coverage(f"trend {spread}", noisy_trend(spread), rhythm) >= 0.75


@pytest.mark.slow
@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("chance", [0.15, 0.3])
def test_steps_are_held_where_a_range_is_shown(chance: float, rhythm: str) -> None:
    assert coverage(f"steps {chance}", steps(chance), rhythm) >= 0.75
