"""Suspected slips: the rule by hand, its false alarms and what it finds in simulated series."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest

from okrctl.values.slips import (
    Written,
    likely_value,
    nearest_neighbours,
    read_as,
    thousands_with_a_point,
    ways_to_write,
)


def written(text: str) -> Written:
    return Written(Fraction(text), len(text.partition(".")[2]))


def likely(series: str, position: int, target: str | None = None) -> str | None:
    """The likely value of the number at a position of a series, as text."""
    numbers = [written(text) for text in series.split()]
    found = likely_value(numbers[position], nearest_neighbours(numbers, position, written(target) if target else None))
    return None if found is None else f"{float(found):g}"


@pytest.mark.parametrize(
    ("series", "position", "expected"),
    [
        ("1180 1235 1.240", 2, "1240"),
        ("14 13 0.15", 2, "15"),
        ("0.82 0.8 84", 2, "0.84"),
        ("1180 1235 -1.240", 2, "-1240"),
        ("1.240 1180 1235", 0, "1240"),  # later readings fill up
        ("100 110 2000", 2, None),  # not more than 20 times the largest
        ("100 100 2001", 2, "20.01"),
        ("100 100 5", 2, None),  # a twentieth and no less
        ("100.55 100 4.9", 2, None),  # not written with more decimals than each
        ("0 0 50 0 1", 2, None),  # zeros are no neighbours: fewer than two are left
        ("7 0 8 0 0", 4, None),  # 0 is never suspected
        ("10 10 10 10 10000", 4, "10"),
        ("1 100000 100000 100000 150", 4, None),  # the three nearest before it, not all
    ],
)
def test_a_number_far_from_its_neighbours(series: str, position: int, expected: str | None) -> None:
    assert likely(series, position) == expected


def test_the_target_fills_up_where_there_are_too_few_neighbours() -> None:
    assert likely("1.240 1180", 0) is None
    assert likely("1.240 1180", 0, "1300") == "1240"


def test_a_suffix_counts_for_the_places() -> None:
    millions = [Written(Fraction(1_200_000), -5), Written(Fraction(1_300_000), -5)]
    assert likely_value(Written(Fraction("1.25"), 2), millions) == 1_250_000
    assert likely_value(Written(Fraction(50_000), -5), millions) is None


def test_thousands_written_with_a_point_are_all_named() -> None:
    assert thousands_with_a_point("12.000 950 1.100 1.250 1.400".split()) == ["12.000", "1.100", "1.250", "1.400"]


@pytest.mark.parametrize(
    "texts",
    [
        "12.000 950 1.5",  # one decimal: points are decimal points here
        "12.000 383",  # less than 32 times as large
        "0.125 950",  # the first digit is 0
        "1234.000 950000",
        "1.100 1.2345 99999",
        "12 950",
    ],
)
def test_decimals_stay_decimals(texts: str) -> None:
    assert thousands_with_a_point(texts.split()) == []


# Simulated series of 13 readings, written in a fixed number of decimals.

Process = Callable[[random.Random], tuple[list[float], int]]


def poisson(rate: float) -> Process:
    def draw(source: random.Random) -> tuple[list[float], int]:
        return [float(poisson_number(source, rate)) for _ in range(13)], 0

    return draw


def poisson_number(source: random.Random, rate: float) -> int:
    """One number of a Poisson distribution, by multiplying uniform ones (Knuth)."""
    limit, product, count = math.exp(-rate), source.random(), 0
    while product > limit:
        product *= source.random()
        count += 1
    return count


def revenue(spread: float) -> Process:
    return lambda source: ([1200 * math.exp(spread * source.gauss(0, 1)) for _ in range(13)], 0)


def percentages(source: random.Random) -> tuple[list[float], int]:
    value, found = 50.0, []
    for _ in range(13):
        value = min(100.0, max(0.0, value + source.gauss(0, 8)))
        found.append(value)
    return found, 1


def latency(source: random.Random) -> tuple[list[float], int]:
    return [
        200 * math.exp(0.15 * source.gauss(0, 1)) * (source.uniform(3, 8) if source.random() < 0.03 else 1)
        for _ in range(13)
    ], 0


PROCESSES: dict[str, Process] = {
    "Poisson 2": poisson(2), "Poisson 5": poisson(5), "Poisson 20": poisson(20), "revenue 0.1": revenue(0.1),
    "revenue 0.3": revenue(0.3), "percentages": percentages, "latency": latency,
}  # fmt: skip
SERIES = 2000


def as_written(values: list[float], places: int) -> list[Written]:
    return [Written(Fraction(round(value * 10**places), 10**places), places) for value in values]


def suspected(numbers: list[Written]) -> Iterator[int]:
    for position, number in enumerate(numbers):
        if likely_value(number, nearest_neighbours(numbers, position)) is not None:
            yield position


@pytest.mark.slow
@pytest.mark.parametrize("name", PROCESSES)
def test_false_alarms_are_rare(name: str) -> None:
    source = random.Random(f"alarms {name}")
    alarms = sum(any(suspected(as_written(*PROCESSES[name](source)))) for _ in range(SERIES))
    assert alarms / SERIES <= 0.005


@pytest.mark.slow
@pytest.mark.parametrize("factor", [1000, 100, Fraction(1, 1000), Fraction(1, 100)])
@pytest.mark.parametrize("name", ["Poisson 20", "revenue 0.1", "revenue 0.3"])
def test_thousands_and_hundreds_are_found(name: str, factor: Fraction | int) -> None:
    source = random.Random(f"slips {name} {factor}")
    found = 0
    for _ in range(SERIES):
        numbers = as_written(*PROCESSES[name](source))
        position = source.randrange(3, 13)
        places = numbers[position].places + (round(math.log10(1 / factor)) if factor < 1 else 0)
        meant = numbers[position].value or Fraction(1)
        numbers[position] = Written(meant * factor, places)
        found += likely_value(numbers[position], nearest_neighbours(numbers, position)) is not None
    assert found / SERIES >= 0.94


@pytest.mark.parametrize(
    ("text", "thousands", "decimals", "meant"),
    [("12.345", "12345", "12.3450", "12.345"), ("1.240", "1240", "1.24", "1.24"), ("9.000", "9000", "9", "9")],
)
def test_the_decimals_are_named_as_they_are_meant(text: str, thousands: str, decimals: str, meant: str) -> None:
    assert ways_to_write(text) == (thousands, decimals)
    assert read_as(decimals) == meant
