"""All rows of a workspace as plain data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.analysis.export_rows import Cell, ExportTable, Row
from okrctl.outputs.json.scorecard import number


def plain(result: ExportTable) -> dict[str, Any]:
    """The rows under one key."""
    return {"version": 1, "rows": [row(one) for one in result.rows]}


def row(one: Row) -> dict[str, Any]:
    """One row with all its keys."""
    return {name: _value(value) for name, value in one.cells().items()}


def _value(value: Cell) -> Any:
    if isinstance(value, Fraction):
        return number(value)
    return str(value) if isinstance(value, date) else value
