"""Reads the sheets of a workbook as tables; needs the extra `xlsx`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from okrctl.importers import SourceFile, table
from okrctl.importers.columns import Row
from okrctl.importers.meaning.notation import NATIVE
from okrctl.importers.options import ImportOptions
from okrctl.values.errors import OkrctlError

MAX_PACKED = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_CELLS = 1_000_000
_HINT = "save it as .xlsx or CSV again"
_FORMAT_CURRENCY = re.compile(r"\[\$([^-\]]+)")  # `[$€-407]` is the euro, as Germany writes it
_FORMAT_UNIT = re.compile(r'[0#]\s*"\s*([^\W\d_]{1,12})\s*"\s*$')


def is_workbook(data: bytes) -> bool:
    """Whether these are the bytes of a workbook, whatever its file is called."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def read(name: str, data: bytes, options: ImportOptions, mapping: Mapping[str, str]) -> SourceFile:
    """The goals of all sheets that have a header; OkrctlError where none has, or the file is no workbook."""
    _require_safe(name, data)
    try:
        import openpyxl
    except ImportError:
        raise OkrctlError(
            "reading .xlsx needs openpyxl", "pip install 'okrctl[xlsx]', or save the sheet as CSV"
        ) from None
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except Exception as error:  # the library raises whatever its XML and ZIP parsers do
        raise OkrctlError(
            f"{name} is not a valid workbook: {str(error)[:100] or type(error).__name__}", _HINT
        ) from error
    source = SourceFile()
    refused: list[tuple[str, OkrctlError]] = []
    for sheet in _chosen_sheets(name, workbook, options.sheet):
        try:
            _add_sheet(name, sheet, formulas[sheet.title], source, options, mapping)
        except OkrctlError as refusal:
            refused.append((sheet.title, refusal))
    if not source.goals and refused:
        raise refused[0][1]
    for title, reason in refused:
        source.report(1, f"the sheet '{title}': {reason}")
    return source


def _add_sheet(
    name: str, sheet: Any, formulas: Any, source: SourceFile, options: ImportOptions, mapping: Mapping[str, str]
) -> None:
    """Add the goals of a sheet; OkrctlError where it has cells, and no header."""
    if sheet.sheet_state != "visible" and not options.sheet:
        source.report(1, f"the sheet '{sheet.title}' is hidden; --sheet reads it")
        return
    rows = _read_sheet(name, sheet, formulas, source)
    if not any(any(row.cells) for row in rows):
        return
    found = table.read(name, rows, options, mapping, sheet.title)
    source.goals += found.goals
    source.results += [result._replace(message=f"sheet '{sheet.title}': {result.message}") for result in found.results]


def _chosen_sheets(name: str, workbook: Any, title: str | None) -> list[Any]:
    """The sheet of that title, or all; OkrctlError where there is none."""
    sheets = list(workbook.worksheets)
    if title is None:
        return sheets
    chosen = [sheet for sheet in sheets if sheet.title.casefold() == title.casefold()]
    if not chosen:
        names = ", ".join(f"'{sheet.title}'" for sheet in sheets)
        raise OkrctlError(f"{name} has no sheet '{title}'", f"its sheets are {table.truncate_names(names)}")
    return chosen


def _require_safe(name: str, data: bytes) -> None:
    """A few kilobytes may unpack to gigabytes: the archive says so before it is unpacked."""
    if len(data) > MAX_PACKED:
        raise OkrctlError(f"{name} is larger than {MAX_PACKED // 1_000_000} MB", "split it into several files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise OkrctlError(f"{name} is not a valid workbook: {error}", _HINT) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise OkrctlError(f"{name} is encrypted", "save it without a password")
    # Reading an entry stops at the size that it is declared to have.
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise OkrctlError(f"{name} unpacks to more than {MAX_UNPACKED // 1_000_000} MB", "save the sheet as CSV")


def _read_sheet(name: str, sheet: Any, formulas: Any, source: SourceFile) -> list[Row]:
    table.require_columns(f"{name}, sheet '{sheet.title}'", sheet.max_column)
    if sheet.max_row > table.MAX_ROWS or sheet.max_row * sheet.max_column > MAX_CELLS:
        raise OkrctlError(f"{name}, sheet '{sheet.title}' has too many cells", "save the part with the goals as CSV")
    merged = dict(_merged_cells(sheet))
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = []
        for cell in cells:
            origin = merged.get((cell.row, cell.column))
            value = sheet.cell(*origin).value if origin else cell.value
            texts.append(_text(value, cell.number_format or ""))
            if value is None and formulas.cell(cell.row, cell.column).data_type == "f":
                source.report(number, f"the formula of {cell.coordinate} has no stored value; open and save the file")
        rows.append(Row(number, texts))
    return rows


def _merged_cells(sheet: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The cells below the first one of each merged range; across, only the first is filled."""
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row + 1, area.max_row + 1):
            yield (row, area.min_col), (area.min_row, area.min_col)


def _text(value: object, number_format: str) -> str:
    """A cell as a person would write it into a CSV file with points and ISO dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, int | float):
        percent = "%" in number_format
        number = round(value * 100, 10) if percent else value
        text = f"{number:.10g}" if abs(number) < 1e10 else f"{number:.0f}"
        return f"{text}%{NATIVE}" if percent else f"{_with_unit(text, number_format)}{NATIVE}"
    return str(value).strip()


def _with_unit(text: str, number_format: str) -> str:
    """A number with the currency or the word that its format adds, such as `0 "ms"`."""
    coded = _FORMAT_CURRENCY.search(number_format)
    sign = coded[1] if coded else next((sign for sign in "$€£¥" if sign in number_format), "")
    if sign and sign in "$€£¥":
        return f"{sign}{text}" if not text.startswith("-") else text
    word = _FORMAT_UNIT.search(number_format.partition(";")[0])
    return f"{text} {word[1]}" if word else text
