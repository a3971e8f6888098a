"""Merges CSV files of readings by date; a line with its other columns is one value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from okrctl.merge.assembly import LineChoice, MergeError, Piece
from okrctl.merge.conflicts import Conflict, ConflictKind
from okrctl.values import period
from okrctl.values.readings import CsvReadings, find_columns
from okrctl.yaml_edit.csv_readings import CsvRow, parse_rows


class _Table(NamedTuple):
    """The header and the rows by day, in the order of the file; `tail` are rows without a date."""

    header: str
    rows: Mapping[str, CsvRow]
    columns: tuple[int, int]


def merge_csv(
    texts: tuple[str, str, str], path: str, reference: CsvReadings, is_sum: bool = False
) -> tuple[list[Piece], list[Conflict]]:
    """The merged lines of base, ours and theirs. Equal new readings of a sum are in conflict.

    Raises MergeError where a version is no file of readings, has a date twice or other columns than the base.
    """
    base, ours, theirs = (_parse(text, path, reference) for text in texts)
    first, second = ours or theirs, theirs or ours
    if first is None or second is None:
        return [], []
    if first.header.rstrip("\r\n") != second.header.rstrip("\r\n"):
        raise MergeError("one version has different columns", "merge it by hand")
    pieces: list[Piece] = [_end_line(first.header)]
    conflicts = []
    for day in _days(first, second):
        rows = (base.rows.get(day) if base else None, first.rows.get(day), second.rows.get(day))
        piece = _merge_row(*rows, is_sum)
        if isinstance(piece, LineChoice):
            conflicts.append(_conflict(path, day, first.columns[1], rows))
        if piece is not None:
            pieces.append(piece)
    return pieces, conflicts


def _conflict(path: str, day: str, column: int, rows: tuple[CsvRow | None, CsvRow | None, CsvRow | None]) -> Conflict:
    old, value, new = (row.cells[column].strip() if row else None for row in rows)
    kind: ConflictKind = "sum" if value == new and rows[0] is None else "value"
    return Conflict(path, path, f"reading of {day}", kind, old, value, new, value_path=("readings", day))


def _parse(text: str, path: str, reference: CsvReadings) -> _Table | None:
    """The rows of a version; None for an empty file."""
    lines = parse_rows(text)
    if not lines:
        return None
    columns = find_columns(reference, text)
    if columns is None:
        raise MergeError("no columns for dates and values", "merge it by hand")
    rows: dict[str, CsvRow] = {}
    for row in lines[1:]:
        if not row.text.strip():
            continue
        day = _day(row, columns, path)
        if day in rows:
            raise MergeError(f"two lines for {day}", "delete one of them, and merge again")
        rows[day] = row
    return _Table(lines[0].text, rows, columns)


def _day(row: CsvRow, columns: tuple[int, int], path: str) -> str:
    try:
        if max(columns) < len(row.cells):
            return str(period.parse_reading_day(row.cells[columns[0]].strip()))
    except period.PeriodError:
        pass
    raise MergeError(f"a line without a date: {row.text.strip()}", "correct it, and merge again")


def _days(ours: _Table, theirs: _Table) -> list[str]:
    """The days in the order of ours, new ones at their place by date."""
    days = list(ours.rows)
    is_descending = len(days) > 1 and days[0] > days[-1]
    for day in theirs.rows:
        if day not in ours.rows:
            before = [number for number, other in enumerate(days) if (other > day if is_descending else other < day)]
            days.insert(max(before) + 1 if before else 0, day)
    return days


def _merge_row(base: CsvRow | None, ours: CsvRow | None, theirs: CsvRow | None, is_sum: bool) -> Piece | None:
    cells = [None if row is None else [cell.strip() for cell in row.cells] for row in (base, ours, theirs)]
    if cells[1] == cells[2] and not (is_sum and base is None):
        taken = ours
    elif cells[1] == cells[0]:
        taken = theirs
    elif cells[2] == cells[0]:
        taken = ours
    else:
        return LineChoice(*((_end_line(row.text),) if row else () for row in (ours, theirs)))
    return None if taken is None else _end_line(taken.text)


def _end_line(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n"
