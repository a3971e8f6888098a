"""Works out drawings as shapes of SVG, which a template prints and the style sheet colours.

Small ones (bars, sparklines) stand beside a figure in words. Charts have axes with values, and each of their points
says its day and value when the pointer or the keyboard is on it: the words are in the drawing, and the style sheet
shows them, so that no script is needed. Text is not scaled by much, since a chart is about as wide as its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from okrctl.analysis.trajectory import Trajectory
from okrctl.kpis.signals import KpiSignal
from okrctl.outputs.text.scorecard import short_day
from okrctl.outputs.ticks import day_ticks, value_ticks
from okrctl.outputs.view import Bar, Step
from okrctl.values.precision import DEFAULT_PRECISION, Precision

Line = Sequence[tuple[date, Fraction]]
Points = Sequence[tuple[str, str]]
NameValue = Callable[[Fraction], str]
CHART_WIDTH, CHART_HEIGHT = 360, 160
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
BAR_WIDTH, BAR_HEIGHT = 100, 8
MARGIN = 4
LETTER, LINE_HEIGHT = 6, 12  # about the room of a character of the labels
MAX_LABEL = 14  # characters of the values at the left: a third of the picture at most
ONE = Fraction(1)
MAX_SLOPE = 25  # a line that goes a larger part of its way in one day jumps


class ValueNames(NamedTuple):
    """How the values of a KPI are written at its points, at the ticks of the axis, and where they are computed."""

    point: NameValue
    tick: NameValue
    mean: NameValue


class Mark(NamedTuple):
    """Values with a line across a chart, and what they are in words below it."""

    kind: Literal["alarm", "target"]
    text: str
    values: Sequence[Fraction]


class Shape(NamedTuple):
    """One element of SVG with its attributes, its text and the shapes inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    shapes: tuple[Shape, ...] = ()


class Drawing(NamedTuple):
    """A picture; without a label it only repeats what stands beside it in words."""

    kind: str
    width: int
    height: int
    label: str
    shapes: list[Shape]


def progress_bar(bar: Bar) -> Drawing:
    """A share of the whole, with a mark where it is expected; without one where all of it is reached."""
    shapes = []
    filled = _coordinate(_clamp(bar.progress or Fraction(0)) * BAR_WIDTH)
    if filled != "0":
        shapes.append(_rectangle("fill", "0", filled))
    if bar.expected is not None and (bar.progress is None or bar.progress < 1):
        place = _coordinate(min(_clamp(bar.expected) * BAR_WIDTH, Fraction(BAR_WIDTH - 1)))
        shapes.append(_rectangle("mark", place, "1"))
    return Drawing("bar", BAR_WIDTH, BAR_HEIGHT, "", shapes)


def waterfall_step(step: Step) -> Drawing:
    """One step between two heights, on its scale."""
    spread = step.high - step.low or ONE
    left, right = ((height - step.low) * BAR_WIDTH / spread for height in sorted((step.start, step.end)))
    width = _coordinate(max(right - left, Fraction(1, 2)))
    return Drawing("bar", BAR_WIDTH, BAR_HEIGHT, "", [_rectangle(f"step {step.effect}", _coordinate(left), width)])


def score_chart(
    trajectory: Trajectory, today: date, label: str, precision: Precision = DEFAULT_PRECISION
) -> Drawing | None:
    """Scores from 0 to 1 over all days of a period, the expected ones dashed, with a line at today."""
    return _chart(trajectory, Curves([Fraction(0), ONE], precision.score, ONE), today, label)


def reading_chart(trajectory: Trajectory, name_value: NameValue, today: date, label: str) -> Drawing | None:
    """The values of a key result in its unit, with its target or its bounds; nothing without a value."""
    return _chart(trajectory, Curves(trajectory.bounds, name_value, trajectory.target), today, label)


class Curves(NamedTuple):
    """What a chart holds beside its trajectory: values that must be on its axis, their words, and the target."""

    values: Sequence[Fraction]
    name_value: NameValue
    target: Fraction | None


