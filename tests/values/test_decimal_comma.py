"""Numbers with a decimal comma: as people type them, and what may mean two numbers."""

from __future__ import annotations

import pytest

from okrctl.values.decimal_comma import find_two_meanings, require_point, with_comma, with_point
from okrctl.values.quantity import QuantityError


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.240,5", "1240.5"),
        ("1.240", "1240"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1 240,5", "1240.5"),
        ("1240,5", "1240.5"),
        ("1,5 %", "1.5 %"),
        ("-1,5", "-1.5"),
        ("€ 1.240", "€ 1240"),
        ("0,125", "0.125"),
        (",5", ".5"),
        ("12.5", "12.5"),  # no thousands, so it means one number
        ("0.125", "0.125"),
        ("1.24", "1.24"),
        ("1240", "1240"),
        ("done", "done"),
        ("", ""),
    ],
)
def test_a_typed_number_with_a_decimal_comma(typed: str, read: str) -> None:
    assert with_point(typed) == read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.240", ("1.240", ("1240", "1.24"))),
        ("-12.345 EUR", ("12.345", ("12345", "12.3450"))),
        ("9.000", ("9.000", ("9000", "9"))),
        ("1.24", None),
        ("1.2400", None),
        ("0.125", None),  # no thousands begin with 0
        ("1234.567", None),
        ("1.234.567", None),  # refused anyway
        ("2026-06-30", None),
    ],
)
def test_three_digits_behind_the_point(text: str, found: object) -> None:
    assert find_two_meanings(text) == found


def test_a_cell_of_a_file_with_a_decimal_comma() -> None:
    assert [require_point(cell) for cell in ("1.240,5", "1.240", "7", "1,240")] == ["1240.5", "1240", "7", "1.240"]
    with pytest.raises(QuantityError, match=r"'12\.5' is not a number with a decimal comma") as caught:
        require_point("12.5")
    assert caught.value.hint == "write 12,5"


def test_a_written_number_with_a_decimal_comma() -> None:
    assert [with_comma(text) for text in ("1240.5", "-0.5", "7", "1.5 EUR")] == ["1240,5", "-0,5", "7", "1,5 EUR"]
