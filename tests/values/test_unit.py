"""Units: what is money, and which are the same."""

from __future__ import annotations

from okrctl.values.unit import is_money, is_same_unit


def test_units_agree_by_their_text_or_as_sign_and_code_of_one_currency() -> None:
    assert (
        is_same_unit("€", " EUR")
        and is_same_unit("$", "USD")
        and is_same_unit("users", "users ")
        and is_same_unit(None, "")
    )
    assert not is_same_unit("users", "Users") and not is_same_unit("$", "€") and not is_same_unit("%", None)
    assert not is_same_unit("%", "pp")


def test_knows_money() -> None:
    assert all(is_money(unit) for unit in ("€", "$", "EUR", "CHF", "US$", "₹"))
    assert not any(is_money(unit) for unit in (None, "", "%", "users", "eur", "NPS", "MRR"))
