"""Writes readings into a CSV file in its style: delimiter, quotes, columns, line ends, order of dates."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from okrctl.values import period
from okrctl.values.decimal_comma import with_comma
from okrctl.values.readings import CsvReadings, detect_delimiter, find_columns, read_csv
from okrctl.yaml_edit import EditError

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")


class CsvRow(NamedTuple):
    """One row of the file: its text with the line break, and its cells."""

    text: str
    cells: list[str]


def write_readings(reference: CsvReadings, content: str, readings: Mapping[date, str]) -> str:
    """The text of a CSV file with these readings. Raises EditError if it would not parse back."""
    rows = parse_rows(content)
    columns = find_columns(reference, content)
    if columns is None or not rows:
        raise EditError(f"{reference.csv} has no columns for dates and values", "start the file with `date,value`")
    if reference.decimal == "comma":
        readings = {day: with_comma(value) for day, value in readings.items()}
    style = _CsvStyle(content, rows, columns)
    new = "".join(_with_readings(rows, style, readings))
    has_final_break = content.endswith(("\n", "\r"))
    return _require_same_rest(reference, content, new if has_final_break else new.removesuffix(style.newline), readings)


def _with_readings(rows: list[CsvRow], style: _CsvStyle, readings: Mapping[date, str]) -> list[str]:
    """The texts of all rows: existing dates get new values, new dates follow the last row with an earlier date."""
    texts = [row.text for row in rows]
    days = [_row_day(row, style.columns[0]) for row in rows]
    indexes = {day: index for index, day in reversed(list(enumerate(days))) if day is not None}
    known = sorted(indexes)
    earlier = known, list(accumulate((indexes[day] for day in known), max))
    new_lines: dict[int, list[str]] = {}
    for day, value in sorted(readings.items()):
        if day in indexes:
            texts[indexes[day]] = style.replace_value(rows[indexes[day]], value)
        else:
            new_lines.setdefault(_row_before(earlier, day), []).append(style.format_line(day, value))
    for index, lines in new_lines.items():
        texts[index] += "" if texts[index].endswith(("\n", "\r")) else style.newline
        texts[index] += "".join(lines)
    return texts


def _row_before(earlier: tuple[list[date], list[int]], day: date) -> int:
    """The last row with an earlier date, else the header."""
    number = bisect_left(earlier[0], day)
    return earlier[1][number - 1] if number else 0


class _CsvStyle:
    def __init__(self, content: str, rows: list[CsvRow], columns: tuple[int, int]) -> None:
        self.delimiter = detect_delimiter(content)
        self.columns = columns
        self.width = len(rows[0].cells)
        breaks = re.search(r"\r\n|[\r\n]", content)
        self.newline = breaks[0] if breaks else "\n"
        last = next((row for row in reversed(rows[1:]) if _row_day(row, columns[0])), None)
        self.quotes = bool(last and last.text.lstrip().startswith('"'))
        cells = (_split_raw_cells(last.text, self.delimiter) if last else None) or []
        self.space = " " if len(cells) > 1 and all(cell.startswith(" ") for cell in cells[1:]) else ""

    def format_line(self, day: date, value: str) -> str:
        """A new line; all other columns are blank."""
        cells = [""] * self.width
        cells[self.columns[0]], cells[self.columns[1]] = str(day), value
        joint = self.delimiter + self.space
        return joint.join(self.format_cell(cell) for cell in cells).rstrip(" ") + self.newline

    def format_cell(self, text: str) -> str:
        """A cell, quoted if the file quotes its cells or the text needs it."""
        special = any(sign in text for sign in (self.delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if special or (self.quotes and text) else text

    def replace_value(self, row: CsvRow, value: str) -> str:
        """The line of a row with another value; its other cells are unchanged."""
        cells = _split_raw_cells(row.text, self.delimiter)
        ends = row.text[len(row.text.rstrip("\r\n")) :]
        place = self.columns[1]
        if cells is None or place >= len(cells):
            return self.format_line(period.parse_written_day(row.cells[self.columns[0]]).day, value)
        old = cells[place]
        lead = old[: len(old) - len(old.lstrip())]
        quoted = '"' + value.replace('"', '""') + '"' if old.strip().startswith('"') else self.format_cell(value)
        cells[place] = lead + quoted
        return self.delimiter.join(cells) + ends


def _split_raw_cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one line as written, with their quotes."""
    body = text.rstrip("\r\n")
    blank, other = (" " if delimiter == "\t" else " \t"), f"[^{re.escape(delimiter)}]*"
    pattern = re.compile(rf'[{blank}]*"(?:[^"]|"")*"{other}|{other}')
    cells, place = [], 0
    while True:
        found = pattern.match(body, place)
        if found is None:
            return None
        cells.append(found[0])
        place = found.end()
        if place >= len(body):
            return cells
        place += 1


def parse_rows(content: str) -> list[CsvRow]:
    """The rows of the file; a row with line breaks inside quotes has several lines."""
    rows: list[CsvRow] = []
    delimiter, pending = detect_delimiter(content), ""
    for found in _LINE.finditer(content):
        if not found[0] and not pending:
            continue
        pending += found[0]
        if pending.count('"') % 2 == 0:
            plain = pending.removeprefix("\ufeff")
            rows.append(CsvRow(pending, next(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter), [])))
            pending = ""
    return rows if not pending else [*rows, CsvRow(pending, [])]


def _row_day(row: CsvRow, column: int) -> date | None:
    try:
        return period.parse_written_day(row.cells[column]).day if column < len(row.cells) else None
    except period.PeriodError:
        return None


def _require_same_rest(reference: CsvReadings, old: str, new: str, readings: Mapping[date, str]) -> str:
    """The new text, if it differs from the old text only in these readings. Raises EditError otherwise."""
    before, after = (read_csv(reference, text) for text in (old, new))
    others = [[(line.day, line.value) for line in lines if line.day not in readings] for lines, _ in (before, after)]
    found = {line.day for line in after[0]}
    if others[0] != others[1] or not found.issuperset(readings) or len(after[1]) > len(before[1]):
        raise EditError(f"{reference.csv} cannot be changed safely in this form", "edit the file by hand")
    return new
