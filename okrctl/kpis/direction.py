"""Works out whether a formula's value rises or falls with one of its inputs, where that is certain."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Literal

from okrctl.kpis.expression import Formula, Name, Negative, Node, Number

MOST_TERMS = 400
# A sum of products: the names of a product in order, each as often as it is a factor, and what it is multiplied by.
Polynomial = dict[tuple[str, ...], Fraction]
ONE: Polynomial = {(): Fraction(1)}


class _TooLong(Exception):
    """A polynomial with more terms than it is worth looking at."""


def effect(formula: Formula, name: str) -> Literal["up", "down"] | None:
    """Which way the value goes when one input rises and all are above 0; None where that depends on their values.

    The formula is a fraction P/Q of two polynomials, and the sign of its derivative that of P'Q - PQ': certain where
    all coefficients of that have one sign.
    """
    quotient = _quotient(formula.root)
    if quotient is None:
        return None
    top, bottom = quotient
    try:
        slope = _plus(_times(_derived(top, name), bottom), _times(top, _derived(bottom, name)), -1)
    except _TooLong:
        return None
    signs = {value > 0 for value in slope.values()}
    return None if len(signs) != 1 else "up" if True in signs else "down"


@lru_cache(maxsize=64)  # one formula is asked about each of its inputs in turn
def _quotient(root: Node) -> tuple[Polynomial, Polynomial] | None:
    try:
        return _fraction(root)
    except _TooLong:
        return None


def only_divides(formula: Formula, name: str) -> bool:
    """Whether an input is nothing but something that others are divided by."""
    return not any(name in term for term in _top(formula.root, False))


def _top(node: Node, below: bool) -> list[tuple[str, ...]]:
    """The names that stand above the fraction line, each as a term of its own."""
    match node:
        case Name():
            return [] if below else [(node.id,)]
        case Negative():
            return _top(node.operand, below)
        case Number():
            return []
    return _top(node.left, below) + _top(node.right, below != (node.operator == "/"))


def _fraction(node: Node) -> tuple[Polynomial, Polynomial]:
    match node:
        case Number():
            return {(): node.value} if node.value else {}, ONE
        case Name():
            return {(node.id,): Fraction(1)}, ONE
        case Negative():
            top, bottom = _fraction(node.operand)
            return _plus({}, top, -1), bottom
    (top, bottom), (other, below) = _fraction(node.left), _fraction(node.right)
    if node.operator == "*":
        return _times(top, other), _times(bottom, below)
    if node.operator == "/":
        return _times(top, below), _times(bottom, other)
    return _plus(_times(top, below), _times(other, bottom), 1 if node.operator == "+" else -1), _times(bottom, below)


def _plus(one: Polynomial, other: Polynomial, sign: int) -> Polynomial:
    total = dict(one)
    for term, factor in other.items():
        value = total.pop(term, Fraction(0)) + sign * factor
        if value:
            total[term] = value
    return total


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    if one is ONE or other is ONE:  # without a fraction line nothing is below it
        return other if one is ONE else one
    if len(one) * len(other) > MOST_TERMS:
        raise _TooLong
    product: Polynomial = {}
    for term, factor in one.items():
        for second, by in other.items():
            both = tuple(sorted(term + second))
            product[both] = product.get(both, Fraction(0)) + factor * by
    return {term: factor for term, factor in product.items() if factor}


def _derived(one: Polynomial, name: str) -> Polynomial:
    slope: Polynomial = {}
    for term, factor in one.items():
        if name in term:
            place = term.index(name)
            slope[term[:place] + term[place + 1 :]] = factor * term.count(name)
    return slope
