"""Shows the rows of an export: CSV that `okrctl import` reads back without loss, JSON, and JSON Lines."""

from __future__ import annotations

import json as standard_json
from datetime import date
from fractions import Fraction
from typing import Literal

from okrctl.analysis.export_rows import Cell, ExportTable
from okrctl.outputs import csv, json
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.quantity import MAX_DECIMALS, round_number

MAX_EXACT_DECIMALS = 30


def render(result: ExportTable, format: Literal["csv", "json", "jsonl"], style: TerminalStyle) -> str:
    """The rows in a format."""
    columns = list(result.columns)
    rows = (dict(zip(columns, cells, strict=True)) for cells in result.cells())
    match format:
        case "csv":
            return csv.document(columns, ({key: _format_cell(cell) for key, cell in row.items()} for row in rows))
        case "json":
            return json.document({"rows": list(rows)})
        case "jsonl":  # escapes what is not ASCII, so that no reader breaks a line elsewhere
            return "".join(f"{standard_json.dumps(json.plain(row))}\n" for row in rows)


def _format_cell(value: Cell) -> str:
    """A value as text; numbers are exact where they end."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return csv.format_boolean(value)
    if isinstance(value, Fraction | int):
        return _format_decimal(Fraction(value))
    if isinstance(value, date):
        return str(value)
    return csv.format_text(value, (*csv.FORMULA_PREFIXES, "'"))


def _format_decimal(number: Fraction) -> str:
    """All decimals where they end, else six."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return format(round_number(number, places if rest == 1 and places <= MAX_EXACT_DECIMALS else MAX_DECIMALS), "f")
