"""Numbers as people write them: parsing, errors with fixes, and formatting."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.quantity import (
    Quantity,
    QuantityError,
    TargetChange,
    format_number,
    parse,
    parse_change,
    parse_count,
    parse_grade,
    round_number,
    to_json,
)
from tests.counting import calls_at_most

fractions = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**9)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1200", "1200", None),
        ("4.3", "4.3", None),
        (".5", "0.5", None),
        ("017", "17", None),
        ("+20", "20", None),
        ("-5", "-5", None),
        ("−5", "-5", None),
        (" 72% ", "72", "%"),
        ("72 %", "72", "%"),
        ("72\u00a0%", "72", "%"),
        ("-7pp", "-7", "pp"),
        ("$200k", "200000", "$"),
        ("-$5", "-5", "$"),
        ("$-5", "-5", "$"),
        ("US$ 5", "5", "US$"),
        ("EUR 3", "3", "EUR"),
        ("EUR3", "3", "EUR"),
        ("-EUR 3", "-3", "EUR"),
        ("EUR -3", "-3", "EUR"),
        ("users 5", "5", "users"),
        ("$5 USD", "5", "$"),
        ("1.2M", "1200000", None),
        ("1.2 M", "1200000", None),
        ("1.2M EUR", "1200000", "EUR"),
        ("200kEUR", "200000", "EUR"),
        ("200k€", "200000", "€"),
        ("200k users", "200000", "users"),
        ("3 bn €", "3000000000", "€"),
        ("2B", "2000000000", None),
        ("3bn", "3000000000", None),
        ("5K", "5000", None),
        ("48h", "48", "h"),
        ("5ms", "5", "ms"),
        ("5min", "5", "min"),
        ("5km", "5", "km"),
        ("5kg", "5", "kg"),
        ("1.5MB", "1.5", "MB"),
        ("5kWh", "5", "kWh"),
        ("3.5km/h", "3.5", "km/h"),
        ("9€/h", "9", "€/h"),
        ("5m2", "5", "m2"),
        ("45x", "45", "x"),
        ("3d", "3", "d"),
        ("4.5t", "4.5", "t"),
        ("200kg", "200", "kg"),
        ("2bnUSD", "2000000000", "USD"),
        ("3MW", "3", "MW"),
        ("200 kEUR", "200000", "EUR"),
        ("5 MQLS", "5", "MQLS"),
        ("5 BUGS", "5", "BUGS"),
        ("4 users", "4", "users"),
        ("4\tusers", "4", "users"),
        ("3k\u00a0users", "3000", "users"),
        ("5 W", "5", "W"),
        ("3 Mbit", "3", "Mbit"),
        ("5 Tage", "5", "Tage"),
        ("5 größere", "5", "größere"),
        ("20°C", "20", "°C"),
        ("30 req/s", "30", "req/s"),
        ("5 m2", "5", "m2"),
        ("3x", "3", "x"),
        ("5 दिन", "5", "दिन"),
        ("9" * 30, "9" * 30, None),
    ],
)
def test_parse(text: str, number: str, unit: str | None) -> None:
    assert parse(text) == (Fraction(number), unit, text)


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("5m", "m", 5),
        ("5 m", "m", 5),
        ("4users", "users", 4),
        ("7W", "W", 7),
        ("3Tage", "Tage", 3),
        ("300K", "K", 300),
        ("2B", "B", 2),
        ("5 story points", "story points", 5),
    ],
)
def test_declared_unit_is_not_a_multiplier(text: str, unit: str, number: int) -> None:
    assert parse(text, unit) == Quantity(Fraction(number), unit, text)


def test_declared_unit_is_the_default() -> None:
    assert parse("5", "users").unit == "users"
    assert parse("5k", "users") == Quantity(Fraction(5000), "users", "5k")
    assert parse("5k story points", "story points").number == 5000
    assert parse("5%", "users").unit == "%"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("cycle-7", "write a number"),
        ("1,000", "write 1000:"),
        ("1,000,000.50", "write 1000000.50:"),
        ("1.200,50", "write 1200.50:"),
        ("1.200.000", "write 1200000:"),
        ("1_000", "write 1000:"),
        ("1 000", "write 1000:"),
        ("1'000", "write 1000:"),
        ("$1,000", "write 1000:"),
        ("1,5", "write 1.5:"),
        ("NaN", "finite"),
        (".inf", "finite"),
        ("-.inf", "finite"),
        ("1:30", "90min"),
        ("1h30", "90min"),
        ("4users", "write `4 users` with a space, or declare `unit: users`"),
        ("10days", "write `10 days` with a space"),
        ("5人", "write `5 人` with a space"),
        ("7W", "write `7 W` with a space"),
        ("5kusers", "write `5 kusers` with a space"),
        ("1O0", "write 100, if the letter O is meant as the digit 0"),
        ("4O", "write 40, if the letter O is meant as the digit 0"),
        ("1o.5", "write 10.5, if the letter o"),
        ("-2l", "write -21, if the letter l is meant as the digit 1"),
        ("4O%", "write 40%, if the letter O"),
        ("1O0k", "write 100k, if the letter O"),
        ("2OkWh", "write 20kWh, if the letter O"),
        ("1O0pears", "write one number with one unit"),
        ("1O0 users", "write 100 users, if the letter O"),
        ("0x1F", "write 31 as a decimal number"),
        ("0o5", "write 5 as a decimal number"),
        ("0b101", "write 5 as a decimal number"),
        ("-0x1F", "write -31 as a decimal number"),
        ("1e3", "write 1000 without an exponent"),
        ("1E+3", "write 1000 without an exponent"),
        ("2.5e3 users", "write 2500 users without an exponent"),
        ("1e-5", "write 0.00001 without an exponent"),
        ("-1.25e1", "write -12.5 without an exponent"),
        ("1e999", "larger unit"),
        ("1e99999", "larger unit"),
        ("1e30", "larger unit"),
        ("1e-31", "larger unit"),
        ("9" * 31, "larger unit"),
        ("0x10", "decimal"),
        ("0o17", "decimal"),
        ("5m", "unit: m"),
        ("5 m", "unit: m"),
        ("5m EUR", "unit: m"),
        ("1/2", "fraction"),
        ("52 of 50", "fraction"),
        ("2026-04-13", "date"),
        ("x2", "change: x2"),
        (">= 95%", "at_least"),
        ("about 5", "at_least"),
        ("10+", "at_least"),
        ("5-10", "between: [5, 10]"),
        ("–5", "write the minus as -"),
        ("5 million", "write M"),
        ("1.2 Mio. EUR", "write M"),
        ("3 Mrd", "write bn"),
        ("3Mio", "write M"),
        ("5million EUR", "write M"),
        ("5 story points", "with unit:"),
        ("5k/month", "full number"),
        ("$5 EUR", "one of them"),
        ("KR3", "after the number"),
        ("5.", "point"),
        ("--5", "1200"),
        ("1.2.3", "1200"),
        ("½", "1200"),
        ("٣", "1200"),
        ("true", "1200"),
        ("", "1200"),
        ("5\x1b[31m", "1200"),
        ("1" * 101, "at most 100"),
    ],
)
def test_invalid_numbers_have_a_fix(text: str, hint: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    assert hint in caught.value.hint
    assert caught.value.message.isprintable()


@given(st.text(max_size=120) | st.text("0123456789.,eExX%$€-+ kKMBbnm/_'", max_size=110))
def test_any_text_is_parsed_or_rejected(text: str) -> None:
    try:
        quantity = parse(text)
    except QuantityError as error:
        assert error.message and error.hint and error.message.isprintable()
    else:
        assert abs(quantity.number) < 10**40
        assert quantity.text == text


@pytest.mark.parametrize(
    "text", ["1" * 100, "1," * 50, "a" * 100, "1 " * 50, ".1" * 50, "1e" * 50, "5" * 10**6, "- " * 50]
)
def test_hostile_texts_are_rejected_at_once(text: str) -> None:
    """A pattern that tries every split of such a text would not come back."""
    with calls_at_most(2_000), pytest.raises(QuantityError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("-7%", ("relative", Fraction(-7), "%")),
        ("+12.5 %", ("relative", Fraction(25, 2), "%")),
        ("-7pp", ("points", Fraction(-7), "pp")),
        ("−7 pp", ("points", Fraction(-7), "pp")),
        ("+20", ("absolute", Fraction(20), None)),
        ("-3h", ("absolute", Fraction(-3), "h")),
        ("+20k users", ("absolute", Fraction(20000), "users")),
        ("+$5", ("absolute", Fraction(5), "$")),
        ("$-5", ("absolute", Fraction(-5), "$")),
        ("x2", ("factor", Fraction(2), None)),
        ("×2", ("factor", Fraction(2), None)),
        ("X 0.5", ("factor", Fraction(1, 2), None)),
        ("2x", ("factor", Fraction(2), None)),
    ],
)
def test_parse_change(text: str, change: tuple[str, Fraction, str | None]) -> None:
    assert parse_change(text) == TargetChange(*change, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("7%", "write +7% or -7%"),
        ("20", "write +20 or -20"),
        ("x", "x2"),
        ("x-2", "x2"),
        ("*2", "x2"),
        ("up", "-7pp"),
        ("+1,000", "write 1000"),
    ],
)
def test_invalid_changes(text: str, hint: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_change(text)
    assert hint in caught.value.hint


def test_parse_grade() -> None:
    assert {parse_grade(text) for text in ("0.7", "70%", "7/10", " 7 / 10 ", "70 %", ".7")} == {Fraction(7, 10)}
    assert [parse_grade(text) for text in ("0", "1", "100%", "10/10")] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "text", ["7", "1.01", "101%", "-0.1", "11/10", "7/0", "70%/1", "7/", "0.7h", "good", "7/10/10"]
)
def test_invalid_grades(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_grade(text)


def test_parse_count() -> None:
    assert [parse_count(text) for text in ("3/5", "0/1", "5 / 5")] == [(3, 5), (0, 1), (5, 5)]


@pytest.mark.parametrize("text", ["52/50", "0/0", "3", "3 of 5", "-1/5", "1.5/2", "1/" + "9" * 20])
def test_invalid_counts(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_count(text)


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [
        ("0.555", 2, "0.56"),
        ("-0.555", 2, "-0.56"),
        ("0.554", 2, "0.55"),
        ("0.005", 2, "0.01"),
        ("-0.004", 2, "0.00"),
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("1/3", 4, "0.3333"),
        ("2/3", 2, "0.67"),
        ("0.995", 2, "1.00"),
    ],
)
def test_round_half_away_from_zero(number: str, places: int, shown: str) -> None:
    assert str(round_number(Fraction(number), places)) == shown


@given(fractions, st.integers(0, 8))
def test_rounding_error_is_at_most_half_a_unit(number: Fraction, places: int) -> None:
    near = Fraction(round_number(number, places))
    assert abs(near - number) <= Fraction(1, 2 * 10**places)
    assert round_number(-number, places) == -round_number(number, places)


@pytest.mark.parametrize(
    ("number", "unit", "places", "shown"),
    [
        ("72", "%", None, "72 %"),
        ("25000", "users", None, "25000 users"),
        ("200000", "$", None, "$200000"),
        ("-5", "€", None, "-€5"),
        ("3", "EUR", None, "3 EUR"),
        ("4.30", None, None, "4.3"),
        ("3.999", "%", None, "3.999 %"),
        ("1/3", "h", None, "0.333333 h"),
        ("0.0000005", None, None, "0.000001"),
        ("0.0000004", None, None, "0"),
        ("-0.0000004", "$", None, "$0"),
        ("100", None, None, "100"),
        ("1", None, 2, "1.00"),
        ("61.4", "%", 0, "61 %"),
        ("5", " ", None, "5"),
    ],
)
def test_format_number(number: str, unit: str | None, places: int | None, shown: str) -> None:
    assert format_number(Fraction(number), unit, places) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_formatted_numbers_parse_back(number: Decimal) -> None:
    for unit in (None, "%", "$", "EUR", "users", "m"):
        assert parse(format_number(Fraction(number), unit), unit)[:2] == (Fraction(number), unit)


def test_to_json() -> None:
    carried = [to_json(Fraction(n)) for n in ("3", "0.5", "1/3", "-2", "0.9999999", "1" + "0" * 400, "1e25")]
    assert carried == [3, 0.5, 0.333333, -2, 1, 10**400, 10**25]
    assert [type(n) for n in carried] == [int, float, float, int, int, int, int]
