"""Draws the readings of a key result over its time, the way that was expected, bounds, and where it is heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from okrctl.outputs.terminal import Glyphs, display_width, pad

ROWS, MAX_CELLS, MIN_CELLS = 9, 90, 16
Line = Sequence[tuple[date, Fraction]]


class Markers(NamedTuple):
    """What is drawn for each thing."""

    reading: str
    interpolated: str
    expected: str
    bound: str
    projected: str


UNICODE, ASCII = Markers("●", "•", "░", "─", "◌"), Markers("O", "o", ".", "-", "?")


class Plot(NamedTuple):
    """What there is to draw between two days."""

    first: date
    last: date
    readings: Line
    expected: Line
    bounds: Sequence[Fraction]
    projected: Fraction | None
    labels: tuple[str, str]


def value_range(readings: Line, expected: Line, bounds: Sequence[Fraction], heading: Fraction | None) -> list[Fraction]:
    """The lowest and the highest value that has to be in the picture; none where there is none."""
    values = [value for _, value in (*readings, *expected)] + list(bounds) + ([heading] if heading is not None else [])
    return [min(values), max(values)] if values else []


def draw_plot(what: Plot, width: int, glyphs: Glyphs) -> list[str]:
    """The lines of the picture with its legend, at most `width` columns; none where there is too little to draw."""
    ends = value_range(what.readings, what.expected, what.bounds, what.projected)
    margin = max(map(display_width, what.labels))
    cells = min(width - margin - 2, MAX_CELLS)
    if not ends or ends[0] == ends[1] or cells < MIN_CELLS or what.first >= what.last:
        return []
    signs = ASCII if glyphs.ellipsis.isascii() else UNICODE
    canvas = [[" "] * cells for _ in range(ROWS)]
    for column, row, sign in _marks(what, ends, cells, signs):
        canvas[row][column] = sign
    rows = range(ROWS - 1, -1, -1)
    names = {ROWS - 1: what.labels[1], 0: what.labels[0]}
    heads = (f"{pad(names.get(number, ''), margin, right=True)} {glyphs.vertical[0]}" for number in rows)
    lines = [f"{head}{''.join(canvas[number])}".rstrip() for head, number in zip(heads, rows, strict=True)]
    below = f"{what.first}{str(what.last).rjust(cells - 10)}" if cells > 22 else str(what.first)
    return [*lines, f"{' ' * (margin + 2)}{below}", f"{' ' * (margin + 2)}{_legend(what, signs)}"]


def _marks(what: Plot, ends: list[Fraction], cells: int, signs: Markers) -> Iterator[tuple[int, int, str]]:
    """Column, row and sign of everything, what matters most last."""
    length = (what.last - what.first).days

    def column(day: date) -> int:
        return min(max((day - what.first).days * (cells - 1) // length, 0), cells - 1)

    def row(value: Fraction) -> int:
        return int((value - ends[0]) * (ROWS - 1) / (ends[1] - ends[0]) + Fraction(1, 2))

    for bound in what.bounds:
        yield from ((place, row(bound), signs.bound) for place in range(cells))
    for place, value in _interpolate([(column(day), value) for day, value in what.expected]):
        yield place, row(value), signs.expected
    dots = [(column(day), value) for day, value in what.readings]
    for place, value in _interpolate(dots):
        yield place, row(value), signs.interpolated
    if what.projected is not None:
        yield cells - 1, row(what.projected), signs.projected
    for place, value in dots:
        yield place, row(value), signs.reading


def _interpolate(points: list[tuple[int, Fraction]]) -> Iterator[tuple[int, Fraction]]:
    """The points with straight lines between them, a value for each column."""
    for (left, low), (right, high) in pairwise(points):
        for place in range(left, right + 1):
            share = Fraction(place - left, right - left) if right > left else Fraction(1)
            yield place, low + share * (high - low)


def _legend(what: Plot, signs: Markers) -> str:
    parts = [f"{signs.reading} readings" if what.readings else ""]
    parts += [f"{signs.expected} expected" if what.expected else ""]
    parts += [f"{signs.bound} bounds" if what.bounds else ""]
    parts += [f"{signs.projected} where it is heading" if what.projected is not None else ""]
    return "  ".join(part for part in parts if part)
