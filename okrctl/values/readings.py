"""Dated values: readings written in the file, and readings kept beside it as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import islice, pairwise
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import BeforeValidator, Discriminator, Field, Tag

from okrctl.values import period, quantity
from okrctl.values.fields import Confidence, Grade, Number, ReadingDay, StrictModel, Text, optional, reject
from okrctl.values.quantity import Quantity

V = TypeVar("V")
DATE_NAMES = ("date", "day", "week", "month")
MAX_LINES = 100_000  # a reading for every day of 270 years
VALUE_NAMES = ("value", "reading", "amount")


def find_reading_key(keys: Iterable[str], day: date) -> str | None:
    """The key that stands for a day among those of readings: the day itself, or the month that it ends."""
    return next((key for key in keys if _is_key_of(key, day)), None)


def _is_key_of(key: str, day: date) -> bool:
    try:
        return period.parse_reading_day(key) == day
    except period.PeriodError:
        return False


class Reading(StrictModel, Generic[V]):
    """One check-in: a value, a belief, a word; a check-in without a value changes no value."""

    value: V | None = optional(description="What was read off")
    confidence: Confidence | None = optional(description="From 0 to 10, what the owner believes")
    forecast: V | None = optional(description="Where the owner expects to end")
    note: Text | None = optional(description="What there is to say")
    source: Text | None = optional(description="Where the value came from")


def _expand_value(raw: object) -> object:
    return {"value": raw} if isinstance(raw, str) else raw


def _reject_value(raw: object) -> object:
    if isinstance(raw, str) or (isinstance(raw, dict) and "value" in raw):
        reject("a reading has no value here", "set `done:` to the date instead; confidence and note are fine")
    return raw


class NumberReading(Reading[Number]):
    """A check-in with a number."""


class GradeReading(Reading[Grade]):
    """A check-in with a grade from 0 to 1."""


class CheckinNote(StrictModel):
    """A check-in on something that has no value of its own."""

    confidence: Confidence | None = optional(description="From 0 to 10, what the owner believes")
    note: Text | None = optional(description="What there is to say")
    value: None = Field(None, exclude=True)
    forecast: None = Field(None, exclude=True)
    source: Text | None = optional(description="Where the word came from")


class CsvReadings(StrictModel):
    """Readings kept as CSV: the file's path, relative to this file, and the names of its columns."""

    csv: Text = Field(description="Path of the CSV file, relative to this file")
    date: Text | None = optional(description="Column with the dates")
    value: Text | None = optional(description="Column with the values")


def _expand_csv_path(raw: object) -> object:
    if isinstance(raw, str) and _is_number(raw):
        reject(f"the reading '{raw}' has no date", f"write `readings: {{2026-04-13: {raw}}}` with its day")
    return {"csv": raw} if isinstance(raw, str) else raw


def _is_number(text: str) -> bool:
    try:
        quantity.parse(text)
    except quantity.QuantityError:
        return False
    return True


def _readings_tag(raw: object) -> str:
    if isinstance(raw, dict):  # asked first: whether something is a model takes longer to tell
        return "<csv>" if "csv" in raw else "<dated>"
    return "<csv>" if isinstance(raw, str | CsvReadings) else "<dated>"


DatedNumbers = dict[ReadingDay, Annotated[NumberReading, BeforeValidator(_expand_value)]]
CsvReference = Annotated[CsvReadings, BeforeValidator(_expand_csv_path)]
NumberReadings = Annotated[
    Annotated[DatedNumbers, Tag("<dated>")] | Annotated[CsvReference, Tag("<csv>")],
    Discriminator(_readings_tag),
]
GradeReadings = dict[ReadingDay, Annotated[GradeReading, BeforeValidator(_expand_value)]]
NoteReadings = dict[ReadingDay, Annotated[CheckinNote, BeforeValidator(_reject_value)]]
Reader = Callable[[str], str | None]


class CsvReading(NamedTuple):
    """A reading of a CSV file with the line it stands on."""

    day: date
    value: Quantity
    line: int


class CsvProblem(NamedTuple):
    """What is wrong in a CSV file, with its line there."""

    line: int
    message: str
    help: str = ""


def read_csv(kept: CsvReadings, content: str) -> tuple[list[CsvReading], list[CsvProblem]]:
    """The readings of a CSV file in order of date, and its faults; blank values are gaps and no faults."""
    lines, faults = [], []
    first: dict[date, int] = {}
    for number, found in enumerate(_parse_rows(kept, content)):
        if number == MAX_LINES:
            message = f"more than {MAX_LINES:,} lines; those from here on are not read"
            faults.append(CsvProblem(found.line, message, "split it"))
            break
        if isinstance(found, CsvProblem):
            faults.append(found)
        elif found.day in first:
            faults.append(
                CsvProblem(found.line, f"{found.day} stands in line {first[found.day]} already", "keep one of them")
            )
        else:
            first[found.day] = found.line
            lines.append(found)
    lines.sort()
    return lines, faults