def _chart(trajectory: Trajectory, more: Curves, today: date, label: str) -> Drawing | None:
    if not trajectory.actual or trajectory.last <= trajectory.first:
        return None
    values = [value for _, value in (*trajectory.actual, *trajectory.expected)]
    values += [*more.values, *([more.target] if more.target is not None else [])]
    frame = Frame(trajectory.first, trajectory.last, values, more.name_value)
    shapes = list(_axes(frame))
    if trajectory.first <= today <= trajectory.last:
        shapes.append(_path("now", f"M{frame.x(today)} {frame.top}V{frame.bottom}"))
    shapes += [_path("bound", f"M{frame.left} {frame.y(bound)}H{frame.right}") for bound in trajectory.bounds]
    if more.target is not None:
        shapes.append(_path("target", f"M{frame.left} {frame.y(more.target)}H{frame.right}"))
    shapes += _line("expected", frame.points(_with_steps(trajectory.expected)))
    shapes += _line("line", frame.points(trajectory.actual))
    shapes += _named_points(frame, [(day, value, "") for day, value in trajectory.actual])
    return Drawing("chart", CHART_WIDTH, CHART_HEIGHT, label, shapes)


def step_days(expected: Line) -> list[date]:
    """The days of an expected line on which it jumps, as where a milestone is due."""
    values = [value for _, value in expected]
    least = (max(values) - min(values)) / MAX_SLOPE if values else ONE
    return [
        before for (before, low), (after, high) in pairwise(expected)
        if (after - before).days == 1 and abs(high - low) > least
    ]  # fmt: skip


def _with_steps(expected: Line) -> Line:
    """The line with a corner at each jump, so that it goes up at once."""
    days = step_days(expected)
    line = list(expected[:1])
    for (before, low), (after, high) in pairwise(expected):
        line += [(after, low), (after, high)] if before in days else [(after, high)]
    return line


def spark(trajectory: Trajectory, label: str) -> Drawing | None:
    """The values of a key result without axes, the expected ones or its bounds dashed; nothing without a value."""
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


def limits_chart(judged: KpiSignal, names: ValueNames, label: str, marks: Sequence[Mark] = ()) -> Drawing | None:
    """The readings of a KPI since its baseline, which is shaded, with the mean and the usual limits.

    Nothing where there are no limits. The newest reading is marked, otherwise where it is a signal.
    """
    drawn = judged.drawn
    if drawn is None:
        return None
    line = [(point.day, point.value) for point in judged.readings if point.day >= drawn.first]
    frame = _marked_frame(line, names, marks, [drawn.low, drawn.mean, drawn.high])
    shapes = list(_axes(frame))
    top, bottom = frame.y(drawn.high), frame.y(drawn.low)
    left, right = frame.x(drawn.first), frame.x(drawn.last)
    shapes.append(_path("baseline", f"M{left} {top}L{right} {top}L{right} {bottom}L{left} {bottom}z"))
    for kind, value in (("bound", drawn.low), ("mean", drawn.mean), ("bound", drawn.high)):
        shapes.append(_path(kind, f"M{frame.left} {frame.y(value)}H{frame.right}"))
    limits = f"usual {names.mean(drawn.low)} to {names.mean(drawn.high)}, mean {names.mean(drawn.mean)}"
    shapes += _marks(frame, marks, limits)
    shapes += _line("line", frame.points(line))
    signal = ", a signal" if judged.signal else ""
    shapes += _named_points(frame, [(day, value, signal if day == line[-1][0] else "") for day, value in line])
    return Drawing("chart limits", CHART_WIDTH, CHART_HEIGHT, label, shapes)


def value_chart(line: Line, names: ValueNames, label: str, marks: Sequence[Mark] = ()) -> Drawing | None:
    """Values over the days from the first to the last; nothing for fewer than two."""
    if len(line) < 2:
        return None
    frame = _marked_frame(line, names, marks, ())
    shapes = [*_axes(frame), *_marks(frame, marks), *_line("line", frame.points(line))]
    shapes += _named_points(frame, [(day, value, "") for day, value in line])
    return Drawing("chart", CHART_WIDTH, CHART_HEIGHT, label, shapes)


