"""Works out whether a formula's value rises or falls with one of its inputs, where that is certain."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Literal

from okrctl.kpis.expression import Formula, Name, Negative, Node, Number

MAX_TERMS = 400
# A sum of products: the names of a product in order, each as often as it is a factor, and what it is multiplied by.
Polynomial = dict[tuple[str, ...], Fraction]
UNIT: Polynomial = {(): Fraction(1)}


class _TooManyTermsError(Exception):
    """A polynomial with more terms than it is worth looking at."""


def effect_direction(formula: Formula, name: str) -> Literal["up", "down"] | None:
    """Which way the value goes when one input rises and all are above 0; None where that depends on their values.

    The formula is a fraction P/Q of two polynomials, and the sign of its derivative that of P'Q - PQ': certain where
    all coefficients of that have one sign.
    """
    quotient = _quotient(formula.root)
    if quotient is None:
        return None
    top, bottom = quotient
    try:
        slope = _add(_multiply(_derivative(top, name), bottom), _multiply(top, _derivative(bottom, name)), -1)
    except _TooManyTermsError:
        return None
    signs = {value > 0 for value in slope.values()}
    return None if len(signs) != 1 else "up" if True in signs else "down"


@lru_cache(maxsize=64)  # one formula is asked about each of its inputs in turn
def _quotient(root: Node) -> tuple[Polynomial, Polynomial] | None:
    try:
        return _as_fraction(root)
    except _TooManyTermsError:
        return None


def is_only_divisor(formula: Formula, name: str) -> bool:
    """Whether an input is nothing but something that others are divided by."""
    return not any(name in term for term in _numerator_terms(formula.root, False))


def _numerator_terms(node: Node, below: bool) -> list[tuple[str, ...]]:
    """The names that stand above the fraction line, each as a term of its own."""
    match node:
        case Name():
            return [] if below else [(node.id,)]
        case Negative():
            return _numerator_terms(node.operand, below)
        case Number():
            return []
    return _numerator_terms(node.left, below) + _numerator_terms(node.right, below != (node.operator == "/"))


def _as_fraction(node: Node) -> tuple[Polynomial, Polynomial]:
    match node:
        case Number():
            return {(): node.value} if node.value else {}, UNIT
        case Name():
            return {(node.id,): Fraction(1)}, UNIT
        case Negative():
            top, bottom = _as_fraction(node.operand)
            return _add({}, top, -1), bottom
    (top, bottom), (other, below) = _as_fraction(node.left), _as_fraction(node.right)
    if node.operator == "*":
        return _multiply(top, other), _multiply(bottom, below)
    if node.operator == "/":
        return _multiply(top, below), _multiply(bottom, other)
    return _add(_multiply(top, below), _multiply(other, bottom), 1 if node.operator == "+" else -1), _multiply(
        bottom, below
    )


def _add(one: Polynomial, other: Polynomial, sign: int) -> Polynomial:
    total = dict(one)
    for term, factor in other.items():
        value = total.pop(term, Fraction(0)) + sign * factor
        if value:
            total[term] = value
    return total


def _multiply(one: Polynomial, other: Polynomial) -> Polynomial:
    if one is UNIT or other is UNIT:  # without a fraction line nothing is below it
        return other if one is UNIT else one
    if len(one) * len(other) > MAX_TERMS:
        raise _TooManyTermsError
    product: Polynomial = {}
    for term, factor in one.items():
        for second, by in other.items():
            both = tuple(sorted(term + second))
            product[both] = product.get(both, Fraction(0)) + factor * by
    return {term: factor for term, factor in product.items() if factor}


def _derivative(one: Polynomial, name: str) -> Polynomial:
    slope: Polynomial = {}
    for term, factor in one.items():
        if name in term:
            place = term.index(name)
            slope[term[:place] + term[place + 1 :]] = factor * term.count(name)
    return slope
