"""CSV: a header and rows, in which no text can pass for a formula of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from okrctl.outputs.terminal import sanitize

FORMULA_PREFIXES = ("=", "+", "-", "@")


def document(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The header and the rows; a missing value is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


class _Line:
    """Takes what a writer of CSV writes, and returns it."""

    write = staticmethod(str)


_write_line = csv.writer(_Line(), lineterminator="\n").writerow


def line(cells: Iterable[str]) -> str:
    """One line with its cells."""
    text: str = _write_line(cells)
    return text


def format_text(text: str | None, prefixes: tuple[str, ...] = FORMULA_PREFIXES) -> str:
    """Text with a quotation mark in front where a spreadsheet would take it for a formula."""
    shown = sanitize(text or "")
    return f"'{shown}" if shown.startswith(prefixes) else shown


def format_boolean(value: bool) -> str:
    """A truth value as `okrctl import` reads it."""
    return "true" if value else "false"
