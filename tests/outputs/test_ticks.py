"""Ticks are round, cover their values, and their labels do not run into each other."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.outputs.ticks import MIN_LABEL_GAP, day_ticks, value_ticks

FIRST = date(2026, 4, 1)
numbers = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**6)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, Fraction(1, 2), 1]),
        (103, 200, [100, 150, 200]),
        (0, 120, [0, 50, 100, 150]),
        (-3, 12, [-5, 0, 5, 10, 15]),
        (0, 4 * 10**20, [number * 10**20 for number in range(5)]),
        (0, Fraction(4, 1000), [Fraction(number, 1000) for number in range(5)]),
        (7, 7, [0, 2, 4, 6, 8]),
        (0, 0, [0, Fraction(1, 2), 1]),
        (-5, -5, [-6, -4, -2, 0]),
    ],
)
def test_values_are_round(low: Fraction, high: Fraction, expected: list[Fraction]) -> None:
    assert value_ticks(Fraction(low), Fraction(high)) == expected


@given(numbers, numbers)
def test_values_are_covered_by_a_few_ticks_at_even_distances(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    ticks = value_ticks(low, high)
    assert ticks[0] <= low and high <= ticks[-1]
    assert 2 <= len(ticks) <= 7
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1


def labels(days: int, cells: int) -> list[str]:
    return [tick.label for tick in day_ticks(FIRST, FIRST + timedelta(days=days), cells)]


def test_days_are_weeks_months_or_years_by_what_there_is_room_for() -> None:
    assert labels(27, 60) == ["1 Apr", "6 Apr", "20 Apr", "28 Apr"]
    assert labels(90, 60) == ["1 Apr", "1 May", "1 Jun", "30 Jun"]
    assert labels(364, 100) == ["1 Apr 2026", "1 Jul 2026", "1 Sep 2026", "1 Nov 2026", "1 Jan", "31 Mar"]
    assert labels(90, 20) == ["1 Apr", "30 Jun"]
    assert labels(90, 8) == ["1 Apr"]


@given(st.integers(1, 2000), st.integers(1, 200))
def test_labels_have_room(days: int, cells: int) -> None:
    ticks = day_ticks(FIRST, FIRST + timedelta(days=days), cells)
    for earlier, later in pairwise(ticks):
        assert earlier.start + len(earlier.label) + MIN_LABEL_GAP <= later.start
        assert earlier.day < later.day and 0 <= earlier.column <= later.column < cells
