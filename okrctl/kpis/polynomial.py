"""Polynomials with whole coefficients over one denominator: exact, and without reducing a fraction at every step."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import NamedTuple


class Polynomial(NamedTuple):
    """`coefficients` by rising power of x, all of them over `denominator`."""

    coefficients: tuple[int, ...]
    denominator: int


def constant(value: Fraction) -> Polynomial:
    """The same value for every x."""
    return Polynomial((value.numerator,), value.denominator)


def linear(start: Fraction, end: Fraction) -> Polynomial:
    """The straight line from the value at x = 0 to that at x = 1."""
    if start == end:
        return constant(start)
    denominator = start.denominator * end.denominator
    first, last = start.numerator * end.denominator, end.numerator * start.denominator
    return Polynomial((first, last - first), denominator)


def negate(polynomial: Polynomial) -> Polynomial:
    """The negative."""
    return Polynomial(tuple(-coefficient for coefficient in polynomial.coefficients), polynomial.denominator)


def add(left: Polynomial, right: Polynomial) -> Polynomial:
    """The sum."""
    shared = gcd(left.denominator, right.denominator)
    left_factor, right_factor = right.denominator // shared, left.denominator // shared
    powers = range(max(len(left.coefficients), len(right.coefficients)))
    coefficients = (
        _coefficient(left, power) * left_factor + _coefficient(right, power) * right_factor for power in powers
    )
    return Polynomial(tuple(coefficients), left.denominator * left_factor)


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product."""
    coefficients = [0] * (len(left.coefficients) + len(right.coefficients) - 1)
    for left_power, left_coefficient in enumerate(left.coefficients):
        for right_power, right_coefficient in enumerate(right.coefficients):
            coefficients[left_power + right_power] += left_coefficient * right_coefficient
    return Polynomial(tuple(coefficients), left.denominator * right.denominator)


def _coefficient(polynomial: Polynomial, power: int) -> int:
    return polynomial.coefficients[power] if power < len(polynomial.coefficients) else 0
