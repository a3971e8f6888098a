"""The models of readings in files, and the parser of readings in CSV files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import islice, pairwise
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Discriminator, Field, Tag

from okrctl.values import decimal_comma, period, quantity
from okrctl.values.fields import Confidence, Grade, Number, Prepared, ReadingDay, StrictModel, Text, optional, reject
from okrctl.values.quantity import Quantity

DATE_NAMES = ("date", "day", "week", "month")
MAX_LINES = 100_000  # daily readings of 270 years
# What a person or a YAML parser takes for a number, valid or not: `1,240`, `4users`, `0x1F`, `1e-3`, `.inf`.
_NUMBER_LIKE = re.compile(
    r"[-+]?[0-9]+([.,][0-9]+)*[^\W_]*%?|[-+]?(\.[0-9]+|[0-9]+\.?[0-9]*)([eE][-+]?[0-9]+)?|(?i:[-+]?\.inf|\.nan)"
)
VALUE_NAMES = ("value", "reading", "amount")


def find_reading_key(keys: Iterable[str], day: date) -> str | None:
    """The key for a day among the keys of readings: the date, or the month that ends on that day."""
    return next((key for key in keys if _is_key_of(key, day)), None)


def _is_key_of(key: str, day: date) -> bool:
    try:
        return period.parse_reading_day(key) == day
    except period.PeriodError:
        return False


class Reading(StrictModel):
    """One check-in: a value, a confidence, a forecast, a note. A check-in without a value changes no value."""

    value: Any = optional(description="The value")
    confidence: Confidence | None = optional(description="How confident the owner is, from 0 to 10")
    forecast: Any = optional(description="The value that the owner expects at the end")
    note: Text | None = optional(description="A note")
    source: Text | None = optional(description="Where the value comes from")


def _expand_value(raw: object) -> object:
    return {"value": raw} if isinstance(raw, str) else raw


def _reject_value(raw: object) -> object:
    if isinstance(raw, str) or (isinstance(raw, dict) and "value" in raw):
        reject(
            "a check-in of this key result cannot have a value",
            "set `done:` to the date; confidence and note are allowed",
        )
    return raw


class NumberReading(Reading):
    """A check-in with a number."""

    value: Number | None = optional(description="The value")
    forecast: Number | None = optional(description="The value that the owner expects at the end")


class GradeReading(Reading):
    """A check-in with a grade from 0 to 1."""

    value: Grade | None = optional(description="The value")
    forecast: Grade | None = optional(description="The value that the owner expects at the end")


class CheckinNote(StrictModel):
    """A check-in on an objective or key result without numbers."""

    confidence: Confidence | None = optional(description="How confident the owner is, from 0 to 10")
    note: Text | None = optional(description="A note")
    value: None = Field(None, exclude=True)
    forecast: None = Field(None, exclude=True)
    source: Text | None = optional(description="Where the check-in comes from")


class CsvReadings(StrictModel):
    """A CSV file with readings: its path and the names of its columns."""

    csv: Text = Field(description="Path of the CSV file, relative to this file")
    date: Text | None = optional(description="Column with the dates")
    value: Text | None = optional(description="Column with the values")
    decimal: Literal["point", "comma"] = optional("point", description="The decimal mark of the values")


def _expand_csv_path(raw: object) -> object:
    if isinstance(raw, str) and _is_number(raw):
        reject(f"the reading '{raw}' has no date", f"write `readings: {{2026-04-13: {raw}}}` with its date")
    return {"csv": raw} if isinstance(raw, str) else raw


def _is_number(text: str) -> bool:
    """Whether a text is a number and no path, even if the number is not valid (`1e3`, `4users`, `1,240`)."""
    if _NUMBER_LIKE.fullmatch(text):
        return True
    try:
        quantity.parse(text)
    except quantity.QuantityError:
        return False
    return True


def _readings_tag(raw: object) -> str:
    if isinstance(raw, dict):  # first, since checking for a model is slower
        return "<csv>" if "csv" in raw else "<dated>"
    return "<csv>" if isinstance(raw, str | CsvReadings) else "<dated>"


DatedNumbers = dict[ReadingDay, Annotated[NumberReading, Prepared(_expand_value)]]
CsvReference = Annotated[CsvReadings, Prepared(_expand_csv_path)]
NumberReadings = Annotated[
    Annotated[DatedNumbers, Tag("<dated>")] | Annotated[CsvReference, Tag("<csv>")],
    Discriminator(_readings_tag),
]
GradeReadings = dict[ReadingDay, Annotated[GradeReading, Prepared(_expand_value)]]
NoteReadings = dict[ReadingDay, Annotated[CheckinNote, Prepared(_reject_value)]]


class CsvReading(NamedTuple):
    """A reading in a CSV file, with its line; `time` is its time of day where the file has timestamps."""

    day: date
    value: Quantity
    line: int
    time: str = ""

    @property
    def written_day(self) -> period.WrittenDay:
        """The day and the time of day."""
        return period.WrittenDay(self.day, self.time)


class CsvProblem(NamedTuple):
    """A problem in a CSV file, with its line."""

    line: int
    message: str
    help: str = ""


def read_csv(
    reference: CsvReadings, content: str, unit: str | None = None
) -> tuple[list[CsvReading], list[CsvProblem]]:
    """The readings of a CSV file in order of date, and the problems in it; a blank value is not a problem.

    Of several timestamps on one day the latest counts; one date twice is a problem.
    `unit` is the declared unit of the key result or KPI, which may stand at the numbers.
    """
    problems: list[CsvProblem] = []
    by_day: dict[date, CsvReading] = {}
    for number, row in enumerate(csv_rows(reference, content, unit)):
        if number == MAX_LINES:
            message = f"more than {MAX_LINES:,} lines; the lines from here on are not read"
            problems.append(CsvProblem(row.line, message, "split the file"))
            break
        if isinstance(row, CsvProblem):
            problems.append(row)
            continue
        first = by_day.setdefault(row.day, row)
        if first is not row and first.time == row.time:
            message = f"duplicate date {row.day}, first in line {first.line}"
            problems.append(CsvProblem(row.line, message, "keep one of them"))
        elif first.time < row.time:
            by_day[row.day] = row
    return sorted(by_day.values()), problems


def find_gaps_and_disorder(reference: CsvReadings, content: str) -> list[CsvProblem]:
    """The first date without a value, the first out of order, and the first day with several timestamps.

    The readings are read all the same.
    """
    columns = find_columns(reference, content)
    if columns is None:
        return []
    rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=detect_delimiter(content))
    next(rows, None)
    cells: list[tuple[str, str, int]] = []
    with suppress(csv.Error):  # `read_csv` reports a file that cannot be parsed
        for row in islice(rows, MAX_LINES):
            if columns[0] < len(row) and row[columns[0]].strip():
                value = row[columns[1]].strip() if columns[1] < len(row) else ""
                cells.append((row[columns[0]].strip(), value, rows.line_num))
    return [*_find_gaps(cells), *_find_disorder(cells), *_find_shared_days(cells)]


def _find_shared_days(cells: list[tuple[str, str, int]]) -> Iterator[CsvProblem]:
    """The first day on which several timestamps with a value fall, of which the latest counts."""
    first_by_day: dict[date, str] = {}
    for text, value, line in cells:
        if value and (written := _written_day(text)) is not None and written.time:
            first = first_by_day.setdefault(written.day, text)
            if first != text:
                message = f"{first} and {text} are readings of one day, {written.day}; the later one counts"
                yield CsvProblem(line, message, "keep one value for each day")
                return


def _sort_key(text: str) -> str:
    """A text that is in order of date: the day and the time, or any other text as it is."""
    written = _written_day(text)
    return text if written is None else f"{written.day} {written.time}"


def _written_day(text: str) -> period.WrittenDay | None:
    try:
        return period.parse_written_day(text)
    except period.PeriodError:
        return None


def _find_gaps(cells: list[tuple[str, str, int]]) -> Iterator[CsvProblem]:
    gaps = [(day, line) for day, value, line in cells if not value]
    if gaps:
        more = f", nor on {len(gaps) - 1} more days" if len(gaps) > 1 else ""
        yield CsvProblem(gaps[0][1], f"there is no value on {gaps[0][0]}{more}", "add the value, or delete the line")


def _find_disorder(cells: list[tuple[str, str, int]]) -> Iterator[CsvProblem]:
    """The first date that breaks the order of the dates above, which may be ascending or descending."""
    keyed = [(_sort_key(text), text, line) for text, _, line in cells]
    steps = [(after > before, text, line) for (before, _, _), (after, text, line) in pairwise(keyed) if after != before]
    first = next(((day, line) for is_later, day, line in steps if is_later != steps[0][0]), None)
    if first:
        yield CsvProblem(first[1], f"{first[0]} is out of order", "sort the lines by date")


def csv_rows(reference: CsvReadings, content: str, unit: str | None = None) -> Iterator[CsvReading | CsvProblem]:
    """Every reading of a CSV file in the order of its lines, and every problem; see `read_csv`."""
    rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=detect_delimiter(content))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        columns = _match_columns(reference, header)
        if isinstance(columns, CsvProblem):
            yield columns
            return
        for row in rows:
            if any(cell.strip() for cell in row):
                yield from _parse_row(row, columns, rows.line_num, unit, reference.decimal == "comma")
    except csv.Error as error:
        yield CsvProblem(rows.line_num or 1, f"not CSV: {error}")


def detect_delimiter(content: str) -> str:
    """The delimiter of a CSV file according to its first line: a comma, a semicolon or a tab."""
    sample = content[:4096].split("\n", 1)[0]
    return ";" if sample.count(";") > sample.count(",") else "\t" if "\t" in sample and "," not in sample else ","


def find_columns(reference: CsvReadings, content: str) -> tuple[int, int] | None:
    """The indexes of the columns with dates and values, None if the header has none."""
    rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=detect_delimiter(content))
    try:
        columns = _match_columns(reference, [cell.strip() for cell in next(rows, [])])
    except csv.Error:
        return None
    return None if isinstance(columns, CsvProblem) else columns


def _match_columns(reference: CsvReadings, header: list[str]) -> tuple[int, int] | CsvProblem:
    if not any(header):
        return CsvProblem(1, "the file has no header line", "start it with the column names, such as `date,value`")
    columns = []
    for requested, names, default in ((reference.date, DATE_NAMES, 0), (reference.value, VALUE_NAMES, 1)):
        column = _match_column(header, requested, names, default)
        if column is None:
            missing = f"'{requested}'" if requested else " or ".join(f"'{name}'" for name in names)
            return CsvProblem(1, f"there is no column {missing}", f"columns: {', '.join(header)}")
        columns.append(column)
    return columns[0], columns[1]


def _match_column(header: list[str], requested: str | None, names: tuple[str, ...], default: int) -> int | None:
    """The index of the requested column, else of one with a usual name, else the default of a file with two columns."""
    if requested:
        return header.index(requested) if requested in header else None
    matches = [index for index, name in enumerate(header) if name.lower() in names]
    if matches:
        return matches[0]
    return default if len(header) == 2 else None


def _parse_row(
    row: list[str], columns: tuple[int, int], line: int, unit: str | None, has_comma: bool
) -> Iterator[CsvReading | CsvProblem]:
    cells = [row[column].strip() if column < len(row) else "" for column in columns]
    if not cells[1]:
        return
    try:
        day, time = period.parse_written_day(cells[0])
        value = decimal_comma.require_point(cells[1]) if has_comma else cells[1]
        yield CsvReading(day, _parse_value(value, unit), line, time)
    except (period.PeriodError, quantity.QuantityError) as error:
        yield CsvProblem(line, error.message, error.hint)


def _parse_value(cell: str, unit: str | None) -> Quantity:
    """A number, which may have the declared unit (`5kEUR`); a bare number has no unit of its own."""
    has_declared = unit is not None and cell.endswith(unit.strip())
    try:
        return quantity.parse(cell, unit if has_declared else None)
    except quantity.QuantityError:
        if unit is None:
            raise
        return quantity.parse(cell, unit)


def reading_value(reading: Any) -> Quantity | None:
    """The value of a reading, None for a check-in without a value."""
    value = reading.value
    return value if isinstance(value, Quantity) else None
