"""Shapley values: the change of a formula's value, split among its inputs so that the shares add up exactly.

If the inputs change one after the other, the effect of each depends on its turn; its share is the mean over all orders
(Shapley 1953). Going through all orders, or all 2^n mixtures of old and new values, is too slow for ten inputs. Instead
the module integrates along the diagonal of the multilinear extension (Owen 1972): every input is new with the same
probability x, and its share is the integral over x from 0 to 1 of the effect of its switch on the expected value. Sums
are split term by term. Within a term, inputs that occur once are independent, so that the expectation of a product is
the product of expectations, a polynomial in x. Only inputs that occur in a term several times, or in a sum that is a
divisor, are tied: the module goes through their mixtures one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import factorial

from okrctl.kpis.expression import Binary, Formula, FormulaValueError, Name, Negative, Node, Number, names_in
from okrctl.kpis.polynomial import Polynomial, add, constant, linear, multiply, negate

# With numbers of thirty digits this takes about 40 ms.
MAX_WORK = 2000

Values = Mapping[str, Fraction]


class SplitError(ValueError):
    """A change that cannot be split: a mixture has a denominator of 0, or there are too many mixtures."""


def split_change(formula: Formula, old: Values, new: Values) -> dict[str, Fraction]:
    """The share of each input in the change of the formula's value, in the order of the text; they add up to it.

    `old` and `new` have a value for every input. Raises SplitError.
    """
    shares = {name.id: Fraction(0) for name in formula.names}
    terms = [(node, sign, _tied_names(node)) for node, sign in _terms(formula.root, 1)]
    work = sum(_work_of(node, tied) for node, _, tied in terms)
    if work > MAX_WORK:
        raise SplitError(
            f"the change cannot be split: {_describe_excess(max((tied for _, _, tied in terms), key=len))}"
        )
    for node, sign, tied in terms:
        for name, share in _Term(node, tied, old, new, formula).compute_shares().items():
            shares[name] += sign * share
    return shares


def _describe_excess(tied: tuple[str, ...]) -> str:
    advice = "move parts of the formula to KPIs of their own"
    if len(tied) <= 3:
        return f"the formula is too long; {advice}"
    return f"{', '.join(tied[:3])} and {len(tied) - 3} more inputs depend on each other; {advice}"


def _terms(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    """The terms of the sum, each with its sign."""
    match node:
        case Negative():
            yield from _terms(node.operand, -sign)
        case Binary(operator="+" | "-"):
            yield from _terms(node.left, sign)
            yield from _terms(node.right, sign if node.operator == "+" else -sign)
        case _:
            yield node, sign


def _tied_names(term: Node) -> tuple[str, ...]:
    """The names in a term whose mixtures are gone through one by one."""
    counts = Counter(name.id for name in names_in(term))
    tied = {name for name, number in counts.items() if number > 1} | set(_divisor_names(term, False))
    return tuple(name for name in counts if name in tied)


def _divisor_names(node: Node, is_divisor: bool) -> Iterator[str]:
    """The names in sums that are divisors, also within a divisor."""
    match node:
        case Negative():
            yield from _divisor_names(node.operand, is_divisor)
        case Binary(operator="+" | "-") if is_divisor:
            yield from (name.id for name in names_in(node))
        case Binary():
            yield from _divisor_names(node.left, is_divisor)
            yield from _divisor_names(node.right, is_divisor or node.operator == "/")


def _work_of(term: Node, tied: tuple[str, ...]) -> int:
    """The approximate number of arithmetic operations."""
    degree = _degree_of(term, tied)
    return (1 << min(len(tied), 30)) * len(names_in(term)) * (64 + 16 * degree + degree**2) // 64


def _degree_of(node: Node, tied: tuple[str, ...]) -> int:
    """The highest power of x that the expected value of a node has."""
    match node:
        case Number():
            return 0
        case Name():
            return int(node.id not in tied)
        case Negative():
            return _degree_of(node.operand, tied)
    left, right = _degree_of(node.left, tied), _degree_of(node.right, tied)
    return left + right if node.operator in "*/" else max(left, right)


class _Term:
    """One term; `mixture` has a value for each tied name, `shares` collects the result."""

    def __init__(self, node: Node, tied: tuple[str, ...], old: Values, new: Values, formula: Formula) -> None:
        self.node, self.tied, self.old, self.new, self.formula = node, tied, old, new, formula
        self.mixture: dict[str, Fraction] = {}
        self.expected_values: dict[tuple[int, bool], Polynomial] = {}
        self.new_count = 0
        self.shares = {name.id: Fraction(0) for name in names_in(node)}

    def compute_shares(self) -> dict[str, Fraction]:
        """The shares of the term's names, over all mixtures of the tied ones."""
        for bits in range(2 ** len(self.tied)):
            added = [name for place, name in enumerate(self.tied) if bits >> place & 1]
            self.mixture = {name: (self.new if name in added else self.old)[name] for name in self.tied}
            self.new_count, self.expected_values = len(added), {}
            self._add_tied_shares(set(added))
            self._distribute(self.node, constant(Fraction(1)), False)
        return self.shares

    def _add_tied_shares(self, added: set[str]) -> None:
        value, others = self._expected_value(self.node, False), len(self.tied) - 1
        for name in self.tied:
            if name in added:
                self.shares[name] += _integral(value, self.new_count - 1, others - self.new_count + 1)
            else:
                self.shares[name] -= _integral(value, self.new_count, others - self.new_count)

    def _expected_value(self, node: Node, inverted: bool) -> Polynomial:
        """The expected value of a node, or of 1 / node, where each untied name is new with probability x."""
        key = (id(node), inverted)
        if key not in self.expected_values:
            self.expected_values[key] = self._compute_expected_value(node, inverted)
        return self.expected_values[key]

    def _compute_expected_value(self, node: Node, inverted: bool) -> Polynomial:
        match node:
            case Number():
                return constant(self._inverse(node.value, node) if inverted else node.value)
            case Name():
                return linear(*self._end_values(node, inverted))
            case Negative():
                return negate(self._expected_value(node.operand, inverted))
        if node.operator in "*/":
            if node.operator == "/":
                self._expected_value(node.right, True)  # a / (b / c) is a * c / b, but has no value where c is 0
            left = self._expected_value(node.left, inverted)
            return multiply(left, self._expected_value(node.right, inverted != (node.operator == "/")))
        if inverted:
            return constant(self._inverse(self._tied_value(node), node))
        right = self._expected_value(node.right, False)
        return add(self._expected_value(node.left, False), right if node.operator == "+" else negate(right))

    def _distribute(self, node: Node, weight: Polynomial, inverted: bool) -> None:
        """Distribute the effect of a change of this node to the names below it."""
        match node:
            case Name() if node.id not in self.mixture:
                before, after = self._end_values(node, inverted)
                part = _integral(weight, self.new_count, len(self.tied) - self.new_count)
                self.shares[node.id] += (after - before) * part
            case Negative():
                self._distribute(node.operand, negate(weight), inverted)
            case Binary(operator="+" | "-") if not inverted:
                self._distribute(node.left, weight, False)
                self._distribute(node.right, weight if node.operator == "+" else negate(weight), False)
            case Binary(operator="*" | "/"):
                right_inverted = inverted != (node.operator == "/")
                self._distribute(
                    node.left, multiply(weight, self._expected_value(node.right, right_inverted)), inverted
                )
                self._distribute(
                    node.right, multiply(weight, self._expected_value(node.left, inverted)), right_inverted
                )

    def _end_values(self, name: Name, inverted: bool) -> tuple[Fraction, Fraction]:
        """The old and the new value of a name, or their inverses; the value in the mixture twice where it is tied."""
        chosen = self.mixture.get(name.id)
        ends = (self.old[name.id], self.new[name.id]) if chosen is None else (chosen, chosen)
        return (self._inverse(ends[0], name), self._inverse(ends[1], name)) if inverted else ends

    def _tied_value(self, node: Node) -> Fraction:
        """The value of a node whose names are all tied."""
        inner = Formula(self.formula.text, node, tuple(names_in(node)))
        try:
            return inner.evaluate(self.mixture)
        except FormulaValueError as error:
            raise SplitError(f"the change cannot be split: {error.message}{self._describe_mixture(node)}") from error

    def _inverse(self, value: Fraction, node: Node) -> Fraction:
        if not value:
            raise SplitError(
                f"the change cannot be split: '{self.formula.source(node)}' is 0{self._describe_mixture(node)}"
            )
        return 1 / value

    def _describe_mixture(self, node: Node) -> str:
        """The mixture of old and new values that has no value."""
        names = dict.fromkeys(name.id for name in names_in(node) if name.id in self.mixture)
        new = [name for name in names if self.mixture[name] != self.old[name]]
        old = [name for name in names if name not in new]
        if not names:
            return ""
        groups = [f"{label} {' and '.join(ids)}" for label, ids in (("the new", new), ("the old", old)) if ids]
        return f" with {' and '.join(groups)}"


def _integral(polynomial: Polynomial, ones: int, rest: int) -> Fraction:
    """The integral of the polynomial times x^ones (1 - x)^rest from 0 to 1, by Euler's beta function."""
    size = ones + len(polynomial.coefficients) + rest
    total, weight = 0, factorial(size) * factorial(ones) * factorial(rest) // factorial(ones + rest + 1)
    for power, coefficient in enumerate(polynomial.coefficients, ones + 1):
        total += coefficient * weight
        weight = weight * power // (power + rest + 1)
    return Fraction(total, factorial(size) * polynomial.denominator)
