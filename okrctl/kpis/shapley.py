"""Splits the change of a formula's value among its inputs so that the parts add up exactly: their Shapley values.

If the inputs change one after the other, the effect of each depends on its turn; its part is the mean over all orders
(Shapley 1953). Instead of all orders, or all 2^n mixtures of old and new, we integrate along the diagonal of the
multilinear extension (Owen 1972): every input is new with the same chance x, and its part is the integral over x from 0
to 1 of what its switching does to the expected value. Sums are split term by term. Within a term, inputs that stand in
it once are independent, so that the expectation of a product is the product of expectations, a polynomial in x. Only
inputs that stand in a term several times, or in a sum that something is divided by, are tied: their mixtures are gone
through one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import factorial

from okrctl.kpis.expression import Binary, Formula, FormulaValueError, Name, Negative, Node, Number, names_in
from okrctl.kpis.polynomial import Polynomial, constant, line, minus, plus, times

# With numbers of thirty digits this much takes some 40 ms.
MOST_WORK = 2000

Values = Mapping[str, Fraction]


class SplitError(ValueError):
    """A change that cannot be split: some mixture has a denominator of 0, or there are too many to go through."""


def split(formula: Formula, old: Values, new: Values) -> dict[str, Fraction]:
    """Each input's part in the change of the formula's value, in the order of the text; they add up to the change.

    `old` and `new` have a value for every input. Raises SplitError.
    """
    parts = {name.id: Fraction(0) for name in formula.names}
    terms = [(node, sign, _tied(node)) for node, sign in _terms(formula.root, 1)]
    work = sum(_work(node, tied) for node, _, tied in terms)
    if work > MOST_WORK:
        raise SplitError(f"no split: {_too_much(max((tied for _, _, tied in terms), key=len))}")
    for node, sign, tied in terms:
        for name, part in _Term(node, tied, old, new, formula).parts().items():
            parts[name] += sign * part
    return parts


def _too_much(tied: tuple[str, ...]) -> str:
    advice = "give parts of the formula a KPI of their own"
    if len(tied) <= 3:
        return f"the formula is too long; {advice}"
    return f"{', '.join(tied[:3])} and {len(tied) - 3} more inputs hang together too closely; {advice}"


def _terms(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    """What is added up, each with its sign."""
    match node:
        case Negative():
            yield from _terms(node.operand, -sign)
        case Binary(operator="+" | "-"):
            yield from _terms(node.left, sign)
            yield from _terms(node.right, sign if node.operator == "+" else -sign)
        case _:
            yield node, sign


def _tied(term: Node) -> tuple[str, ...]:
    """The names in a term whose mixtures must be gone through one by one."""
    counts = Counter(name.id for name in names_in(term))
    tied = {name for name, number in counts.items() if number > 1} | set(_in_divisors(term, False))
    return tuple(name for name in counts if name in tied)


def _in_divisors(node: Node, below: bool) -> Iterator[str]:
    """The names of sums that something is divided by, whether or not that is a divisor itself."""
    match node:
        case Negative():
            yield from _in_divisors(node.operand, below)
        case Binary(operator="+" | "-") if below:
            yield from (name.id for name in names_in(node))
        case Binary():
            yield from _in_divisors(node.left, below)
            yield from _in_divisors(node.right, below or node.operator == "/")


def _work(term: Node, tied: tuple[str, ...]) -> int:
    """About how many numbers are worked out."""
    degree = _degree(term, tied)
    return (1 << min(len(tied), 30)) * len(names_in(term)) * (64 + 16 * degree + degree**2) // 64


def _degree(node: Node, tied: tuple[str, ...]) -> int:
    """The highest power of x that the expected value of a node has."""
    match node:
        case Number():
            return 0
        case Name():
            return int(node.id not in tied)
        case Negative():
            return _degree(node.operand, tied)
    left, right = _degree(node.left, tied), _degree(node.right, tied)
    return left + right if node.operator in "*/" else max(left, right)


class _Term:
    """One term; `choice` says of the tied names which are new, `found` collects the parts."""

    def __init__(self, node: Node, tied: tuple[str, ...], old: Values, new: Values, formula: Formula) -> None:
        self.node, self.tied, self.old, self.new, self.formula = node, tied, old, new, formula
        self.choice: dict[str, Fraction] = {}
        self.known: dict[tuple[int, bool], Polynomial] = {}
        self.added = 0
        self.found = {name.id: Fraction(0) for name in names_in(node)}

    def parts(self) -> dict[str, Fraction]:
        """The parts of the term's names, over all mixtures of the tied ones."""
        for mixture in range(2 ** len(self.tied)):
            added = [name for place, name in enumerate(self.tied) if mixture >> place & 1]
            self.choice = {name: (self.new if name in added else self.old)[name] for name in self.tied}
            self.added, self.known = len(added), {}
            self._tied_parts(set(added))
            self._spread(self.node, constant(Fraction(1)), False)
        return self.found

    def _tied_parts(self, added: set[str]) -> None:
        value, others = self._expected(self.node, False), len(self.tied) - 1
        for name in self.tied:
            if name in added:
                self.found[name] += _integral(value, self.added - 1, others - self.added + 1)
            else:
                self.found[name] -= _integral(value, self.added, others - self.added)

    def _expected(self, node: Node, inverted: bool) -> Polynomial:
        """The expected value of a node, or of 1 / node, where each untied name is new with the chance x."""
        key = (id(node), inverted)
        if key not in self.known:
            self.known[key] = self._worked_out(node, inverted)
        return self.known[key]

    def _worked_out(self, node: Node, inverted: bool) -> Polynomial:
        match node:
            case Number():
                return constant(self._inverse(node.value, node) if inverted else node.value)
            case Name():
                return line(*self._ends(node, inverted))
            case Negative():
                return minus(self._expected(node.operand, inverted))
        if node.operator in "*/":
            if node.operator == "/":
                self._expected(node.right, True)  # a / (b / c) is a * c / b, but has no value where c is 0
            left = self._expected(node.left, inverted)
            return times(left, self._expected(node.right, inverted != (node.operator == "/")))
        if inverted:
            return constant(self._inverse(self._fixed(node), node))
        right = self._expected(node.right, False)
        return plus(self._expected(node.left, False), right if node.operator == "+" else minus(right))

    def _spread(self, node: Node, weight: Polynomial, inverted: bool) -> None:
        """Hand down what a change of this node is worth to the names below it."""
        match node:
            case Name() if node.id not in self.choice:
                before, after = self._ends(node, inverted)
                part = _integral(weight, self.added, len(self.tied) - self.added)
                self.found[node.id] += (after - before) * part
            case Negative():
                self._spread(node.operand, minus(weight), inverted)
            case Binary(operator="+" | "-") if not inverted:
                self._spread(node.left, weight, False)
                self._spread(node.right, weight if node.operator == "+" else minus(weight), False)
            case Binary(operator="*" | "/"):
                right_inverted = inverted != (node.operator == "/")
                self._spread(node.left, times(weight, self._expected(node.right, right_inverted)), inverted)
                self._spread(node.right, times(weight, self._expected(node.left, inverted)), right_inverted)

    def _ends(self, name: Name, inverted: bool) -> tuple[Fraction, Fraction]:
        """A name's old and new value, or 1 / them; that of the mixture twice where it is tied."""
        chosen = self.choice.get(name.id)
        ends = (self.old[name.id], self.new[name.id]) if chosen is None else (chosen, chosen)
        return (self._inverse(ends[0], name), self._inverse(ends[1], name)) if inverted else ends

    def _fixed(self, node: Node) -> Fraction:
        """The value of a node all of whose names are tied."""
        inner = Formula(self.formula.text, node, tuple(names_in(node)))
        try:
            return inner.evaluate(self.choice)
        except FormulaValueError as error:
            raise SplitError(f"no split: {error.message}{self._mixed(node)}") from error

    def _inverse(self, value: Fraction, node: Node) -> Fraction:
        if not value:
            raise SplitError(f"no split: '{self.formula.source(node)}' is 0{self._mixed(node)}")
        return 1 / value

    def _mixed(self, node: Node) -> str:
        """Which mixture of old and new it is that has no value."""
        names = dict.fromkeys(name.id for name in names_in(node) if name.id in self.choice)
        fresh = [name for name in names if self.choice[name] != self.old[name]]
        stale = [name for name in names if name not in fresh]
        if not names:
            return ""
        said = [f"{word} {' and '.join(some)}" for word, some in (("the new", fresh), ("the old", stale)) if some]
        return f" with {' and '.join(said)}"


def _integral(one: Polynomial, ones: int, rest: int) -> Fraction:
    """The integral of `one` times x^ones (1 - x)^rest from 0 to 1, by Euler's beta function."""
    whole = ones + len(one.factors) + rest
    total, share = 0, factorial(whole) * factorial(ones) * factorial(rest) // factorial(ones + rest + 1)
    for power, factor in enumerate(one.factors, ones + 1):
        total += factor * share
        share = share * power // (power + rest + 1)
    return Fraction(total, factorial(whole) * one.divisor)
