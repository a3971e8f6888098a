"""The few statistics that okrctl needs: mean, variance, a quantile of Student's t, rounding away from a value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

# The 90 % quantile of the normal distribution, and of Student's t where the expansion below is not good enough.
_Z90 = 1.2815515655446004
_T90 = {1: 3.0776835, 2: 1.8856181, 3: 1.6377444}


def t90(freedom: int) -> float:
    """The 90 % quantile of Student's t with `freedom` degrees of freedom, at least 1; the error is below 0.001.

    Cornish and Fisher's expansion in 1/freedom (Abramowitz and Stegun 26.7.5), for one to three a table.
    """
    if freedom < 1:
        raise ValueError(f"degrees of freedom must be at least 1, got {freedom}")
    if freedom in _T90:
        return _T90[freedom]
    z = _Z90
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def mean(numbers: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean of at least one number, exact."""
    return sum(numbers, Fraction(0)) / len(numbers)


def variance(numbers: Sequence[Fraction]) -> Fraction:
    """The sample variance (n - 1) of at least two numbers, exact; its root is the standard deviation."""
    middle = mean(numbers)
    return sum(((number - middle) ** 2 for number in numbers), Fraction(0)) / (len(numbers) - 1)


def root(number: Fraction) -> Fraction:
    """The square root of a number that is not negative, as near as a float comes; of a huge one to a whole number."""
    try:
        return Fraction(math.sqrt(number))
    except OverflowError:
        return Fraction(math.isqrt(number.numerator // number.denominator))


def logarithm(number: Fraction) -> float:
    """The natural logarithm of a number above 0, also of one that no float can hold."""
    return math.log(number.numerator) - math.log(number.denominator)


def floor_to(number: Fraction, places: int) -> Fraction:
    """The number rounded down to so many decimal places; negative places round to tens, hundreds and so on."""
    unit = Fraction(10) ** -places
    return math.floor(number / unit) * unit


def ceil_to(number: Fraction, places: int) -> Fraction:
    """The number rounded up to so many decimal places."""
    return -floor_to(-number, places)
