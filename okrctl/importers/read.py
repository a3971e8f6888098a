"""Reading of a file to import, by its kind: Markdown, CSV, or an export of okrctl."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from okrctl.importers import ImportDraft, ImportOptions, markdown, okrctl_rows
from okrctl.importers import csv as delimited
from okrctl.values.errors import OkrctlError
from okrctl.values.readings import detect_delimiter

__all__ = ["ImportOptions", "read"]


def read(name: str, text: str, options: ImportOptions, columns: Mapping[str, str]) -> ImportDraft:
    """The goals of a file; `columns` has our names for its columns. OkrctlError where it cannot be read."""
    text = text.removeprefix("\ufeff")
    if name.endswith((".md", ".markdown")) or (name == "-" and text.lstrip().startswith(("#", "|"))):
        return markdown.read(text, options, columns)
    if name.endswith((".json", ".jsonl")) or (name == "-" and text.lstrip().startswith("{")):
        return okrctl_rows.read(_parse_json_rows(name, text), options.config.fiscal)
    header, rows = _parse_table(name, text)
    if set(okrctl_rows.REQUIRED_COLUMNS) <= set(header):
        if columns:
            raise OkrctlError(f"{name} is an export of okrctl", "omit --columns")
        return okrctl_rows.read(((line, _strip_quote_marks(cells)) for line, cells in rows), options.config.fiscal)
    return delimited.read(header, rows, options, columns)


def _parse_table(name: str, text: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """The header, and the rows with the numbers of their lines."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=detect_delimiter(text), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
    except csv.Error as error:
        raise OkrctlError(f"{name} is not valid CSV: {error}", "save it as CSV in UTF-8") from error
    if not any(header):
        raise OkrctlError(f"{name} has no header line", "start it with the names of the columns")
    return header, _read_rows(name, header, rows)


def _read_rows(name: str, header: list[str], rows: Any) -> Iterator[tuple[int, dict[str, str]]]:
    line = rows.line_num + 1
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = [*row, *[""] * len(header)][: len(header)]
                rest = [cell for cell in row[len(header) :] if cell.strip()]
                yield line, dict(zip(header, cells, strict=True)) | ({"": " ".join(rest)} if rest else {})
            line = rows.line_num + 1
    except csv.Error as error:
        raise OkrctlError(f"{name}:{line} is not valid CSV: {error}", "save it as CSV in UTF-8") from error


def _strip_quote_marks(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells without the quotation mark that keeps a spreadsheet from reading a text as a formula."""
    return {name: cell.removeprefix("'") for name, cell in cells.items()}


def _parse_json_rows(name: str, text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of an export, numbered from 1."""
    try:
        rows = _load_rows(text)
        if not all(set(okrctl_rows.REQUIRED_COLUMNS) <= set(row) for row in rows):
            raise KeyError
        return [
            (number, {key: "" if value is None else str(value) for key, value in row.items()})
            for number, row in enumerate(rows, 1)
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        hint = "convert it to CSV with a row for each key result"
        raise OkrctlError(f"{name} is not an export of okrctl", hint) from None


def _load_rows(text: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
        rows = data.get("rows", [data])
    except ValueError:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    return list(rows)
