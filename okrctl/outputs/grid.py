"""Lays out cells in columns on a terminal.

Text too long for its column continues below; a row of `one_line` ends there in an ellipsis, so that the eye finds
columns to run down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from okrctl.outputs.terminal import TerminalStyle, clip, display_width, paint

GAP = "  "
LEFT_TO_RIGHT = "\u200e"
FACT_LABEL = 12  # columns of the labels
MAX_CHARACTER_WIDTH = 2  # columns that one character may take
NO_BREAK_PERCENT = "\u00a0%"  # keeps a number and its sign on one line


class Cell(NamedTuple):
    """A text with its colour; `tail` follows it, dimmed."""

    text: str
    color: str = ""
    right: bool = False
    tail: str = ""

    @property
    def full_text(self) -> str:
        """The text with its tail."""
        return f"{self.text}{GAP}{self.tail}" if self.tail else self.text


class Fact(NamedTuple):
    """A label with what it says, in colour; without text it is not shown."""

    label: str
    text: str
    color: str = ""


def heading(text: str, tail: str, style: TerminalStyle) -> Iterator[str]:
    """The lines of a bold title with a dimmed tail."""
    return layout_row([Cell(text, "bold", tail=tail)], [style.width or 0], style)


def paragraph(text: str, style: TerminalStyle, color: str = "", indent: int = 0) -> Iterator[str]:
    """A text in lines as wide as the terminal, all of them indented."""
    for line in fold_text(text, style.width - indent) if style.width else [text]:
        yield " " * indent + (paint(line, color, style) if color else line)


def fact_lines(facts: Iterable[Fact], style: TerminalStyle) -> Iterator[str]:
    """A line for each fact that has a text: the label dimmed, the text in a column of its own."""
    rest = max(style.width - FACT_LABEL - len(GAP), 1) if style.width else 0
    for fact in facts:
        if fact.text:
            yield from layout_row([Cell(fact.label, "dim"), Cell(fact.text, fact.color)], [FACT_LABEL, rest], style)


def layout_row(cells: Sequence[Cell], widths: Sequence[int], style: TerminalStyle, indent: int = 0) -> Iterator[str]:
    """The lines of one row; the last cell is not padded, and nothing is broken where the terminal has no width."""
    if style.width is None:
        yield _join_cells([(cell, cell.full_text, cell.tail) for cell in cells], widths, style, indent)
        return
    columns = [_cell_lines(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(len(lines) for lines in columns)):
        parts = [
            (cell, *(lines[number] if number < len(lines) else ("", "")))
            for cell, lines in zip(cells, columns, strict=True)
        ]
        yield _join_cells(parts, widths, style, indent)


def one_line(cells: Sequence[Cell], widths: Sequence[int], style: TerminalStyle, indent: int = 0) -> str:
    """One row on one line: on a terminal a text too long for its column ends in an ellipsis, elsewhere it is whole."""
    shown = []
    for cell, width in zip(cells, widths, strict=True):
        text = cell.text if style.width is None else clip(cell.text, width, style.glyphs)
        shown.append((cell, text, ""))
    return _join_cells(shown, widths, style, indent)


def _cell_lines(cell: Cell, width: int) -> list[tuple[str, str]]:
    """The lines of a cell, each with the part of the tail that it ends in."""
    lines = fold_text(cell.full_text, width)
    rest, tails = cell.tail.replace(" ", ""), []
    for line in reversed(lines):
        bare = line.replace(" ", "")
        if rest.endswith(bare):
            tail = line
        else:
            tail = cell.tail if rest and line.endswith(cell.tail) else _tail_words(line, rest)
        rest = rest[: len(rest) - len(tail.replace(" ", ""))]
        tails.append(tail)
    return list(zip(lines, reversed(tails), strict=True))


def _tail_words(line: str, rest: str) -> str:
    """The words at the end of a line that belong to the rest of the tail."""
    words = line.split(" ")
    for number in range(len(words)):
        if rest and "".join(words[number:]) == rest:
            return " ".join(words[number:])
    return ""


def _join_cells(
    parts: Sequence[tuple[Cell, str, str]], widths: Sequence[int], style: TerminalStyle, indent: int
) -> str:
    shown = []
    for (cell, text, tail), width in zip(parts, widths, strict=True):
        gap = " " * (width - display_width(text))
        painted = _paint_cell(cell, text, tail, style)
        shown.append(gap + painted if cell.right else painted + gap)
    return " " * indent + GAP.join(shown).rstrip()


def _paint_cell(cell: Cell, text: str, tail: str, style: TerminalStyle) -> str:
    if not style.color:
        return isolate_direction(text, style)
    front = isolate_direction(text[: len(text) - len(tail)], style)
    return (paint(front, cell.color, style) if cell.color else front) + paint(tail, "dim", style)


def isolate_direction(text: str, style: TerminalStyle) -> str:
    """Text with marks around what runs from right to left, so that figures beside it stay in order."""
    if text.isascii() or not style.unicode or not any(_is_right_to_left(character) for character in text):
        return text
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"


@lru_cache(maxsize=4096)
def _is_right_to_left(character: str) -> bool:
    from unicodedata import bidirectional

    return bidirectional(character) in ("R", "AL", "AN")


def fold_text(text: str, width: int) -> list[str]:
    """Text in lines of at most `width` columns, broken between words, and inside words that are longer."""
    width = max(width, MAX_CHARACTER_WIDTH)
    if display_width(text) <= width:
        return [text]
    lines = [""]
    for word in text.replace(" %", NO_BREAK_PERCENT).split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if display_width(joined) <= width:
            lines[-1] = joined
        else:
            lines += _chop_word(word, width)
    return [line.rstrip(" ").replace(NO_BREAK_PERCENT, " %") for line in lines if line.strip()]


def _chop_word(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` columns; each is measured whole, since characters join their neighbours."""
    pieces = [""]
    for character in word:
        if pieces[-1] and display_width(pieces[-1] + character) > width:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces
