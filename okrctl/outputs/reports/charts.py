"""Works out small drawings as shapes of SVG, which a template prints and the style sheet colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.analysis.trajectory import Trajectory
from okrctl.kpis.signals import KpiSignal
from okrctl.outputs.view import Bar, Step
from okrctl.values.quantity import round_number

Line = Sequence[tuple[date, Fraction]]
Points = Sequence[tuple[str, str]]
CHART_WIDTH, CHART_HEIGHT = 320, 88
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
LIMITS_WIDTH, LIMITS_HEIGHT = 320, 104
BAR_WIDTH, BAR_HEIGHT = 100, 8
MARGIN = 4
ONE = Fraction(1)


class Shape(NamedTuple):
    """One element of SVG with its attributes."""

    tag: str
    attributes: dict[str, str]


class Drawing(NamedTuple):
    """A picture; without a label it only repeats what stands beside it in words."""

    kind: str
    width: int
    height: int
    label: str
    shapes: list[Shape]


def progress_bar(bar: Bar) -> Drawing:
    """A share of the whole, with a mark where it is expected."""
    shapes = []
    filled = _coordinate(_clamp(bar.progress or Fraction(0)) * BAR_WIDTH)
    if filled != "0":
        shapes.append(_rectangle("fill", "0", filled))
    if bar.expected is not None:
        place = _coordinate(min(_clamp(bar.expected) * BAR_WIDTH, Fraction(BAR_WIDTH - 1)))
        shapes.append(_rectangle("mark", place, "1"))
    return Drawing("bar", BAR_WIDTH, BAR_HEIGHT, "", shapes)


def waterfall_step(step: Step) -> Drawing:
    """One step between two heights, on its scale."""
    spread = step.high - step.low or ONE
    left, right = ((height - step.low) * BAR_WIDTH / spread for height in sorted((step.start, step.end)))
    width = _coordinate(max(right - left, Fraction(1, 2)))
    return Drawing("bar", BAR_WIDTH, BAR_HEIGHT, "", [_rectangle(f"step {step.effect}", _coordinate(left), width)])


def score_chart(trajectory: Trajectory, today: date, label: str) -> Drawing | None:
    """Scores from 0 to 1 over all days of a period, the expected ones dashed, with a line at today."""
    length = (trajectory.last - trajectory.first).days
    if length < 1:
        return None
    values = [value for _, value in trajectory.actual]
    low, high = min([Fraction(0), *values]), max([ONE, *values])
    scale = _Scale(trajectory.first, length, low, high, CHART_WIDTH, CHART_HEIGHT)
    shapes = [_grid(scale)]
    if trajectory.first <= today <= trajectory.last:
        shapes.append(_path("now", f"M{scale.x(today)} 0V{CHART_HEIGHT}"))
    shapes += _line("expected", scale.points(trajectory.expected))
    points = scale.points(trajectory.actual)
    if len(points) > 1:
        floor = scale.y(Fraction(0))
        shapes.append(_path("area", f"M{points[0][0]} {floor}L{_joined(points)}L{points[-1][0]} {floor}z"))
    shapes += [*_line("line", points), *_dots(points[-1:], "3.5")]
    return Drawing("chart", CHART_WIDTH, CHART_HEIGHT, label, shapes)


def reading_chart(trajectory: Trajectory, label: str) -> Drawing | None:
    """The values of a key result, the expected ones or its bounds dashed; nothing without a value."""
    length = (trajectory.last - trajectory.first).days
    values = [value for _, value in (*trajectory.actual, *trajectory.expected)] + trajectory.bounds
    if not trajectory.actual or length < 1:
        return None
    scale = _Scale(trajectory.first, length, min(values), max(values), SPARK_WIDTH, SPARK_HEIGHT)
    shapes = [_path("expected", f"M0 {scale.y(bound)}H{SPARK_WIDTH}") for bound in trajectory.bounds]
    points = scale.points(trajectory.actual)
    shapes += [*_line("expected", scale.points(trajectory.expected)), *_line("line", points), *_dots(points[-1:])]
    return Drawing("spark", SPARK_WIDTH, SPARK_HEIGHT, label, shapes)


def sparkline(values: Sequence[Fraction | None], label: str) -> Drawing | None:
    """Values at even distances, oldest first; nothing for fewer than two."""
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    first, length = known[0][0], known[-1][0] - known[0][0]
    low, high = min(value for _, value in known), max(value for _, value in known)
    scale = _Scale(date.min, 1, low, high, SPARK_WIDTH, SPARK_HEIGHT)
    step = Fraction(SPARK_WIDTH - 6, length)
    points = [(_coordinate(3 + (number - first) * step), scale.y(value)) for number, value in known]
    return Drawing("spark", SPARK_WIDTH, SPARK_HEIGHT, label, [*_line("line", points), *_dots(points[-1:])])


def limits_chart(judged: KpiSignal, label: str) -> Drawing | None:
    """The readings of a KPI since its baseline, which is shaded, with the mean and the usual limits.

    Nothing where there are no limits. The newest reading is marked, otherwise where it is a signal.
    """
    drawn = judged.drawn
    if drawn is None:
        return None
    line = [(point.day, point.value) for point in judged.readings if point.day >= drawn.first]
    length = max((line[-1][0] - drawn.first).days, 1)
    values = [drawn.low, drawn.high, *(value for _, value in line)]
    scale = _Scale(drawn.first, length, min(values), max(values), LIMITS_WIDTH, LIMITS_HEIGHT)
    left, right, top, bottom = scale.x(drawn.first), scale.x(drawn.last), scale.y(drawn.high), scale.y(drawn.low)
    shapes = [_path("baseline", f"M{left} {top}L{right} {top}L{right} {bottom}L{left} {bottom}z")]
    shapes += [_path("expected", f"M0 {scale.y(limit)}H{LIMITS_WIDTH}") for limit in (drawn.low, drawn.high)]
    shapes.append(_path("mean", f"M0 {scale.y(drawn.mean)}H{LIMITS_WIDTH}"))
    points = scale.points(line)
    shapes += [*_line("line", points), *_dots(points[-1:], "3.5" if judged.signal else "2.5")]
    return Drawing("limits", LIMITS_WIDTH, LIMITS_HEIGHT, label, shapes)


def period_chart(scores: Sequence[Fraction | None], label: str) -> Drawing:
    """The scores of one period after the other, from 0 to 1."""
    known = [(number, score) for number, score in enumerate(scores) if score is not None]
    high = max([ONE, *(score for _, score in known)])
    scale = _Scale(date.min, 1, Fraction(0), high, CHART_WIDTH, CHART_HEIGHT)
    step = Fraction(CHART_WIDTH - 12, max(len(scores) - 1, 1))
    points = [(_coordinate(6 + number * step), scale.y(score)) for number, score in known]
    shapes = [_grid(scale), *_line("line", points), *_dots(points, "3.5")]
    return Drawing("chart", CHART_WIDTH, CHART_HEIGHT, label, shapes)


class _Scale:
    """Turns days and values into coordinates, with a margin for dots at the edges."""

    def __init__(self, first: date, length: int, low: Fraction, high: Fraction, width: int, height: int) -> None:
        self.first, self.length, self.width, self.height = first, length, width, height
        self.low, self.spread = low, high - low

    def x(self, day: date) -> str:
        return _coordinate(MARGIN + Fraction((day - self.first).days * (self.width - 2 * MARGIN), self.length))

    def y(self, value: Fraction) -> str:
        share = (value - self.low) / self.spread if self.spread else Fraction(1, 2)
        return _coordinate(self.height - MARGIN - share * (self.height - 2 * MARGIN))

    def points(self, line: Line) -> list[tuple[str, str]]:
        return [(self.x(day), self.y(value)) for day, value in line]


def _grid(scale: _Scale) -> Shape:
    return _path("grid", f"M0 {scale.y(Fraction(0))}H{CHART_WIDTH}M0 {scale.y(ONE)}H{CHART_WIDTH}")


def _path(kind: str, points: str) -> Shape:
    return Shape("path", {"class": kind, "d": points})


def _rectangle(kind: str, x: str, width: str) -> Shape:
    return Shape("rect", {"class": kind, "x": x, "width": width, "height": str(BAR_HEIGHT)})


def _line(kind: str, points: Points) -> Iterator[Shape]:
    if len(points) > 1:
        yield _path(kind, f"M{_joined(points)}")


def _joined(points: Points) -> str:
    return "L".join(f"{x} {y}" for x, y in points)


def _dots(points: Iterable[tuple[str, str]], radius: str = "2.5") -> Iterator[Shape]:
    return (Shape("circle", {"class": "dot", "cx": x, "cy": y, "r": radius}) for x, y in points)


def _clamp(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), ONE)


def _coordinate(value: Fraction) -> str:
    """A coordinate to one decimal, which is finer than a pixel."""
    return format(round_number(value, 1), "f").removesuffix(".0")
