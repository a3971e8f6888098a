"""Calculates with polynomials whose factors are whole numbers over one divisor: exact, and no fraction is reduced."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import NamedTuple


class Polynomial(NamedTuple):
    """`factors` by rising power of x, all of them over `divisor`."""

    factors: tuple[int, ...]
    divisor: int


def constant(value: Fraction) -> Polynomial:
    """The same value for every x."""
    return Polynomial((value.numerator,), value.denominator)


def line(start: Fraction, end: Fraction) -> Polynomial:
    """The straight way from the value at x = 0 to that at x = 1."""
    if start == end:
        return constant(start)
    divisor = start.denominator * end.denominator
    first, last = start.numerator * end.denominator, end.numerator * start.denominator
    return Polynomial((first, last - first), divisor)


def minus(one: Polynomial) -> Polynomial:
    """The negative."""
    return Polynomial(tuple(-factor for factor in one.factors), one.divisor)


def plus(one: Polynomial, other: Polynomial) -> Polynomial:
    """The sum."""
    shared = gcd(one.divisor, other.divisor)
    left, right = other.divisor // shared, one.divisor // shared
    longest = max(len(one.factors), len(other.factors))
    factors = tuple(_at(one, power) * left + _at(other, power) * right for power in range(longest))
    return Polynomial(factors, one.divisor * left)


def times(one: Polynomial, other: Polynomial) -> Polynomial:
    """The product."""
    factors = [0] * (len(one.factors) + len(other.factors) - 1)
    for power, factor in enumerate(one.factors):
        for more, by in enumerate(other.factors):
            factors[power + more] += factor * by
    return Polynomial(tuple(factors), one.divisor * other.divisor)


def _at(one: Polynomial, power: int) -> int:
    return one.factors[power] if power < len(one.factors) else 0
