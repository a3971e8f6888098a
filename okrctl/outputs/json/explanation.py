"""The arithmetic of a score as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

from okrctl.analysis.explanation import Explanation, Input
from okrctl.outputs.json.scorecard import number


def plain(result: Explanation) -> dict[str, Any]:
    """The formula gives the score exactly; it is null where there is nothing to work out."""
    return {
        "version": 1,
        "ref": result.ref,
        "score": number(result.score),
        "formula": result.formula or None,
        "inputs": [_input(one) for one in result.inputs],
        "steps": result.steps,
    }


def _input(one: Input) -> dict[str, Any]:
    value = one.value.isoformat() if isinstance(one.value, date) else number(one.value)
    return {"name": one.name, "value": value, "path": one.path, "line": one.line, "commit": one.commit}
