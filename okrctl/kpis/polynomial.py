"""Calculates with polynomials whose factors are whole numbers over one divisor: exact, and no fraction is reduced."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import NamedTuple


class Polynomial(NamedTuple):
    """`factors` by rising power of x, all of them over `divisor`."""

    coefficients: tuple[int, ...]
    denominator: int


def constant(value: Fraction) -> Polynomial:
    """The same value for every x."""
    return Polynomial((value.numerator,), value.denominator)


def linear(start: Fraction, end: Fraction) -> Polynomial:
    """The straight way from the value at x = 0 to that at x = 1."""
    if start == end:
        return constant(start)
    divisor = start.denominator * end.denominator
    first, last = start.numerator * end.denominator, end.numerator * start.denominator
    return Polynomial((first, last - first), divisor)


def negate(one: Polynomial) -> Polynomial:
    """The negative."""
    return Polynomial(tuple(-factor for factor in one.coefficients), one.denominator)


def add(one: Polynomial, other: Polynomial) -> Polynomial:
    """The sum."""
    shared = gcd(one.denominator, other.denominator)
    left, right = other.denominator // shared, one.denominator // shared
    longest = max(len(one.coefficients), len(other.coefficients))
    factors = tuple(_coefficient(one, power) * left + _coefficient(other, power) * right for power in range(longest))
    return Polynomial(factors, one.denominator * left)


def multiply(one: Polynomial, other: Polynomial) -> Polynomial:
    """The product."""
    factors = [0] * (len(one.coefficients) + len(other.coefficients) - 1)
    for power, factor in enumerate(one.coefficients):
        for more, by in enumerate(other.coefficients):
            factors[power + more] += factor * by
    return Polynomial(tuple(factors), one.denominator * other.denominator)


def _coefficient(one: Polynomial, power: int) -> int:
    return one.coefficients[power] if power < len(one.coefficients) else 0
