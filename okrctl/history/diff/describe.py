"""Puts what changed into words: values as people read them, and the sentence for one difference."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.values import quantity
from okrctl.values.fields import StrictModel
from okrctl.values.quantity import Quantity
from okrctl.values.quantity import TargetChange as By

MISSING = "nothing"


def format_value(value: Any) -> str:
    """A value of a field as a person reads it."""
    match value:
        case None:
            return MISSING
        case By():
            return value.text
        case Quantity():
            return quantity.format_number(value.number, value.unit)
        case Fraction():
            return quantity.format_number(value)
        case bool():
            return "yes" if value else "no"
        case str() | date() | int():
            return " ".join(str(value).split())
        case dict():
            return ", ".join(f"{format_value(key)}: {format_value(one)}" for key, one in value.items())
        case list() | tuple():
            return ", ".join(map(format_value, value))
    if isinstance(value, StrictModel):
        stated = {name: getattr(value, name) for name in type(value).model_fields}
        return format_value({name: one for name, one in stated.items() if one is not None})
    return str(getattr(value, "name", value))


def format_field(field: str) -> str:
    """A field as a person names it: `reading of 2026-05-01`, `milestone launch`, else as it is written."""
    kind, _, rest = field.partition(".")
    names = {"readings": "reading of", "milestones": "milestone", "initiatives": "initiative"}
    return f"{names[kind]} {rest}" if rest and kind in names else field


def describe_change(kind: str, field: str | None, old: Any, new: Any, effect: str | None) -> str:
    """What became of one field, or of the whole thing, and whether that is easier or harder."""
    if kind == "added":
        words = "joined later" if effect is None else "is new"
    elif kind == "removed":
        words = "is gone"
    elif new is None:
        words = f"{format_field(field or '')} is gone, was {format_value(old)}"
    elif old is None:
        words = f"{format_field(field or '')} is {format_value(new)}, was not there"
    else:
        words = f"{format_field(field or '')} was {format_value(old)}, is {format_value(new)}"
    return f"{words} ({effect})" if effect else words