def find_gaps_and_disorder(kept: CsvReadings, content: str) -> list[CsvProblem]:
    """What is odd in a CSV file and read all the same: days without a value, days out of order; one remark of each."""
    columns = find_columns(kept, content)
    if columns is None:
        return []
    rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=detect_delimiter(content))
    next(rows, None)
    cells: list[tuple[str, str, int]] = []
    with suppress(csv.Error):  # what cannot be read at all is told where the readings are read
        for row in islice(rows, MAX_LINES):
            if columns[0] < len(row) and row[columns[0]].strip():
                value = row[columns[1]].strip() if columns[1] < len(row) else ""
                cells.append((row[columns[0]].strip(), value, rows.line_num))
    return [*_find_gaps(cells), *_find_disorder(cells)]


def _find_gaps(cells: list[tuple[str, str, int]]) -> Iterator[CsvProblem]:
    gaps = [(day, line) for day, value, line in cells if not value]
    if gaps:
        more = f", nor on {len(gaps) - 1} more days" if len(gaps) > 1 else ""
        yield CsvProblem(gaps[0][1], f"there is no value on {gaps[0][0]}{more}", "fill the gap, or take the line out")


def _find_disorder(cells: list[tuple[str, str, int]]) -> Iterator[CsvProblem]:
    """The first day that turns against the order of those above; newest first is an order too."""
    steps = [(after > before, after, line) for (before, _, _), (after, _, line) in pairwise(cells) if after != before]
    turned = next(((day, line) for onwards, day, line in steps if onwards != steps[0][0]), None)
    if turned:
        help = "sort the lines by date; they are read in order of date"
        yield CsvProblem(turned[1], f"{turned[0]} is out of order", help)


def _parse_rows(kept: CsvReadings, content: str) -> Iterator[CsvReading | CsvProblem]:
    rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=detect_delimiter(content))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        columns = _match_columns(kept, header)
        if isinstance(columns, CsvProblem):
            yield columns
            return
        for row in rows:
            if any(cell.strip() for cell in row):
                yield from _parse_row(row, columns, rows.line_num)
    except csv.Error as error:
        yield CsvProblem(rows.line_num or 1, f"not CSV: {error}")


def detect_delimiter(content: str) -> str:
    """What parts the cells of a CSV file, by its first line: a comma, a semicolon or a tab."""
    sample = content[:4096].split("\n", 1)[0]
    return ";" if sample.count(";") > sample.count(",") else "\t" if "\t" in sample and "," not in sample else ","


def find_columns(kept: CsvReadings, content: str) -> tuple[int, int] | None:
    """The places of the columns with the dates and the values, from 0; None where the header names none."""
    rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=detect_delimiter(content))
    try:
        found = _match_columns(kept, [cell.strip() for cell in next(rows, [])])
    except csv.Error:
        return None
    return None if isinstance(found, CsvProblem) else found


def _match_columns(kept: CsvReadings, header: list[str]) -> tuple[int, int] | CsvProblem:
    if not any(header):
        return CsvProblem(
            1, "the file has no header line", "begin it with the names of its columns, such as `date,value`"
        )
    places = []
    for named, usual, position in ((kept.date, DATE_NAMES, 0), (kept.value, VALUE_NAMES, 1)):
        wanted = (named,) if named else usual
        found = [
            number for number, name in enumerate(header) if name in wanted or (not named and name.lower() in wanted)
        ]
        if not found and not named and len(header) == 2:
            found = [position]
        if not found:
            what = f"'{named}'" if named else " or ".join(f"'{name}'" for name in usual)
            return CsvProblem(1, f"there is no column {what}", f"the columns are {', '.join(header)}")
        places.append(found[0])
    return places[0], places[1]


def _parse_row(row: list[str], columns: tuple[int, int], line: int) -> Iterator[CsvReading | CsvProblem]:
    cells = [row[column].strip() if column < len(row) else "" for column in columns]
    if not cells[1]:
        return
    try:
        yield CsvReading(period.parse_reading_day(cells[0]), quantity.parse(cells[1]), line)
    except (period.PeriodError, quantity.QuantityError) as error:
        yield CsvProblem(line, error.message, error.hint)


def reading_value(reading: Any) -> Quantity | None:
    """The value of a reading, None for a check-in without one."""
    value = reading.value
    return value if isinstance(value, Quantity) else None
