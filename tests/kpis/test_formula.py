"""Formulas of KPIs: values as exact as Python's own, and every fault at its column with its mend."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from okrctl.kpis.expression import Binary, Formula, FormulaValueError, Name, Negative, Number
from okrctl.kpis.formula import FormulaError, parse
from tests.counting import calls_at_most

VALUES = {
    "turnover": Fraction(100),
    "costs": Fraction("30.5"),
    "net-revenue": Fraction(2),
    "loss": Fraction(-3),
    "nothing": Fraction(0),
    "7-day-users": Fraction(9),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("turnover - costs", "69.5"),
        ("turnover -costs", "69.5"),
        ("turnover- costs", "69.5"),
        ("net-revenue", "2"),
        ("net-revenue - costs", "-28.5"),
        ("7-day-users / 9", "1"),
        ("7-2", "5"),
        ("1.5-costs", "-29"),
        ("10 - 2 - 3", "5"),
        ("12 / 2 / 3", "2"),
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("2 * -loss", "6"),
        ("--loss", "-3"),
        ("-(2 - 5)", "3"),
        ("turnover\n  * .5", "50"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "1/3"),
    ],
)
def test_computes(text: str, value: str) -> None:
    assert parse(text).evaluate(VALUES) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "column", "length", "said"),
    [
        ("turnover – costs", 10, 1, "en dash|write - with spaces"),
        ("turnover − costs", 10, 1, "minus sign|write -"),
        ("turnover × costs", 10, 1, "multiplication|write *"),
        ("turnover x costs", 10, 1, "letter|write *"),
        ("turnover ÷ costs", 10, 1, "division|write /"),
        ("turnover ^ 2", 10, 1, "power|multiply"),
        ("turnover ** 2", 11, 1, "power|multiply"),
        ("costs * 95%", 11, 1, "percent|write 0.95"),
        ("profit = turnover", 8, 1, "equals|right"),
        ("1,000 + costs", 2, 1, "comma|1000"),
        ("max(costs, 1)", 1, 3, "no function 'max'|+ - * / ( )"),
        ("turnover -", 10, 1, "nothing follows '-'|add"),
        ("* costs", 1, 1, "before '*'|add"),
        ("costs + * 2", 9, 1, "'*' follows '+'|one"),
        ("costs + + 2", 9, 1, "'+' follows '+'|one"),
        ("(turnover - costs", 1, 1, "never closed|)"),
        ("turnover - costs)", 17, 1, "has no matching|remove"),
        ("turnover * ()", 12, 2, "between the parentheses|numbers"),
        ("turnover costs", 10, 5, "operator is missing before 'costs'|between"),
        ("2(costs)", 2, 1, "operator is missing before '('|between"),
        ("1.2M + 3", 1, 4, "'1.2M'|write 1200000"),
        ("costs * 1e3", 9, 3, "'1e3'|write 1000"),
        ("costs * .5k", 9, 3, "'.5k'|write 500"),
        ("costs * 1.5e999", 9, 7, "'1.5e999' is not a valid number|larger unit"),
        ("costs + " + "9" * 31, 9, 31, "30 digits|"),
        ("costs\u00a0+ 5 $", 11, 1, "'$' is not allowed|numbers"),
        ("costs \x1b", 7, 1, "U+001B|numbers"),
        ("", 1, 1, "empty|numbers"),
        ("  ", 1, 1, "empty|numbers"),
        ("-" * 100 + "1", 65, 1, "64 deep|KPI"),
        ("(" * 100 + "1" + ")" * 100, 65, 1, "64 deep|KPI"),
        ("+".join("1" * 201), 401, 1, "200 operands|KPI"),
        ("a+" * 1001, 2001, 1, "too long|2000"),
    ],
)
def test_names_the_fault_its_place_and_the_mend(text: str, column: int, length: int, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    message, hint = said.split("|")
    assert (error.column, error.length) == (column, length)
    assert message in error.message and hint in error.hint


def test_names_stand_in_the_order_of_the_text_each_with_its_column() -> None:
    formula = parse("(costs + turnover) / costs")
    assert formula.names == (Name("costs", 2, 5), Name("turnover", 10, 8))
    assert [name.column for name in formula.mentions] == [2, 10, 22]


def test_the_tree_binds_by_precedence_and_knows_its_text() -> None:
    formula = parse("-a + 2 * (b - c)")
    root = formula.root
    assert isinstance(root, Binary) and root.operator == "+"
    assert root.left == Negative(Name("a", 2, 1), 1, 2)
    assert isinstance(root.right, Binary) and root.right.left == Number(Fraction(2), 6, 1)
    assert formula.source(root.right) == "2 * (b - c)"
    assert formula.source(root.right.right) == "b - c"
    assert formula.source(root) == formula.text


def test_says_which_denominator_is_zero() -> None:
    with pytest.raises(FormulaValueError, match=r"division by zero: nothing \* costs is 0") as caught:
        parse("turnover / (nothing * costs)").evaluate(VALUES)
    assert caught.value.names == ("nothing", "costs")


def test_says_which_values_are_missing() -> None:
    with pytest.raises(FormulaValueError, match="no value of visits, leads") as caught:
        parse("turnover / visits * leads / visits").evaluate(VALUES)
    assert caught.value.names == ("visits", "leads")


def test_values_that_grow_without_end_are_given_up() -> None:
    value = Fraction(10**29)
    square = parse("v * v")
    with calls_at_most(1_000), pytest.raises(FormulaValueError, match="too many digits"):
        for _ in range(30):
            value = square.evaluate({"v": value})


def test_shows_the_arithmetic_with_its_numbers() -> None:
    formula = parse("turnover - (costs + loss) * net-revenue")
    assert formula.show(VALUES) == "100 - (30.5 + (-3)) * 2"
    assert formula.show({"costs": Fraction(1, 3)}) == "turnover - (0.333333 + loss) * net-revenue"


names = st.sampled_from(["a", "b-c", "2-d", "long_name"])
leaves = names | st.integers(0, 999).map(str) | st.decimals(0, 99, places=2).map(str)
spaces = st.sampled_from(["", " ", "  "])


def _joined(parts: tuple[str, str, str, str]) -> str:
    left, operator, right, space = parts
    between = f" {operator} " if operator == "-" else f"{space}{operator}{space}"
    return f"{left}{between}{right}"


expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner, spaces).map(_joined),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-({text})"),
        leaves.map(lambda text: f"-{text}"),
    ),
    max_leaves=20,
)


SOME = {"a": Fraction(7, 3), "b-c": Fraction(-2), "2-d": Fraction("0.5"), "long_name": Fraction(0)}


def _by_python(formula: Formula) -> Fraction:
    """Python's own reading of the expression, with every number and name made a Fraction."""
    text = formula.text
    leaves: list[Name | Number] = [*formula.mentions, *_numbers(formula)]
    for leaf in sorted(leaves, key=lambda leaf: -leaf.column):
        value = SOME[leaf.id] if isinstance(leaf, Name) else Fraction(formula.source(leaf))
        start = leaf.column - 1
        text = f"{text[:start]}Fraction({value.numerator},{value.denominator}){text[start + leaf.length :]}"
    result: Fraction = eval(text, {"Fraction": Fraction, "__builtins__": {}})
    return result