def _marked_frame(line: Line, names: ValueNames, marks: Sequence[Mark], limits: Sequence[Fraction]) -> Frame:
    """The axes of a chart with lines across it; its points keep a distance from the lowest value of the axis."""
    known = [value for _, value in line]
    room = (max(known) - min(known)) / 20
    low = min(known) - room
    values = [low if low >= 0 or min(known) < 0 else min(known), max(known) + room, *limits]
    values += [value for mark in marks for value in mark.values]
    foot = LINE_HEIGHT + 4 if limits or marks else 0
    return Frame(line[0][0], line[-1][0], values, names.point, foot, names.tick)


def _marks(frame: Frame, marks: Sequence[Mark], *words: str) -> Iterator[Shape]:
    """The lines across a chart, and below it what all of them are."""
    for mark in marks:
        yield from (_path(mark.kind, f"M{frame.left} {frame.y(value)}H{frame.right}") for value in mark.values)
    texts = [*words, *(mark.text for mark in marks)]
    if texts:
        yield _text("limit-names", frame.left, CHART_HEIGHT - 3, "start", " · ".join(texts))


def with_days(drawing: Drawing, days: Iterable[date], picked: Sequence[date] = ()) -> Drawing:
    """The same drawing, each of whose points says its day to scripts (`data-day`); those of some days are marked."""
    left = iter(days)
    shapes = [
        _with_day(shape, next(left), picked) if shape.attributes.get("class") == "point" else shape
        for shape in drawing.shapes
    ]
    return drawing._replace(shapes=shapes)


def _with_day(shape: Shape, day: date, picked: Sequence[date]) -> Shape:
    kind = "point picked" if day in picked else "point"
    return shape._replace(attributes={**shape.attributes, "class": kind, "data-day": day.isoformat()})


def period_chart(
    scores: Sequence[Fraction | None], names: Sequence[str], label: str, precision: Precision = DEFAULT_PRECISION
) -> Drawing:
    """The scores of one period after the other, from 0 to 1."""
    known = [(number, score) for number, score in enumerate(scores) if score is not None]
    frame = Frame(date.min, date.max, [Fraction(0), ONE, *(score for _, score in known)], precision.score)
    step = Fraction(frame.right - frame.left - 2 * MARGIN, max(len(scores) - 1, 1))
    places = [_coordinate(frame.left + MARGIN + number * step) for number in range(len(scores))]
    shapes = [*_value_axis(frame), *_period_axis(frame, places, names)]
    shapes += _line("line", [(places[number], frame.y(score)) for number, score in known])
    for number, score in known:
        shapes.append(_named_point(frame, places[number], score, f"{names[number]}: {precision.score(score)}"))
    return Drawing("chart", CHART_WIDTH, CHART_HEIGHT, label, shapes)


def _period_axis(frame: Frame, places: Sequence[str], names: Sequence[str]) -> Iterator[Shape]:
    """The names of all periods if there is room, else of the first and the last."""
    last = len(names) - 1
    has_room = sum(len(name) + 2 for name in names) * LETTER <= frame.right - frame.left
    for number, name in enumerate(names):
        if has_room or number in (0, last):
            anchor = "start" if number == 0 else "end" if number == last else "middle"
            yield _text("tick", places[number], frame.bottom + LINE_HEIGHT + 2, anchor, name)


class Frame:
    """The place of days and values in a chart, between its axes; the values are rounded outward to those with a tick.

    Above the plot is one line of room for what a point says, `foot` more below the days.
    """

    def __init__(
        self, first: date, last: date, values: Sequence[Fraction], name_value: NameValue, foot: int = 0,
        name_tick: NameValue | None = None,
    ) -> None:  # fmt: skip
        self.first, self.last = first, last
        self.ticks = value_ticks(min(values), max(values))
        self.low, self.spread = self.ticks[0], self.ticks[-1] - self.ticks[0]
        self.labels = [_shorten(tick, (name_tick or name_value)(tick)) for tick in self.ticks]
        self.name_value = name_value
        self.left = max(map(len, self.labels)) * LETTER + 8
        self.right = CHART_WIDTH - MARGIN
        self.top, self.bottom = LINE_HEIGHT + 8, CHART_HEIGHT - LINE_HEIGHT - 6 - foot

    def x(self, day: date) -> str:
        """The place of a day, held between the first and the last."""
        length = (self.last - self.first).days
        days, length = min(max((day - self.first).days, 0), length), max(length, 1)
        width = self.right - self.left - 2 * MARGIN
        return _tenths((self.left + MARGIN) * length + days * width, length)

    def y(self, value: Fraction) -> str:
        """The place of a value."""
        number, parts = _share(value, self.low, self.spread)
        return _tenths(self.bottom * parts - number * (self.bottom - self.top), parts)

    def points(self, line: Line) -> list[tuple[str, str]]:
        """The places of days with values."""
        return [(self.x(day), self.y(value)) for day, value in line]


