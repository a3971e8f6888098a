"""Draws with characters: progress bars, sparklines, and charts of readings over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from okrctl.outputs.terminal import Glyphs, display_width, pad

CELLS = 10
ROWS, MAX_CELLS, MIN_CELLS = 9, 90, 16
Line = Sequence[tuple[date, Fraction]]


def expected_mark(glyphs: Glyphs) -> str:
    """The mark in a bar for the expected progress."""
    return "|" if glyphs.ellipsis.isascii() else "┃"


def progress_bar(progress: Fraction | None, expected: Fraction | None, glyphs: Glyphs, cells: int = CELLS) -> str:
    """A bar of so many cells with a mark where the progress is expected; empty where there is no progress."""
    if progress is None:
        return ""
    filled = min(max(progress, Fraction(0)), Fraction(1)) * cells
    full = int(filled)
    bar = glyphs.full * full + _partial_cell(filled - full, glyphs) if full < cells else glyphs.full * cells
    bar += glyphs.empty * (cells - len(bar))
    if expected is None:
        return bar
    place = min(int(min(max(expected, Fraction(0)), Fraction(1)) * cells), cells - 1)
    return bar[:place] + expected_mark(glyphs) + bar[place + 1 :]


def framed_bar(progress: Fraction | None, expected: Fraction | None, glyphs: Glyphs, cells: int = CELLS) -> str:
    """A bar between two edges; without progress an empty one, which shows no expectation either."""
    left, right = "[]" if glyphs.ellipsis.isascii() else "▕▏"
    open_cells = glyphs._replace(empty=" ")
    inner = " " * cells if progress is None else progress_bar(progress, expected, open_cells, cells)
    return f"{left}{inner}{right}"


def _partial_cell(share: Fraction, glyphs: Glyphs) -> str:
    number = int(share * (len(glyphs.partial) + 1))
    return glyphs.partial[number - 1] if number else ""


def sparkline(values: Sequence[Fraction | None], glyphs: Glyphs, cells: int) -> str:
    """The newest values as bars between their lowest and highest; a space where there is none."""
    shown = values[-cells:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return ""
    low, spread = min(known), max(known) - min(known)
    top = len(glyphs.sparkline) - 1
    levels = (int((value - low) * top / spread + Fraction(1, 2)) if spread else top // 2 for value in known)
    return "".join(" " if value is None else glyphs.sparkline[next(levels)] for value in shown).strip()


class Markers(NamedTuple):
    """The characters of a chart."""

    reading: str
    interpolated: str
    expected: str
    bound: str
    projected: str
    range: str
    baseline: str


UNICODE, ASCII = Markers("●", "•", "░", "─", "◌", "┆", "░"), Markers("O", "o", ".", "-", "?", ":", ".")


class Shade(NamedTuple):
    """A stretch of days between two values that is shaded."""

    first: date
    last: date
    low: Fraction
    high: Fraction


class Plot(NamedTuple):
    """What a chart shows between two days; the labels are those of its lowest and highest value.

    `projected` is the low end of the range on the last day, the value, and the high end. `baseline` is shaded; the
    bounds are then the lower limit, the mean and the upper limit. `bounds_name` is what the legend calls them.
    """

    first: date
    last: date
    readings: Line
    expected: Line
    bounds: Sequence[Fraction]
    projected: Sequence[Fraction]
    labels: tuple[str, str]
    baseline: Shade | None = None
    bounds_name: str = "bounds"


def value_range(readings: Line, expected: Line, others: Sequence[Fraction]) -> list[Fraction]:
    """The lowest and the highest value of a chart; nothing where there is none."""
    values = [value for _, value in (*readings, *expected)] + list(others)
    return [min(values), max(values)] if values else []


def draw_plot(plot: Plot, width: int, glyphs: Glyphs) -> list[str]:
    """The lines of a chart with its legend, at most `width` columns; none where there is too little to draw."""
    ends = value_range(plot.readings, plot.expected, (*plot.bounds, *plot.projected))
    margin = max(map(display_width, plot.labels))
    cells = min(width - margin - 2, MAX_CELLS)
    if not ends or ends[0] == ends[1] or cells < MIN_CELLS or plot.first >= plot.last:
        return []
    markers = ASCII if glyphs.ellipsis.isascii() else UNICODE
    canvas = [[" "] * cells for _ in range(ROWS)]
    for column, row, marker in _marks(plot, ends, cells, markers):
        canvas[row][column] = marker
    rows = range(ROWS - 1, -1, -1)
    names = {ROWS - 1: plot.labels[1], 0: plot.labels[0]}
    heads = (f"{pad(names.get(number, ''), margin, right=True)} {glyphs.vertical[0]}" for number in rows)
    lines = [f"{head}{''.join(canvas[number])}".rstrip() for head, number in zip(heads, rows, strict=True)]
    days = f"{plot.first}{str(plot.last).rjust(cells - 10)}" if cells > 22 else str(plot.first)
    return [*lines, f"{' ' * (margin + 2)}{days}", f"{' ' * (margin + 2)}{_legend(plot, markers)}"]


def _marks(plot: Plot, ends: list[Fraction], cells: int, markers: Markers) -> Iterator[tuple[int, int, str]]:
    """Column, row and character of every mark; later ones cover earlier ones, so readings come last."""
    length = (plot.last - plot.first).days

    def column(day: date) -> int:
        return min(max((day - plot.first).days * (cells - 1) // length, 0), cells - 1)

    def row(value: Fraction) -> int:
        return int((value - ends[0]) * (ROWS - 1) / (ends[1] - ends[0]) + Fraction(1, 2))

    shade, every_column = plot.baseline, range(cells)
    below, above = (plot.bounds[::2], plot.bounds[1::2]) if shade else (plot.bounds, ())
    for bound in below:
        yield from _fill(every_column, row(bound), row(bound), markers.bound)
    if shade:
        shaded = range(column(shade.first), column(shade.last) + 1)
        yield from _fill(shaded, row(shade.low), row(shade.high), markers.baseline)
    for bound in above:
        yield from _fill(every_column, row(bound), row(bound), markers.bound)
    for place, value in _interpolate([(column(day), value) for day, value in plot.expected]):
        yield place, row(value), markers.expected
    dots = [(column(day), value) for day, value in plot.readings]
    for place, value in _interpolate(dots):
        yield place, row(value), markers.interpolated
    if plot.projected:
        low, middle, high = map(row, plot.projected)
        yield from _fill([cells - 1], low, high, markers.range)
        yield cells - 1, middle, markers.projected
    for place, value in dots:
        yield place, row(value), markers.reading


def _fill(columns: Iterable[int], low: int, high: int, marker: str) -> Iterator[tuple[int, int, str]]:
    """A marker in some columns, from one row to another."""
    return ((column, row, marker) for column in columns for row in range(low, high + 1))


def _interpolate(points: list[tuple[int, Fraction]]) -> Iterator[tuple[int, Fraction]]:
    """The points with straight lines between them, a value for each column."""
    for (left, low), (right, high) in pairwise(points):
        for place in range(left, right + 1):
            share = Fraction(place - left, right - left) if right > left else Fraction(1)
            yield place, low + share * (high - low)


def _legend(plot: Plot, markers: Markers) -> str:
    parts = [f"{markers.reading} readings" if plot.readings else ""]
    parts += [f"{markers.expected} expected" if plot.expected else ""]
    parts += [f"{markers.baseline} reference readings" if plot.baseline else ""]
    parts += [f"{markers.bound} {plot.bounds_name}" if plot.bounds else ""]
    parts += [f"{markers.projected} projected  {markers.range} 80 % range" if plot.projected else ""]
    return "  ".join(part for part in parts if part)
