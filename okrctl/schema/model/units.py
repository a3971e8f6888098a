"""Removes a declared unit from the numbers of a node before they are parsed."""

from __future__ import annotations

from typing import Any, Literal

Aggregate = Literal["latest", "sum", "mean"]
AMBIGUOUS_UNITS = frozenset(("m", "k", "K", "M", "B", "bn"))


def strip_declared_unit(raw: object) -> object:
    """Remove a declared unit from all numbers if it has several words or reads as a multiplier, as in `5m`."""
    if not isinstance(raw, dict):
        return raw
    unit = raw.get("unit")
    if not isinstance(unit, str) or not (unit in AMBIGUOUS_UNITS or " " in unit.strip()):
        return raw
    return {
        key: value if key in ("unit", "title", "description") else _strip_unit(value, unit)
        for key, value in raw.items()
    }


def _strip_unit(value: Any, unit: str) -> Any:
    if isinstance(value, str):
        number = value.removesuffix(unit).rstrip()
        return number if number != value and number[-1:].isdigit() else value
    if isinstance(value, list):
        return [_strip_unit(inner, unit) for inner in value]
    return {key: _strip_unit(inner, unit) for key, inner in value.items()} if isinstance(value, dict) else value