def _numbers(formula: Formula) -> list[Number]:
    found: list[Number] = []
    waiting = [formula.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Number):
            found.append(node)
        elif isinstance(node, Negative):
            waiting.append(node.operand)
        elif isinstance(node, Binary):
            waiting += [node.left, node.right]
    return found


@given(expressions)
def test_agrees_with_python_over_fractions(text: str) -> None:
    formula = parse(text)
    try:
        expected = _by_python(formula)
    except ZeroDivisionError:
        with pytest.raises(FormulaValueError, match="division by zero"):
            formula.evaluate(SOME)
    else:
        assert formula.evaluate(SOME) == expected


@given(expressions, st.data(), st.sampled_from("–×÷^=,$&"))
def test_a_stranger_anywhere_is_found_where_it_stands(text: str, data: st.DataObject, stranger: str) -> None:
    places = [i for i in range(len(text) + 1) if _is_boundary(text, i)]
    at = data.draw(st.sampled_from(places))
    with pytest.raises(FormulaError) as caught:
        parse(text[:at] + stranger + text[at:])
    assert caught.value.column == at + 1


def _is_boundary(text: str, at: int) -> bool:
    """Whether the place is not inside a number or a name."""
    inside = "-_."
    before, after = text[at - 1 : at], text[at : at + 1]
    return not ((before.isalnum() or before in inside) and (after.isalnum() or after in inside)) or not (
        before and after
    )


@given(st.text(max_size=60) | st.text("ab12.-+*/() x%e", max_size=60))
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError as error:
        assert 1 <= error.column <= len(text) + 1 and error.length >= 1
        assert error.message and error.hint
    else:
        assume(formula.names)
        assert all(text[name.column - 1 :].startswith(name.id) for name in formula.mentions)


@pytest.mark.parametrize(
    "text", ["(" * 2000, "-" * 2000, "a-" * 1000, "1." * 1000, "a " * 1000, "1" * 2000, "1-" * 1000]
)
def test_hostile_formulas_are_refused_at_once(text: str) -> None:
    with calls_at_most(30_000), pytest.raises(FormulaError):
        parse(text)
