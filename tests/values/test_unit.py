"""Units: what is money, and which are the same."""

from __future__ import annotations

from okrctl.values.unit import is_money, same_unit


def test_units_agree_by_their_text_or_as_sign_and_code_of_one_currency() -> None:
    assert same_unit("€", " EUR") and same_unit("$", "USD") and same_unit("users", "users ") and same_unit(None, "")
    assert not same_unit("users", "Users") and not same_unit("$", "€") and not same_unit("%", None)
    assert not same_unit("%", "pp")


def test_knows_money() -> None:
    assert all(is_money(unit) for unit in ("€", "$", "EUR", "CHF", "US$", "₹"))
    assert not any(is_money(unit) for unit in (None, "", "%", "users", "eur", "NPS", "MRR"))
