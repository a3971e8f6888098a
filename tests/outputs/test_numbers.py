"""Pages write numbers so that people read them: signs, thousands, and one rounding for each KPI."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.outputs.reports.numbers import MINUS, THIN_SPACE, KpiNumbers, write_number, write_score_change
from okrctl.values.quantity import round_number
from okrctl.workspace import Kpi, disk
from tests.running import write

FILE = """\
kpis:
  - {id: share, title: A, unit: "%", readings: {2026-04-01: 2.5, 2026-05-01: 3}}
  - {id: money, title: B, unit: EUR, readings: {2026-04-01: 90503, 2026-05-01: 1.2M}}
  - {id: ratio, title: C, formula: share / money}
"""


@pytest.fixture
def kpis(tmp_path: Path) -> dict[str, Kpi]:
    """KPIs with one place, with none, and with a formula."""
    return dict(disk.load_folder(write(tmp_path, {"kpis/a.yaml": FILE})).kpis)


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("3679", "subscribers", "3679 subscribers"),
        ("90503.4", "EUR", f"90{THIN_SPACE}503.4 EUR"),
        ("-1234567", "$", f"{MINUS}$1{THIN_SPACE}234{THIN_SPACE}567"),
        ("0.123456", None, "0.123456"),
        ("5", "per 10000 users", "5 per 10000 users"),
    ],
)
def test_thousands_and_signs(number: str, unit: str | None, text: str) -> None:
    assert write_number(Fraction(number), unit) == text


def test_a_change_has_a_sign_and_nothing_has_none() -> None:
    assert write_number(Fraction(2), "EUR", is_change=True) == "+2 EUR"
    assert write_number(Fraction("-0.04"), "EUR", 1, is_change=True) == "0.0 EUR"


@given(st.fractions(min_value=-(10**12), max_value=10**12), st.integers(0, 6))
def test_a_number_stays_what_it_is(number: Fraction, places: int) -> None:
    plain = write_number(number, None, places).replace(MINUS, "-").replace(THIN_SPACE, "")
    assert Fraction(plain) == Fraction(round_number(number, places))


def test_the_numbers_of_a_kpi_have_the_places_of_its_readings(kpis: dict[str, Kpi]) -> None:
    numbers, share, money = KpiNumbers(), kpis["share"], kpis["money"]
    assert numbers.amount(Fraction(3), share) == "3.0 %"
    assert numbers.amount(Fraction("90503.4"), money) == f"90{THIN_SPACE}503 EUR"
    assert numbers.mean(Fraction(8, 3), share) == "2.67 %"
    assert numbers.mean_change(Fraction(-8, 3), money) == f"{MINUS}2.7 EUR"
    assert numbers.change(Fraction("0.2"), share) == "+0.2 points"
    assert numbers.change(Fraction(0), money) == "no change"
    assert numbers.amount(None, share) == numbers.change(None, share) == "-"


def test_the_value_of_a_formula_has_three_digits(kpis: dict[str, Kpi]) -> None:
    assert KpiNumbers().amount(Fraction(1, 3000), kpis["ratio"]) == "0.000333"
    numbers = KpiNumbers()
    assert numbers.amount(Fraction(1000, 3), kpis["ratio"]) == "333"
    assert numbers.change(Fraction(1, 2), kpis["ratio"]) == "+1"


def test_a_change_of_a_score_has_a_minus_sign() -> None:
    texts = [write_score_change(change) for change in (Fraction(-17, 100), Fraction(1, 2), None)]
    assert texts == [f"{MINUS}0.17", "+0.50", "-"]
