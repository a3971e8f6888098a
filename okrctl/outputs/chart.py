"""Draws the course of a value over time as columns of a text, with its lowest and highest value and both days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from okrctl.outputs.terminal import Glyphs, pad, width_of

ROWS = 8
WIDEST = 100


def chart(points: Sequence[tuple[date, Fraction]], labels: tuple[str, str], width: int, glyphs: Glyphs) -> list[str]:
    """The lines of a chart of at most `width` columns.

    `points` are in order of days, `labels` say the lowest and the highest value. Every column has the newest value of
    its stretch of days. No lines where there is nothing to draw.
    """
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return []
    margin = max(map(width_of, labels))
    cells = min(width - margin - 2, WIDEST)
    if cells < ROWS:
        return []
    heights = _heights(points, cells, len(glyphs.spark))
    lines = [
        f"{pad(labels[1] if row == ROWS - 1 else labels[0] if row == 0 else '', margin, right=True)} "
        f"{_edge(glyphs)}{''.join(_cell(height, row, glyphs) for height in heights)}".rstrip()
        for row in range(ROWS - 1, -1, -1)
    ]
    first, last = str(points[0][0]), str(points[-1][0])
    room = len(heights) - len(first)
    below = f"{first}{last.rjust(room)}" if room > len(last) else first
    return [*lines, " " * (margin + 2) + below]


def _edge(glyphs: Glyphs) -> str:
    return glyphs.through[0]


def _heights(points: Sequence[tuple[date, Fraction]], cells: int, levels: int) -> list[int]:
    """How many levels high each column is, at least one."""
    days = [day for day, _ in points]
    numbers = [value for _, value in points]
    low, spread = min(numbers), max(numbers) - min(numbers)
    top = ROWS * levels - 1
    found = []
    length = (days[-1] - days[0]).days
    for cell in range(cells):
        day = days[0] + timedelta(days=length * cell // (cells - 1))
        value = numbers[bisect_right(days, day) - 1]
        found.append(1 + int((value - low) * top / spread + Fraction(1, 2)) if spread else top // 2)
    return found


def _cell(height: int, row: int, glyphs: Glyphs) -> str:
    level = height - row * len(glyphs.spark)
    return " " if level <= 0 else glyphs.spark[min(level, len(glyphs.spark)) - 1]
