"""Draws with characters: progress bars, sparklines, and charts of readings over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from math import lcm
from typing import NamedTuple

from okrctl.outputs.terminal import Glyphs, TerminalStyle, clip, display_width, pad, paint
from okrctl.outputs.ticks import day_column, day_ticks

CELLS = 10
ROWS, MAX_CELLS, MIN_CELLS = 9, 90, 16
DEFAULT_WIDTH = 100  # of a chart where the terminal has no width
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
    parts = lcm(*(value.denominator for value in known))
    heights = [None if value is None else value.numerator * (parts // value.denominator) for value in shown]
    numbers = [height for height in heights if height is not None]
    low, spread = min(numbers), max(numbers) - min(numbers)
    top = len(glyphs.sparkline) - 1

    def bar(height: int | None) -> str:
        if height is None:
            return " "
        return glyphs.sparkline[(2 * (height - low) * top + spread) // (2 * spread) if spread else top // 2]

    return "".join(map(bar, heights)).strip()


class Markers(NamedTuple):
    """The characters of a chart: its marks, then those of its axes."""

    reading: str
    interpolated: str
    expected: str
    bound: str
    projected: str
    range: str
    baseline: str
    side: str
    side_tick: str
    corner: str
    foot: str
    foot_tick: str


UNICODE = Markers("●", "•", "░", "─", "◌", "┆", "░", "│", "┤", "└", "─", "┬")
ASCII = Markers("O", "o", ".", "-", "?", ":", ".", "|", "+", " ", "-", "+")


class Shade(NamedTuple):
    """A stretch of days between two values that is shaded."""

    first: date
    last: date
    low: Fraction
    high: Fraction


class Plot(NamedTuple):
    """What a chart shows between two days.

    `caption` says what its values are, `name_value` turns one into a label of the axis. `projected` is the low end of
    the range on the last day, the value, and the high end. `baseline` is shaded; the bounds are then the lower limit,
    the mean and the upper limit. `bounds_name` is what the legend calls them.
    """

    first: date
    last: date
    readings: Line
    expected: Line
    bounds: Sequence[Fraction]
    projected: Sequence[Fraction]
    caption: str
    name_value: Callable[[Fraction], str]
    baseline: Shade | None = None
    bounds_name: str = "bounds"

    @property
    def ends(self) -> tuple[Fraction, Fraction] | None:
        """The lowest and the highest value; None where all are the same or there is none."""
        values = [value for _, value in (*self.readings, *self.expected)] + [*self.bounds, *self.projected]
        return (min(values), max(values)) if len(set(values)) > 1 else None


def draw_plot(plot: Plot, style: TerminalStyle) -> list[str]:
    """The lines of a chart with its axes and its legend; none where there is too little to draw or no room."""
    ends, width = plot.ends, style.width or DEFAULT_WIDTH
    if ends is None or plot.first >= plot.last:
        return []
    labels = _value_labels(plot, ends)
    margin = max(map(display_width, labels.values()))
    cells = min(width - margin - 2, MAX_CELLS)
    if cells < MIN_CELLS:
        return []
    markers = ASCII if style.glyphs.ellipsis.isascii() else UNICODE
    canvas = [[" "] * cells for _ in range(ROWS)]
    for column, row, marker in _marks(plot, ends, cells, markers):
        canvas[row][column] = marker
    lines = [paint(clip(plot.caption, width, style.glyphs), "dim", style)]
    for row in range(ROWS - 1, -1, -1):
        side = markers.side_tick if row in labels else markers.side
        head = f"{pad(labels.get(row, ''), margin, right=True)} {side}"
        lines.append(paint(head, "dim", style) + _paint_marks("".join(canvas[row]).rstrip(), markers, style))
    indent = " " * (margin + 1)
    lines += [paint(indent + line, "dim", style) for line in _day_axis(plot, cells, markers)]
    return lines + [f"{indent} {line}" for line in _legend(plot, markers, style, width - margin - 2)]


def _paint_marks(text: str, markers: Markers, style: TerminalStyle) -> str:
    """A row of marks, with readings in colour and all that is only a help for the eye dimmed."""
    colors = dict.fromkeys((markers.reading, markers.interpolated), "cyan")
    colors |= dict.fromkeys((markers.expected, markers.bound, markers.baseline), "dim")
    runs = ("".join(run) for _, run in groupby(text, lambda mark: colors.get(mark, "")))
    return "".join(paint(run, color, style) if (color := colors.get(run[0], "")) else run for run in runs)


# Axes


def _row(value: Fraction, ends: tuple[Fraction, Fraction]) -> int:
    """The row of a value, 0 for the lowest."""
    return int((value - ends[0]) * (ROWS - 1) / (ends[1] - ends[0]) + Fraction(1, 2))


def _column(day: date, plot: Plot, cells: int) -> int:
    return day_column(day, plot.first, plot.last, cells)


def _value_labels(plot: Plot, ends: tuple[Fraction, Fraction]) -> dict[int, str]:
    """The labels by row: both ends, then the bounds, then the middle, each unless its row has one."""
    labels: dict[int, str] = {}
    for value in (*ends, *plot.bounds, (ends[0] + ends[1]) / 2):
        labels.setdefault(_row(value, ends), plot.name_value(value))
    return labels


def _day_axis(plot: Plot, cells: int, markers: Markers) -> list[str]:
    """The axis of days: both ends are labelled, and as many firsts of months between them as have room."""
    line, labels = [markers.corner, *(markers.foot * cells)], [" "] * (cells + 1)
    for tick in day_ticks(plot.first, plot.last, cells):
        line[tick.column + 1] = markers.foot_tick
        labels[tick.start + 1 : tick.start + 1 + len(tick.label)] = tick.label
    return ["".join(line), "".join(labels).rstrip()]


# Marks


def _marks(plot: Plot, ends: tuple[Fraction, Fraction], cells: int, markers: Markers) -> Iterator[tuple[int, int, str]]:
    """Column, row and character of every mark; later ones cover earlier ones, so readings come last."""
    shade, every_column = plot.baseline, range(cells)
    below, above = (plot.bounds[::2], plot.bounds[1::2]) if shade else (plot.bounds, ())
    for bound in below:
        yield from _fill(every_column, _row(bound, ends), _row(bound, ends), markers.bound)
    if shade:
        shaded = range(_column(shade.first, plot, cells), _column(shade.last, plot, cells) + 1)
        yield from _fill(shaded, _row(shade.low, ends), _row(shade.high, ends), markers.baseline)
    for bound in above:
        yield from _fill(every_column, _row(bound, ends), _row(bound, ends), markers.bound)
    for place, value in _interpolate([(_column(day, plot, cells), value) for day, value in plot.expected]):
        yield place, _row(value, ends), markers.expected
    dots = [(_column(day, plot, cells), value) for day, value in plot.readings]
    for place, value in _interpolate(dots):
        yield place, _row(value, ends), markers.interpolated
    if plot.projected:
        low, middle, high = (_row(value, ends) for value in plot.projected)
        yield from _fill([cells - 1], low, high, markers.range)
        yield cells - 1, middle, markers.projected
    for place, value in dots:
        yield place, _row(value, ends), markers.reading


def _fill(columns: Iterable[int], low: int, high: int, marker: str) -> Iterator[tuple[int, int, str]]:
    """A marker in some columns, from one row to another."""
    return ((column, row, marker) for column in columns for row in range(low, high + 1))


def _interpolate(points: list[tuple[int, Fraction]]) -> Iterator[tuple[int, Fraction]]:
    """The points with straight lines between them, a value for each column."""
    for (left, low), (right, high) in pairwise(points):
        for place in range(left, right + 1):
            share = Fraction(place - left, right - left) if right > left else Fraction(1)
            yield place, low + share * (high - low)


def _legend(plot: Plot, markers: Markers, style: TerminalStyle, width: int) -> list[str]:
    """What the marks mean, on as many lines as it takes."""
    parts = [f"{markers.reading} readings" if plot.readings else ""]
    parts += [f"{markers.expected} expected" if plot.expected else ""]
    parts += [f"{markers.baseline} reference readings" if plot.baseline else ""]
    parts += [f"{markers.bound} {plot.bounds_name}" if plot.bounds else ""]
    parts += [f"{markers.projected} projected", f"{markers.range} 80 % range"] if plot.projected else []
    lines = [""]
    for part in filter(None, parts):
        joined = f"{lines[-1]}  {part}".lstrip()
        if lines[-1] and display_width(joined) > width:
            lines.append(part)
        else:
            lines[-1] = joined
    return [clip(line, width, style.glyphs) for line in lines]
