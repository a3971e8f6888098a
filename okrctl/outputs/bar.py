"""Draws how far something has come as a bar, with a mark where it is expected to be."""

from __future__ import annotations

from fractions import Fraction

from okrctl.outputs.terminal import Glyphs

CELLS = 10


def expected_mark(glyphs: Glyphs) -> str:
    """The sign for the expectation."""
    return "|" if glyphs.ellipsis.isascii() else "┃"


def progress_bar(progress: Fraction | None, expected: Fraction | None, glyphs: Glyphs, cells: int = CELLS) -> str:
    """A bar of so many cells; empty text where there is no progress to draw."""
    if progress is None:
        return ""
    gone = min(max(progress, Fraction(0)), Fraction(1)) * cells
    full = int(gone)
    drawn = glyphs.full * full + _partial_cell(gone - full, glyphs) if full < cells else glyphs.full * cells
    drawn += glyphs.empty * (cells - len(drawn))
    if expected is None:
        return drawn
    place = min(int(min(max(expected, Fraction(0)), Fraction(1)) * cells), cells - 1)
    return drawn[:place] + expected_mark(glyphs) + drawn[place + 1 :]


def _partial_cell(share: Fraction, glyphs: Glyphs) -> str:
    number = int(share * (len(glyphs.partial) + 1))
    return glyphs.partial[number - 1] if number else ""
