"""Changes in words: values as people read them, and a sentence for one change."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.values import quantity
from okrctl.values.fields import StrictModel
from okrctl.values.quantity import Quantity
from okrctl.values.quantity import TargetChange as By

MISSING = "nothing"
EFFECT_WORDS = {"relaxed": "easier", "tightened": "harder"}
ARROW = "→"
MILESTONE_PARTS = ("due", "done", "weight")


def format_value(value: Any) -> str:
    """A field value as text for people."""
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
    return _format_nested(value)


def _format_nested(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{format_value(key)}: {format_value(entry)}" for key, entry in value.items())
        case list() | tuple():
            return ", ".join(map(format_value, value))
        case StrictModel():
            fields = {name: getattr(value, name) for name in type(value).model_fields}
            return format_value({name: entry for name, entry in fields.items() if entry is not None})
    return str(getattr(value, "name", value))


def format_field(field: str) -> str:
    """A field as text for people: `reading of 2026-05-01`, `due of milestone launch`, else its key."""
    kind, _, rest = field.partition(".")
    name, _, part = rest.rpartition(".")
    if kind == "milestones" and name and part in MILESTONE_PARTS:
        return f"{part} of milestone {name}"
    names = {"readings": "reading of", "milestones": "milestone", "initiatives": "initiative"}
    return f"{names[kind]} {rest}" if rest and kind in names else field


def describe_change(kind: str, field: str | None, old: Any, new: Any, effect: str | None, arrow: str = ARROW) -> str:
    """A change of a field or a node in words, with its effect: `to: 60 % → 45 % (easier)`."""
    words = kind if kind in ("added", "removed") else _describe_field(field or "", old, new, arrow)
    return f"{words} ({EFFECT_WORDS.get(effect, effect)})" if effect else words


def _describe_field(field: str, old: Any, new: Any, arrow: str) -> str:
    name = format_field(field)
    if field == "id":
        return f"id: {format_value(old)} {arrow} {format_value(new)}"
    if new is None or old is None:
        verb, value = ("removed", old) if new is None else ("added", new)
        if field == f"milestones.{value}":
            return f"{name} {verb}"
        return f"{name} removed, was {format_value(old)}" if new is None else f"{name} added: {format_value(new)}"
    return f"{name}: {format_value(old)} {arrow} {format_value(new)}"
