"""Quantiles, variances and roundings against published and hand-made values."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from okrctl.values.statistics import ceil_to, floor_to, logarithm, mean, root, t90, variance

# The 0.90 column of the table of Student's t.
PUBLISHED = {
    1: 3.078,
    2: 1.886,
    3: 1.638,
    4: 1.533,
    5: 1.476,
    6: 1.440,
    7: 1.415,
    8: 1.397,
    9: 1.383,
    10: 1.372,
    12: 1.356,
}
PUBLISHED |= {15: 1.341, 20: 1.325, 30: 1.310, 60: 1.296, 120: 1.289}


@pytest.mark.parametrize("freedom", PUBLISHED)
def test_quantiles_are_those_of_the_table(freedom: int) -> None:
    assert t90(freedom) == pytest.approx(PUBLISHED[freedom], abs=0.001)


def test_no_quantile_without_freedom() -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        t90(0)


def test_variance_divides_by_one_less_than_the_count() -> None:
    numbers = [Fraction(number) for number in (2, 4, 4, 4, 5, 5, 7, 9)]
    assert mean(numbers) == 5
    assert variance(numbers) == Fraction(32, 7)


def test_the_root_of_a_square_is_exact() -> None:
    assert root(Fraction(49, 4)) == Fraction(7, 2)


@pytest.mark.parametrize(
    ("number", "places", "down", "up"),
    [("1.25", 1, "1.2", "1.3"), ("-1.25", 1, "-1.3", "-1.2"), ("1234", -2, "1200", "1300"), ("3", 0, "3", "3")],
)
def test_rounding_goes_to_a_place_and_not_beyond(number: str, places: int, down: str, up: str) -> None:
    assert floor_to(Fraction(number), places) == Fraction(down)
    assert ceil_to(Fraction(number), places) == Fraction(up)


def test_numbers_that_no_float_can_hold() -> None:
    huge = Fraction(10) ** 400
    assert root(huge) == Fraction(10) ** 200
    assert logarithm(huge) == pytest.approx(400 * math.log(10))
    assert logarithm(1 / huge) == pytest.approx(-400 * math.log(10))
    assert logarithm(Fraction(3, 2)) == pytest.approx(math.log(1.5))
