"""Writes Markdown in which the text of files stays text: no markup, no links, nobody notified."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from okrctl.outputs.plot import progress_bar, sparkline
from okrctl.outputs.terminal import UNICODE, sanitize
from okrctl.outputs.view import Cell, Table, Tone

COMMENT_LIMIT = 65_536  # characters that a comment on GitHub may have
SUMMARY_LIMIT = 1_048_576  # bytes that a job summary may have

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&])")
_MENTION = re.compile(r"(@|#|(?<![\w])![ \t]*|GH-)(?=\w)")
_LINK = re.compile(r"(?i)\b(https?|ftp|www)([:.])")
_ZERO_WIDTH_SPACE = "\u200b"  # is invisible and separates what must not be read together


def escape(text: str) -> str:
    """Text on one line that reads as it is, whatever characters it has."""
    apart = _LINK.sub(rf"\1{_ZERO_WIDTH_SPACE}\2", _MENTION.sub(rf"\1{_ZERO_WIDTH_SPACE}", sanitize(text)))
    return _MARKUP.sub(r"\\\1", apart)


def code_span(text: str) -> str:
    """Text on one line as code, also within the cell of a table."""
    inner = sanitize(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", inner)), default=0) + 1)
    space = " " if inner[:1] == "`" or inner[-1:] == "`" else ""
    return f"{fence}{space}{inner}{space}{fence}" if inner else ""


TONE_SIGNS: dict[Tone | str, str] = {"good": "🟢 ", "warn": "🟡 ", "bad": "🔴 "}
SPARKLINE_CELLS = 12


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; a head that ends in a colon is that of numbers."""
    rule = "|".join("--:" if head.endswith(":") else "---" for head in heads)
    return "\n".join([_row([head.removesuffix(":") for head in heads]), f"|{rule}|", *map(_row, rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def view_table(view: Table) -> str:
    """A table of a view, without its caption and its columns of drawings."""
    columns = [number for number, column in enumerate(view.columns) if not column.is_drawing]
    heads = [escape(view.columns[number].title) + (":" if view.columns[number].is_number else "") for number in columns]
    rows = ([_cell(row.cells[number], row.level if number == 0 else 0) for number in columns] for row in view.rows)
    return table(heads, rows)


def _cell(cell: Cell, level: int) -> str:
    """A cell: its bar, its text, its status; notes on lines below, but for a reference, which follows the text."""
    drawing = sparkline(cell.values, UNICODE, SPARKLINE_CELLS)
    if cell.bar is not None:
        drawing = code_span(progress_bar(cell.bar.progress, cell.bar.expected, UNICODE))
    text = code_span(cell.text) if cell.kind == "ref" else escape(cell.text)
    status = escape(cell.status or "")
    if status:
        status = TONE_SIGNS.get(cell.tone, "") + (status if text else f"**{status}**")
    shown = "&nbsp;" * 4 * level + " ".join(part for part in (drawing, text, status) if part)
    for note in cell.notes:
        is_ref = note.kind == "ref" and cell.kind != "ref"
        shown += f" ({_cell(note, 0)})" if is_ref else f"<br>{_cell(note, 0)}"
    return shown
