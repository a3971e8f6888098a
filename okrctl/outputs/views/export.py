"""Shows the rows of an export: CSV that `okrctl import` reads back without loss, JSON, and JSON Lines."""

from __future__ import annotations

import json as standard_json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from okrctl.analysis.export_rows import Cell, ExportTable
from okrctl.outputs import csv, json
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.quantity import MAX_DECIMALS, round_number

MAX_EXACT_DECIMALS = 30


def render(result: ExportTable, format: Literal["csv", "json", "jsonl"], style: TerminalStyle) -> str:
    """The rows in a format."""
    columns = list(result.columns)
    match format:
        case "csv":
            formats = [_FORMATS[kind] for kind in result.columns.values()]
            return csv.table(columns, (_format_row(formats, cells) for cells in result.cells()))
        case "json":
            return json.document({"rows": [dict(zip(columns, cells, strict=True)) for cells in result.cells()]})
        case "jsonl":  # escapes what is not ASCII, so that no reader breaks a line elsewhere
            rows = (dict(zip(columns, cells, strict=True)) for cells in result.cells())
            return "".join(f"{standard_json.dumps(json.plain(row))}\n" for row in rows)


def _format_row(formats: Sequence[Callable[[Any], str]], cells: Iterable[Cell]) -> list[str]:
    """The values as text, each by the type of its column; numbers are exact where they end."""
    return ["" if cell is None else format(cell) for format, cell in zip(formats, cells, strict=True)]


@lru_cache(maxsize=4096)
def _format_text(text: str) -> str:
    return csv.format_text(text, (*csv.FORMULA_PREFIXES, "'"))


def _format_fraction(number: Fraction) -> str:
    return _format_decimal(*number.as_integer_ratio())


@lru_cache(maxsize=65_536)
def _format_decimal(numerator: int, denominator: int) -> str:
    """All decimals where they end, else six; the same few numbers come in most rows, so they are kept."""
    rest, twos, fives = denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    is_exact = rest == 1 and places <= MAX_EXACT_DECIMALS
    return format(round_number(Fraction(numerator, denominator), places if is_exact else MAX_DECIMALS), "f")


_FORMATS: dict[str, Callable[[Any], str]] = {
    "str": _format_text,
    "bool": csv.format_boolean,
    "date": date.isoformat,
    "int": str,
    "Fraction": _format_fraction,
}
