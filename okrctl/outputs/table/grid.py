"""Lays out cells in columns: what is too long for its column goes on below, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from okrctl.outputs.terminal import TerminalStyle, display_width, paint

GAP = "  "
LEFT_TO_RIGHT = "\u200e"
MAX_CHARACTER_WIDTH = 2  # columns, of one that stands alone
NO_BREAK_PERCENT = "\u00a0%"  # a number and its sign stay in one line


class Cell(NamedTuple):
    """A text with its colour; `tail` follows it, dimmed."""

    text: str
    style: str = ""
    right: bool = False
    tail: str = ""

    @property
    def full_text(self) -> str:
        """The text with its tail."""
        return f"{self.text}{GAP}{self.tail}" if self.tail else self.text


def layout_row(cells: Sequence[Cell], widths: Sequence[int], look: TerminalStyle, indent: int = 0) -> Iterator[str]:
    """The lines of one row; the last cell is not filled up, and without a width of the terminal nothing is broken."""
    if look.width is None:
        yield _join_cells([(cell, cell.full_text, cell.tail) for cell in cells], widths, look, indent)
        return
    columns = [_lines(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(len(lines) for lines in columns)):
        parts = [
            (cell, *(lines[number] if number < len(lines) else ("", "")))
            for cell, lines in zip(cells, columns, strict=True)
        ]
        yield _join_cells(parts, widths, look, indent)


def _lines(cell: Cell, width: int) -> list[tuple[str, str]]:
    """The lines of a cell, each with the part of the tail that it ends in."""
    lines = fold_text(cell.full_text, width)
    left, tails = cell.tail.replace(" ", ""), []
    for line in reversed(lines):
        bare = line.replace(" ", "")
        tail = (
            line if left.endswith(bare) else cell.tail if left and line.endswith(cell.tail) else _tail_words(line, left)
        )
        left = left[: len(left) - len(tail.replace(" ", ""))]
        tails.append(tail)
    return list(zip(lines, reversed(tails), strict=True))


def _tail_words(line: str, left: str) -> str:
    """The words at the end of a line that belong to what is left of the tail."""
    words = line.split(" ")
    for number in range(len(words)):
        if left and "".join(words[number:]) == left:
            return " ".join(words[number:])
    return ""


def _join_cells(parts: Sequence[tuple[Cell, str, str]], widths: Sequence[int], look: TerminalStyle, indent: int) -> str:
    shown = []
    for (cell, text, tail), width in zip(parts, widths, strict=True):
        gap = " " * (width - display_width(text))
        styled = _paint_cell(cell, text, tail, look)
        shown.append(gap + styled if cell.right else styled + gap)
    return " " * indent + GAP.join(shown).rstrip()


def _paint_cell(cell: Cell, text: str, tail: str, look: TerminalStyle) -> str:
    if not look.color:
        return isolate_direction(text, look)
    front = isolate_direction(text[: len(text) - len(tail)], look)
    return (paint(front, cell.style, look) if cell.style else front) + paint(tail, "dim", look)


def isolate_direction(text: str, look: TerminalStyle) -> str:
    """Text that runs from right to left between marks, so that it does not turn round the figures beside it."""
    if text.isascii() or not look.unicode or not any(_is_right_to_left(character) for character in text):
        return text
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"


def _is_right_to_left(character: str) -> bool:
    from unicodedata import bidirectional

    return bidirectional(character) in ("R", "AL", "AN")


def fold_text(text: str, width: int) -> list[str]:
    """Text in lines of at most `width` columns, broken between words, and inside those that are longer."""
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
    return [line.replace(NO_BREAK_PERCENT, " %") for line in lines if line.strip()]


def _chop_word(word: str, width: int) -> list[str]:
    if display_width(word) <= width:
        return [word]
    from rich.cells import chop_cells

    return list(chop_cells(word, width))
