"""Differences between two states of a workspace as plain data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.history.diff import Change, describe
from okrctl.history.score_diff import WorkspaceDiff
from okrctl.scoring.scorecard import BaselineScore
from okrctl.values.quantity import Quantity, to_json
from okrctl.values.quantity import TargetChange as By


def value(raw: Any) -> Any:
    """The value of a field: numbers to six places, days in ISO form, texts as they are."""
    match raw:
        case None | bool() | str() | int():
            return raw
        case By():
            return raw.text
        case Quantity():
            return to_json(raw.number)
        case Fraction():
            return to_json(raw)
        case date():
            return raw.isoformat()
        case dict():
            return {describe.format_value(key): value(one) for key, one in raw.items()}
        case list() | tuple():
            return [value(one) for one in raw]
    return describe.format_value(raw)


def agreed(one: BaselineScore | None) -> dict[str, Any] | None:
    """The score by what was agreed, and what differs from it."""
    if one is None:
        return None
    differences = [
        {
            "ref": each.ref,
            "field": each.field,
            "agreed": value(each.agreed),
            "now": value(each.now),
            "effect": each.effect,
        }
        for each in one.differences
    ]
    return {
        "commit": one.commit,
        "score": None if one.score is None else to_json(one.score),
        "differences": differences,
    }


def plain(result: WorkspaceDiff) -> dict[str, Any]:
    """Both sides, every change, and the scores that differ."""
    return {
        "version": 1,
        "old": result.old,
        "new": result.new,
        "changes": [_change(one) for one in result.changes],
        "scores": [{"ref": one.ref, "old": value(one.old), "new": value(one.new)} for one in result.scores],
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "kind": one.kind,
        "field": one.field,
        "old": value(one.old),
        "new": value(one.new),
        "effect": one.effect,
        "amended": one.amended,
        "path": one.path,
        "line": one.line,
    }