def _axes(frame: Frame) -> Iterator[Shape]:
    yield from _value_axis(frame)
    if frame.last <= frame.first:
        return
    ticks = day_ticks(frame.first, frame.last, (frame.right - frame.left) // LETTER)
    yield _path("grid", "".join(f"M{frame.x(tick.day)} {frame.bottom}v4" for tick in ticks))
    for tick in ticks:
        anchor = "start" if tick.day == frame.first else "end" if tick.day == frame.last else "middle"
        yield _text("tick", frame.x(tick.day), frame.bottom + LINE_HEIGHT + 2, anchor, tick.label)


def _value_axis(frame: Frame) -> Iterator[Shape]:
    lines = "".join(f"M{frame.left} {frame.y(tick)}H{frame.right}" for tick in frame.ticks)
    yield _path("grid", lines)
    for tick, label in zip(frame.ticks, frame.labels, strict=True):
        yield _text("tick", frame.left - 4, _coordinate(Fraction(frame.y(tick)) + 4), "end", label)


def _shorten(tick: Fraction, label: str) -> str:
    """The label of a tick, as a power of ten where it would take too much room: `2e15`."""
    return label if len(label) <= MAX_LABEL else f"{float(tick):.3g}".replace("e+", "e")


def _named_points(frame: Frame, line: Iterable[tuple[date, Fraction, str]]) -> Iterator[Shape]:
    for day, value, remark in line:
        text = f"{short_day(day, frame.last)}: {frame.name_value(value)}{remark}"
        yield _named_point(frame, frame.x(day), value, text)


def _named_point(frame: Frame, x: str, value: Fraction, text: str) -> Shape:
    """A point that takes the focus; what it says stands above the plot while it has it."""
    dot = Shape("circle", {"cx": x, "cy": frame.y(value), "r": "2.5"})
    words = Shape("text", {"x": str(frame.right), "y": str(LINE_HEIGHT)}, text)
    attributes = {"class": "point", "role": "img", "tabindex": "0", "aria-label": text}
    return Shape("g", attributes, "", (dot, words))


def _text(kind: str, x: str | int, y: str | int, anchor: str, text: str) -> Shape:
    return Shape("text", {"class": f"{kind} {anchor}", "x": str(x), "y": str(y)}, text)


class _Scale:
    """Turns days and values into coordinates, with a margin for dots at the edges."""

    def __init__(self, first: date, length: int, low: Fraction, high: Fraction, width: int, height: int) -> None:
        self.first, self.length, self.width, self.height = first, length, width, height
        self.low, self.spread = low, high - low

    def x(self, day: date) -> str:
        return _tenths(MARGIN * self.length + (day - self.first).days * (self.width - 2 * MARGIN), self.length)

    def y(self, value: Fraction) -> str:
        number, parts = _share(value, self.low, self.spread) if self.spread else (1, 2)
        return _tenths((self.height - MARGIN) * parts - number * (self.height - 2 * MARGIN), parts)

    def points(self, line: Line) -> list[tuple[str, str]]:
        return [(self.x(day), self.y(value)) for day, value in line]


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
    return _tenths(*value.as_integer_ratio())


def _share(value: Fraction, low: Fraction, spread: Fraction) -> tuple[int, int]:
    """How far a value lies above the low, as a share of a positive spread; integers, since a page has thousands."""
    number, parts = value.as_integer_ratio()
    base, base_parts = low.as_integer_ratio()
    width, width_parts = spread.as_integer_ratio()
    return (number * base_parts - base * parts) * width_parts, parts * base_parts * width


def _tenths(number: int, divisor: int) -> str:
    """A quotient to one decimal, halves away from zero as everywhere."""
    whole, rest = divmod((20 * abs(number) + divisor) // (2 * divisor), 10)
    sign = "-" if number < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
