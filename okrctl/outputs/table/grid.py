"""Lays out cells in columns: what is too long for its column goes on below, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from okrctl.outputs.terminal import Look, painted, width_of

GAP = "  "
LEFT_TO_RIGHT = "\u200e"


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
        yield _joined([(cell, cell.whole) for cell in cells], widths, look, indent)
        return
    columns = [broken(cell.whole, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(len(lines) for lines in columns)):
        parts = [
            (cell, lines[number] if number < len(lines) else "") for cell, lines in zip(cells, columns, strict=True)
        ]
        yield _joined(parts, widths, look, indent)


def _joined(parts: Sequence[tuple[Cell, str]], widths: Sequence[int], look: Look, indent: int) -> str:
    shown = []
    for (cell, text), width in zip(parts, widths, strict=True):
        gap = " " * (width - width_of(text))
        shown.append(gap + _styled(cell, text, look) if cell.right else _styled(cell, text, look) + gap)
    return " " * indent + GAP.join(shown).rstrip()


def _styled(cell: Cell, text: str, look: Look) -> str:
    shown = straight(text, look)
    if not look.color:
        return shown
    if cell.tail and text.endswith(cell.tail):
        front = text[: len(text) - len(cell.tail)]
        return painted(straight(front, look), cell.style, look) + painted(cell.tail, "dim", look)
    return painted(shown, cell.style, look) if cell.style else shown


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
    if width_of(text) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= width:
            lines[-1] = joined
        else:
            lines += _pieces(word, width)
    return [line for line in lines if line.strip()]


def _pieces(word: str, width: int) -> list[str]:
    if width_of(word) <= width:
        return [word]
    from rich.cells import chop_cells

    return list(chop_cells(word, width))
