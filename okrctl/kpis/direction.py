"""Whether the value of a formula rises or falls with one of its inputs, where that is certain."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Literal

from okrctl.kpis.expression import Formula, Name, Negative, Node, Number

MAX_TERMS = 400
# A sum of products: the sorted names of each product, repeated for powers, and its coefficient.
Direction = Literal["up", "down"]
Polynomial = dict[tuple[str, ...], Fraction]
UNIT: Polynomial = {(): Fraction(1)}


class _TooManyTermsError(Exception):
    """A polynomial with more terms than `MAX_TERMS`."""


def effect_direction(formula: Formula, name: str) -> Direction | None:
    """Where the value goes when one input rises and all are above 0; None where that depends on their values.

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


@lru_cache(maxsize=64)  # callers look at each input of one formula in turn
def _quotient(root: Node) -> tuple[Polynomial, Polynomial] | None:
    try:
        return _as_fraction(root)
    except _TooManyTermsError:
        return None


def is_only_divisor(formula: Formula, name: str) -> bool:
    """Whether an input appears only as a divisor."""
    return not any(name in term for term in _numerator_terms(formula.root, False))


def _numerator_terms(node: Node, is_divisor: bool) -> list[tuple[str, ...]]:
    """The names above the fraction line, each as a term of its own."""
    match node:
        case Name():
            return [] if is_divisor else [(node.id,)]
        case Negative():
            return _numerator_terms(node.operand, is_divisor)
        case Number():
            return []
    right = _numerator_terms(node.right, is_divisor != (node.operator == "/"))
    return _numerator_terms(node.left, is_divisor) + right


def _as_fraction(node: Node) -> tuple[Polynomial, Polynomial]:
    """Numerator and denominator."""
    match node:
        case Number():
            return {(): node.value} if node.value else {}, UNIT
        case Name():
            return {(node.id,): Fraction(1)}, UNIT
        case Negative():
            top, bottom = _as_fraction(node.operand)
            return _add({}, top, -1), bottom
    (top, bottom), (right_top, right_bottom) = _as_fraction(node.left), _as_fraction(node.right)
    if node.operator == "*":
        return _multiply(top, right_top), _multiply(bottom, right_bottom)
    if node.operator == "/":
        return _multiply(top, right_bottom), _multiply(bottom, right_top)
    sign = 1 if node.operator == "+" else -1
    return _add(_multiply(top, right_bottom), _multiply(right_top, bottom), sign), _multiply(bottom, right_bottom)


def _add(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    total = dict(left)
    for term, coefficient in right.items():
        value = total.pop(term, Fraction(0)) + sign * coefficient
        if value:
            total[term] = value
    return total


def _multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    if left is UNIT or right is UNIT:  # most formulas divide by nothing
        return right if left is UNIT else left
    if len(left) * len(right) > MAX_TERMS:
        raise _TooManyTermsError
    product: Polynomial = {}
    for left_term, left_coefficient in left.items():
        for right_term, right_coefficient in right.items():
            term = tuple(sorted(left_term + right_term))
            product[term] = product.get(term, Fraction(0)) + left_coefficient * right_coefficient
    return {term: coefficient for term, coefficient in product.items() if coefficient}


def _derivative(polynomial: Polynomial, name: str) -> Polynomial:
    slope: Polynomial = {}
    for term, coefficient in polynomial.items():
        if name in term:
            place = term.index(name)
            slope[term[:place] + term[place + 1 :]] = coefficient * term.count(name)
    return slope
