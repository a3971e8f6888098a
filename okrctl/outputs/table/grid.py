"""Lays out cells in columns: what is too long for its column goes on below, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from okrctl.outputs.terminal import Look, painted, width_of

GAP = "  "
LEFT_TO_RIGHT = "\u200e"
WIDEST_CHARACTER = 2  # columns, of one that stands alone
GLUED = "\u00a0%"  # a number and its sign stay in one line


class Cell(NamedTuple):
    """A text with its colour; `tail` follows it, dimmed."""

    text: str
    style: str = ""
    right: bool = False
    tail: str = ""

    @property
    def whole(self) -> str:
        """The text with its tail."""
        return f"{self.text}{GAP}{self.tail}" if self.tail else self.text


def row(cells: Sequence[Cell], widths: Sequence[int], look: Look, indent: int = 0) -> Iterator[str]:
    """The lines of one row; the last cell is not filled up, and without a width of the terminal nothing is broken."""
    if look.width is None:
        yield _joined([(cell, cell.whole, cell.tail) for cell in cells], widths, look, indent)
        return
    columns = [_lines(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(len(lines) for lines in columns)):
        parts = [
            (cell, *(lines[number] if number < len(lines) else ("", "")))
            for cell, lines in zip(cells, columns, strict=True)
        ]
        yield _joined(parts, widths, look, indent)


def _lines(cell: Cell, width: int) -> list[tuple[str, str]]:
    """The lines of a cell, each with the part of the tail that it ends in."""
    lines = broken(cell.whole, width)
    left, tails = cell.tail.replace(" ", ""), []
    for line in reversed(lines):
        bare = line.replace(" ", "")
        tail = line if left.endswith(bare) else cell.tail if left and line.endswith(cell.tail) else _end(line, left)
        left = left[: len(left) - len(tail.replace(" ", ""))]
        tails.append(tail)
    return list(zip(lines, reversed(tails), strict=True))


def _end(line: str, left: str) -> str:
    """The words at the end of a line that belong to what is left of the tail."""
    words = line.split(" ")
    for number in range(len(words)):
        if left and "".join(words[number:]) == left:
            return " ".join(words[number:])
    return ""


def _joined(parts: Sequence[tuple[Cell, str, str]], widths: Sequence[int], look: Look, indent: int) -> str:
    shown = []
    for (cell, text, tail), width in zip(parts, widths, strict=True):
        gap = " " * (width - width_of(text))
        styled = _styled(cell, text, tail, look)
        shown.append(gap + styled if cell.right else styled + gap)
    return " " * indent + GAP.join(shown).rstrip()


def _styled(cell: Cell, text: str, tail: str, look: Look) -> str:
    if not look.color:
        return straight(text, look)
    front = straight(text[: len(text) - len(tail)], look)
    return (painted(front, cell.style, look) if cell.style else front) + painted(tail, "dim", look)


def straight(text: str, look: Look) -> str:
    """Text that runs from right to left between marks, so that it does not turn round the figures beside it."""
    if text.isascii() or not look.unicode or not any(_from_right(character) for character in text):
        return text
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"


def _from_right(character: str) -> bool:
    from unicodedata import bidirectional

    return bidirectional(character) in ("R", "AL", "AN")


def broken(text: str, width: int) -> list[str]:
    """Text in lines of at most `width` columns, broken between words, and inside those that are longer."""
    width = max(width, WIDEST_CHARACTER)
    if width_of(text) <= width:
        return [text]
    lines = [""]
    for word in text.replace(" %", GLUED).split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= width:
            lines[-1] = joined
        else:
            lines += _pieces(word, width)
    return [line.replace(GLUED, " %") for line in lines if line.strip()]


def _pieces(word: str, width: int) -> list[str]:
    if width_of(word) <= width:
        return [word]
    from rich.cells import chop_cells

    return list(chop_cells(word, width))
