"""Units: currencies and different names of one unit."""

from __future__ import annotations

from okrctl.values.unit import is_money, is_same_unit


def test_is_same_unit() -> None:
    assert (
        is_same_unit("€", " EUR")
        and is_same_unit("$", "USD")
        and is_same_unit("users", "users ")
        and is_same_unit(None, "")
    )
    assert not is_same_unit("users", "Users") and not is_same_unit("$", "€") and not is_same_unit("%", None)
    assert not is_same_unit("%", "pp")


def test_is_money() -> None:
    assert all(is_money(unit) for unit in ("€", "$", "EUR", "CHF", "US$", "₹"))
    assert not any(is_money(unit) for unit in (None, "", "%", "users", "eur", "NPS", "MRR"))
