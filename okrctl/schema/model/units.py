"""Makes the numbers of a node readable where its declared unit is a word that numbers alone do not know."""

from __future__ import annotations

import re
from typing import Any, Literal

from okrctl.measures import FIELD_KEYS
from okrctl.values import quantity
from okrctl.values.unit import is_known_unit

Aggregate = Literal["latest", "sum", "mean"]
AMBIGUOUS_UNITS = frozenset(("m", "k", "K", "M", "B", "bn"))
# The keys of numbers in a node, in its readings, in its alarms, and in what it was before; dates hold them too.
NUMBER_KEYS = frozenset((
    *FIELD_KEYS, "stretch", "target", "plan", "readings", "value", "forecast", "watch", "below", "above", "amended",
    "was",
))  # fmt: skip
_AMOUNT = re.compile(r"[^0-9]*[0-9][0-9.]*\s*")


def strip_declared_unit(raw: object) -> object:
    """Take a declared unit from the numbers it stands at, if it has several words or reads as a multiplier.

    `5m` may be millions, and `5kEUR` is 5000 EUR where the unit is not `kEUR`.
    Any other unit that is not on the list of known units gets a space (`4users` with `unit: users`), so that a number
    is read alike with and without it.
    """
    unit = raw.get("unit") if isinstance(raw, dict) else None
    word = unit.strip() if isinstance(unit, str) else ""
    if not word or word[0] in "0123456789.":
        return raw
    if is_known_unit(word):
        return raw
    is_read_otherwise = word in AMBIGUOUS_UNITS or len(word.split()) > 1 or _has_multiplier(word)
    return _rewrite(raw, word, "" if is_read_otherwise else f" {word}")


def _has_multiplier(unit: str) -> bool:
    """Whether a unit begins with what multiplies a number before it (`kEUR`)."""
    try:
        return quantity.parse(f"1 {unit}").number != 1
    except quantity.QuantityError:
        return False


def _rewrite(value: Any, unit: str, replacement: str) -> Any:
    """A value with another ending of all numbers that end with the unit, and all else as it is."""
    if isinstance(value, str):
        if not value.endswith(unit) or not _AMOUNT.fullmatch(value, 0, len(value) - len(unit)):
            return value
        return value[: -len(unit)].rstrip() + replacement
    if isinstance(value, list):
        return [_rewrite(inner, unit, replacement) for inner in value]
    if not isinstance(value, dict) or "csv" in value:
        return value
    return {
        key: _rewrite(inner, unit, replacement) if key in NUMBER_KEYS or str(key)[:1].isdigit() else inner
        for key, inner in value.items()
    }
