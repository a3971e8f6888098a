"""JSON: every result as plain data, keys never left out, numbers to six places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.values.json_text import dump
from okrctl.values.quantity import Quantity, TargetChange, to_json


def document(data: Mapping[str, object]) -> str:
    """The JSON document of a result, two spaces deep."""
    return dump(plain({"version": 1, **data}), indent=2)


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers to six places, days in ISO form, a dataclass as an object with its fields."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else _text(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple) and not isinstance(value, Quantity | TargetChange):
        return [plain(element) for element in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    match value:
        case Fraction():
            return to_json(value)
        case Quantity():
            return to_json(value.number)
        case TargetChange():
            return value.text
        case date():
            return value.isoformat()
    return _text(value)


def _text(value: Any) -> str:
    from okrctl.history.diff import describe  # here, since a check needs no history

    return describe.format_value(value)
