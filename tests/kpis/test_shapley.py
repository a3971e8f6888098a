"""Parts of a change: the Shapley values of the whole formula, exact, adding up, in bounded time."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import combinations
from math import factorial

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from okrctl.kpis.expression import Formula, FormulaValueError
from okrctl.kpis.formula import FormulaError, parse
from okrctl.kpis.shapley import SplitError, split_change

NAMES = "abcde"
Values = dict[str, F]


def by_definition(formula: Formula, old: Values, new: Values) -> Values:
    """The parts as Shapley defined them: mean effects over all orders, by way of all subsets."""
    names = [name.id for name in formula.names]
    subsets = [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]
    worth = {some: formula.evaluate({name: (new if name in some else old)[name] for name in names}) for some in subsets}
    parts = dict.fromkeys(names, F(0))
    for some in subsets:
        chance = F(factorial(len(some)) * factorial(max(len(names) - 1 - len(some), 0)), factorial(max(len(names), 1)))
        for name in set(names) - some:
            parts[name] += chance * (worth[some | {name}] - worth[some])
    return parts


numbers = st.fractions(-50, 50, max_denominator=6)
values = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))
operands = st.sampled_from(NAMES) | st.integers(0, 9).map(str)
expressions = st.recursive(
    operands,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda of: f"({of[0]} {of[1]} {of[2]})")
        | inner.map(lambda one: f"-{one}")
    ),
    max_leaves=7,
)


@given(expressions, values, values)
@settings(max_examples=120, deadline=None)
def test_parts_are_what_shapley_defined_and_add_up_to_the_change(text: str, old: Values, new: Values) -> None:
    formula = parse(text)
    try:
        expected = by_definition(formula, old, new)
    except FormulaValueError:
        with pytest.raises(SplitError):
            split_change(formula, old, new)
        return
    parts = split_change(formula, old, new)
    assert parts == expected
    assert sum(parts.values(), F(0)) == formula.evaluate(new) - formula.evaluate(old)


@given(expressions, values)
@settings(max_examples=40)
def test_where_nothing_moved_nobody_has_a_part(text: str, same: Values) -> None:
    formula = parse(text)
    try:
        parts = split_change(formula, same, same)
    except SplitError:
        assume(False)
    assert set(parts.values()) <= {0}


@pytest.mark.parametrize(
    ("text", "old", "new", "parts"),
    [
        # a product: each step times the mean of the other side, 2 * (10 + 20) / 2 and 10 * (3 + 5) / 2
        ("a * b", {"a": 3, "b": 10}, {"a": 5, "b": 20}, {"a": 30, "b": 40}),
        # a quotient: 100/10 = 10 to 60/20 = 3; orders: (-4 - 2) / 2 = -3; visits: (-5 + -3) / 2 = -4
        ("a / b", {"a": 100, "b": 10}, {"a": 60, "b": 20}, {"a": -3, "b": -4}),
        # an input that stands there twice is switched once
        ("a * a - b", {"a": 3, "b": 1}, {"a": 5, "b": 2}, {"a": 16, "b": -1}),
        ("a - a + b", {"a": 3, "b": 1}, {"a": 5, "b": 2}, {"a": 0, "b": 1}),
        # a share of a whole: 1/2 to 3/4; alone a makes 3/4 of it, then b nothing, and the other way round
        ("a / (a + b)", {"a": 1, "b": 1}, {"a": 3, "b": 1}, {"a": F(1, 4), "b": 0}),
    ],
)
def test_parts_on_paper(text: str, old: dict[str, int], new: dict[str, int], parts: dict[str, F]) -> None:
    both = ({name: F(value) for name, value in side.items()} for side in (old, new))
    assert split_change(parse(text), *both) == parts


@pytest.mark.parametrize(
    ("text", "old", "new", "message"),
    [
        ("100 / (a - b)", {"a": 5, "b": 3}, {"a": 3, "b": 1}, "'a - b' is 0 with the new a and the old b"),
        ("a / b", {"a": 1, "b": 1}, {"a": 1, "b": 0}, "'b' is 0"),
        ("a / (1 / b)", {"a": 1, "b": 1}, {"a": 1, "b": 0}, "'b' is 0"),
    ],
)
def test_a_mixture_without_a_value_is_named(text: str, old: dict[str, int], new: dict[str, int], message: str) -> None:
    both = ({name: F(value) for name, value in side.items()} for side in (old, new))
    with pytest.raises(SplitError) as refused:
        split_change(parse(text), *both)
    assert message in str(refused.value)


def names(number: int) -> list[str]:
    return [f"n{place}" for place in range(number)]


def chained(sign: str, number: int) -> str:
    return sign.join(names(number))


SHAPES = {
    "a sum of 200": chained(" + ", 200),
    "a product of 30": chained(" * ", 30),
    "a product of 200": chained(" * ", 200),
    "100 products": " + ".join(f"{one} * {two}" for one, two in zip(names(200)[::2], names(200)[1::2], strict=True)),
    "a divided sum of 6": f"x / ({chained(' + ', 6)})",
    "a divided sum of 199": f"x / ({chained(' + ', 199)})",
    "a weighted mean of 6": f"({' + '.join(f'w{i} * n{i}' for i in range(6))}) / (w0 + w1 + w2 + w3 + w4 + w5)",
    "60 rates": " + ".join(f"n{i} / (n{i + 1} - n{i + 2})" for i in range(0, 180, 3)),
    "one sum many times": " * ".join(f"({chained(' + ', 3)})" for _ in range(60)),
    "a ladder of quotients": " / ".join(names(150)),
}
REFUSED = ("a product of 200", "a divided sum of 199", "a ladder of quotients")


@pytest.mark.parametrize("shape", SHAPES)
def test_what_would_take_long_is_refused_and_says_why(shape: str) -> None:
    formula = parse(SHAPES[shape])
    old = {name.id: F(10**29 + 7 * place, 10**4) for place, name in enumerate(formula.names)}
    new = {name.id: F(3 * 10**28 + 11 * place * place + 1, 10**5) for place, name in enumerate(formula.names)}
    try:
        parts = split_change(formula, old, new)
    except SplitError as refused:
        assert "KPIs of their own" in str(refused)
        parts = {}
    if parts:
        assert sum(parts.values()) == formula.evaluate(new) - formula.evaluate(old)
    assert bool(parts) == (shape not in REFUSED)


@given(st.text("abcde()+-*/ .0123456789", max_size=60))
@settings(deadline=None)
def test_nothing_but_a_split_or_a_reason_comes_back(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError:
        return
    old = {name.id: F(place + 1) for place, name in enumerate(formula.names)}
    new = {name.id: F(place + 3) for place, name in enumerate(formula.names)}
    try:
        parts = split_change(formula, old, new)
    except SplitError as refused:
        assert str(refused).startswith("the change cannot be split")
    else:
        assert list(parts) == [name.id for name in formula.names]
