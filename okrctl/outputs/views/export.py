"""Shows the rows of an export: CSV that `okrctl import` reads back without loss, JSON, and JSON Lines."""

from __future__ import annotations

import json as standard_json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, Literal

from okrctl.analysis.export_rows import Cell, ExportTable
from okrctl.outputs import csv, json
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.quantity import MAX_DECIMALS, round_number

MAX_EXACT_DECIMALS = 30


Part = Sequence[Cell]
ShowPart = Callable[[Part], str]
STAMP = "\0"  # stands for the stamp in a text that is kept; no text of a row has it


def render(result: ExportTable, format: Literal["csv", "json", "jsonl"], style: TerminalStyle) -> str:
    """The rows in a format; a group whose text is kept is not worked out."""
    columns = list(result.columns)
    match format:
        case "csv":
            return csv.line(columns) + _join_lines(result, _csv_parts(result), b"csv")
        case "json":
            return json.document({"rows": [dict(zip(columns, cells, strict=True)) for cells in result.cells()]})
        case "jsonl":  # escapes what is not ASCII, so that no reader breaks a line elsewhere
            return _join_lines(result, _json_parts(result), b"jsonl")


def _join_lines(result: ExportTable, show: Sequence[ShowPart], format: bytes) -> str:
    """A line for each row."""
    *of_row, of_stamp = show
    kept = result.kept
    keys = [None if group.key is None or kept is None else group.key + format for group in result.groups]
    known = {} if kept is None else kept.load(filter(None, keys))
    shown: dict[int, tuple[Part, str]] = {}
    texts, new = [], {}
    for group, key in zip(result.groups, keys, strict=True):
        text = known.get(key) if key else None
        if text is None:
            text = _join_rows(group.build(), of_row, shown)
            if key:
                new[key] = text
        texts.append(text)
    if kept is not None:
        kept.save(new)
    return "".join(texts).replace(STAMP, of_stamp(result.stamp))


def _join_rows(
    rows: Iterable[Sequence[Part]], show: Sequence[ShowPart], shown: dict[int, tuple[Part, str]]
) -> str:  # fmt: skip
    """A line for each row. A part that several rows have in common is shown once, for most do.

    `shown` has the parts by their identity, and keeps them alive.
    """
    pieces: list[str] = []
    for row in rows:
        for part, of_part in zip(row, show, strict=True):
            known = shown.get(id(part))
            if known is None:
                known = shown[id(part)] = (part, of_part(part))
            pieces.append(known[1])
        pieces.append(STAMP)
    return "".join(pieces)


def _csv_parts(result: ExportTable) -> list[ShowPart]:
    """How each part of a line is shown, with a comma after it, and the stamp at the end."""
    *of_row, of_stamp = ([_FORMATS[kind] for kind in part.values()] for part in result.parts)
    return [*(partial(_csv_part, formats) for formats in of_row), partial(_csv_stamp, of_stamp)]


def _csv_part(formats: Sequence[Callable[[Any], str]], part: Part) -> str:
    return csv.line([*_format_cells(formats, part), ""])[:-1]


def _csv_stamp(formats: Sequence[Callable[[Any], str]], stamp: Part) -> str:
    return csv.line(_format_cells(formats, stamp))


def _json_parts(result: ExportTable) -> list[ShowPart]:
    """The same as members of an object; the first part opens it, and the stamp closes it."""
    *of_row, of_stamp = (list(part) for part in result.parts)
    first, *others = (partial(_json_part, names) for names in of_row)
    return [
        lambda part: "{" + first(part),
        *others,
        lambda stamp: _json_part(of_stamp, stamp).removesuffix(", ") + "}\n",
    ]


def _json_part(names: Sequence[str], part: Part) -> str:
    cells = zip(names, part, strict=True)
    return standard_json.dumps({name: json.plain(cell) for name, cell in cells})[1:-1] + ", "


def _format_cells(formats: Sequence[Callable[[Any], str]], cells: Part) -> list[str]:
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
