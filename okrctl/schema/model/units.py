"""The shape of numbers with one unit declared beside them all."""

from __future__ import annotations

from typing import Any, Literal

Aggregate = Literal["latest", "sum", "mean"]
AMBIGUOUS = frozenset(("m", "k", "K", "M", "B", "bn"))


def declared(raw: object) -> object:
    """Take a declared unit of several words, or one that reads as a multiplier, from the numbers, as in `5m`."""
    if not isinstance(raw, dict):
        return raw
    unit = raw.get("unit")
    if not isinstance(unit, str) or not (unit in AMBIGUOUS or " " in unit.strip()):
        return raw
    return {key: value if key in ("unit", "title", "description") else _bare(value, unit) for key, value in raw.items()}


def _bare(value: Any, unit: str) -> Any:
    if isinstance(value, str):
        number = value.removesuffix(unit).rstrip()
        return number if number != value and number[-1:].isdigit() else value
    if isinstance(value, list):
        return [_bare(one, unit) for one in value]
    return {key: _bare(one, unit) for key, one in value.items()} if isinstance(value, dict) else value
