"""Tells whether a file records a change of what was agreed under `amended`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from okrctl.history.diff.change import Node
from okrctl.schema.model import AGREED_KEYS
from okrctl.values import quantity
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective


def is_recorded(field: str, old: Any, before: Node, after: Node) -> bool:
    """Whether a record that the old state lacks names the field, and for a number the very value that it had."""
    if isinstance(after, Objective):
        return any(_is_named(field, old, _previous_key_result(before, one), one) for one in after.key_results)
    return isinstance(after, KeyResult) and _is_named(
        field, old, before if isinstance(before, KeyResult) else None, after
    )


def _previous_key_result(before: Node, after: KeyResult) -> KeyResult | None:
    results = before.key_results if isinstance(before, Objective) else []
    return next((one for one in results if one.id in (after.id, after.model.formerly)), None)


def _is_named(field: str, old: Any, before: KeyResult | None, after: KeyResult) -> bool:
    known = before.model.amended if before else []
    names = {field.partition(".")[0], *after.measure.aliases.get(field, ())} & set(AGREED_KEYS)
    new = [one for one in after.model.amended if one not in known]
    return any(name in one.was and _is_old_value(one.was[name], old) for one in new for name in names)


def _is_old_value(said: Any, old: Any) -> bool:
    if not isinstance(old, Quantity | Fraction) or not isinstance(said, str):
        return True
    try:
        return quantity.parse(said).number == (old.number if isinstance(old, Quantity) else old)
    except quantity.QuantityError:
        return False
