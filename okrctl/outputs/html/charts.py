"""Draws bars, courses, sparklines and the steps of a waterfall as small pictures in SVG, styled by the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from okrctl.analysis.trajectory import Trajectory
from okrctl.outputs.html.markup import text
from okrctl.values.quantity import round_number

Line = Sequence[tuple[Fraction, Fraction]]
CHART_WIDTH, CHART_HEIGHT = 320, 88
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
ONE = Fraction(1)


def progress_bar(progress: Fraction | None, expected: Fraction | None = None) -> str:
    """How far something has come, with a mark where it is expected; the figures stand beside it in words."""
    gone = _coordinate(_clamp(progress or Fraction(0)) * 100)
    fill = f'<rect class="fill" width="{gone}" height="8"/>' if gone != "0" else ""
    mark = ""
    if expected is not None:
        place = _coordinate(min(_clamp(expected) * 100, Fraction(99)))
        mark = f'<rect class="mark" x="{place}" width="1" height="8"/>'
    return f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{fill}{mark}</svg>'


def score_chart(trace: Trajectory, today: date, label: str) -> str:
    """Scores from 0 to 1 over all days of a period, the expected way dashed, a line where the day asked is."""
    length = (trace.last - trace.first).days
    if length < 1:
        return ""
    top = max([ONE, *(value for _, value in trace.actual)])
    low = min([Fraction(0), *(value for _, value in trace.actual)])
    frame = _Scale(trace.first, length, low, top, CHART_WIDTH, CHART_HEIGHT)
    now = frame.x(min(max(today, trace.first), trace.last))
    inner = f'<path class="grid" d="M0 {frame.y(Fraction(0))}H{CHART_WIDTH}M0 {frame.y(ONE)}H{CHART_WIDTH}"/>'
    inner += f'<path class="now" d="M{now} 0V{CHART_HEIGHT}"/>' if trace.first <= today <= trace.last else ""
    inner += _line("way", frame.points(trace.expected))
    points = frame.points(trace.actual)
    if len(points) > 1:
        floor = frame.y(max(low, Fraction(0)))
        inner += f'<path class="area" d="M{points[0][0]} {floor}L{_joined(points)}L{points[-1][0]} {floor}z"/>'
    inner += _line("line", points) + _dot(points, "3.5")
    return _picture("course", CHART_WIDTH, CHART_HEIGHT, label, inner)


def reading_chart(trace: Trajectory, label: str) -> str:
    """The values of a key result, the expected way or its bounds dashed; nothing where there is no value."""
    length = (trace.last - trace.first).days
    values = [value for _, value in (*trace.actual, *trace.expected)] + trace.bounds
    if not trace.actual or length < 1:
        return ""
    frame = _Scale(trace.first, length, min(values), max(values), SPARK_WIDTH, SPARK_HEIGHT)
    inner = "".join(f'<path class="way" d="M0 {frame.y(bound)}H{SPARK_WIDTH}"/>' for bound in trace.bounds)
    points = frame.points(trace.actual)
    inner += _line("way", frame.points(trace.expected)) + _line("line", points) + _dot(points, "2.5")
    return _picture("spark", SPARK_WIDTH, SPARK_HEIGHT, label, inner)


def sparkline(values: Sequence[Fraction | None], label: str) -> str:
    """Values at even distances, oldest first; nothing where there are fewer than two."""
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    start, length = known[0][0], known[-1][0] - known[0][0]
    low, high = min(value for _, value in known), max(value for _, value in known)
    down = _Scale(date.min, 1, low, high, SPARK_WIDTH, SPARK_HEIGHT).y
    points = [
        (_coordinate(3 + Fraction((number - start) * (SPARK_WIDTH - 6), length)), down(value))
        for number, value in known
    ]
    return _picture("spark", SPARK_WIDTH, SPARK_HEIGHT, label, _line("line", points) + _dot(points, "2.5"))


def waterfall_step(start: Fraction, end: Fraction, low: Fraction, high: Fraction, tone: str) -> str:
    """One step of a waterfall between two heights, on the scale from `low` to `high`."""
    spread = high - low or ONE
    left, right = ((one - low) * 100 / spread for one in sorted((start, end)))
    width = _coordinate(max(right - left, Fraction(1, 2)))
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="step {tone}" x="{_coordinate(left)}" width="{width}" height="8"/></svg>'
    )


def period_chart(scores: Sequence[Fraction | None], label: str) -> str:
    """Scores of one period after the other, from 0 to 1."""
    places = max(len(scores) - 1, 1)
    frame = _Scale(
        date.min, 1, Fraction(0), max([ONE, *(one for one in scores if one is not None)]), CHART_WIDTH, CHART_HEIGHT
    )
    inside = Fraction(CHART_WIDTH - 12, places)
    points = [(_coordinate(6 + number * inside), frame.y(one)) for number, one in enumerate(scores) if one is not None]
    dots = "".join(f'<circle class="dot" cx="{x}" cy="{y}" r="3.5"/>' for x, y in points)
    grid = f'<path class="grid" d="M0 {frame.y(Fraction(0))}H{CHART_WIDTH}M0 {frame.y(ONE)}H{CHART_WIDTH}"/>'
    return _picture("course", CHART_WIDTH, CHART_HEIGHT, label, grid + _line("line", points) + dots)


class _Scale:
    """Turns days and values into places in a picture, with room at its edges for what is drawn there."""

    def __init__(self, first: date, length: int, low: Fraction, high: Fraction, width: int, height: int) -> None:
        self.first, self.length, self.width, self.height = first, length, width, height
        self.low, self.spread = low, high - low

    def x(self, day: date) -> str:
        return _coordinate(4 + Fraction((day - self.first).days * (self.width - 8), self.length))

    def y(self, value: Fraction) -> str:
        share = (value - self.low) / self.spread if self.spread else Fraction(1, 2)
        return _coordinate(self.height - 4 - share * (self.height - 8))

    def points(self, line: Sequence[tuple[date, Fraction]]) -> list[tuple[str, str]]:
        return [(self.x(day), self.y(value)) for day, value in line]


def _line(kind: str, points: Sequence[tuple[str, str]]) -> str:
    return f'<path class="{kind}" d="M{_joined(points)}"/>' if len(points) > 1 else ""


def _joined(points: Sequence[tuple[str, str]]) -> str:
    return "L".join(f"{x} {y}" for x, y in points)


def _dot(points: Sequence[tuple[str, str]], radius: str) -> str:
    return f'<circle class="dot" cx="{points[-1][0]}" cy="{points[-1][1]}" r="{radius}"/>' if points else ""


def _picture(kind: str, width: int, height: int, label: str, inner: str) -> str:
    return f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{text(label)}">{inner}</svg>'


def _clamp(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), ONE)


def _coordinate(value: Fraction) -> str:
    """A place to one decimal: finer than anybody sees."""
    said = format(round_number(value, 1), "f")
    return said.removesuffix(".0")
