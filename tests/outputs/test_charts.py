"""Drawings lie inside their picture and are to scale, whatever the values are."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from okrctl.analysis.trajectory import Trajectory
from okrctl.outputs.reports import charts
from okrctl.outputs.reports.charts import Drawing
from okrctl.outputs.view import Bar, Step
from tests.kpis.test_kpi_signals import judge

FIRST = date(2026, 4, 1)
values = st.fractions(min_value=-(10**9), max_value=10**9)
lines = st.lists(st.tuples(st.integers(0, 90), values), max_size=12).map(
    lambda points: [(FIRST + timedelta(days=day), value) for day, value in sorted(points)]
)


def attributes(drawing: Drawing, kind: str) -> list[dict[str, str]]:
    """The attributes of all shapes of a class."""
    return [shape.attributes for shape in drawing.shapes if shape.attributes["class"] == kind]


def points(drawing: Drawing | None, kind: str) -> list[tuple[Fraction, Fraction]]:
    """The points of all straight lines of a class."""
    if drawing is None:
        return []
    paths = [each["d"].removeprefix("M") for each in attributes(drawing, kind) if "H" not in each["d"]]
    pairs = [pair.split() for path in paths for pair in path.split("L")]
    return [(Fraction(x), Fraction(y)) for x, y in pairs]


def width(drawing: Drawing, kind: str) -> str:
    """The width of the one rectangle of a class, 0 where there is none."""
    return next((each["width"] for each in attributes(drawing, kind)), "0")


def test_a_bar_is_as_long_as_the_progress_and_marks_what_is_expected() -> None:
    drawing = charts.progress_bar(Bar(Fraction(1, 4), Fraction(1, 2)))
    assert width(drawing, "fill") == "25" and attributes(drawing, "mark")[0]["x"] == "50"
    assert width(charts.progress_bar(Bar(Fraction(-3))), "fill") == "0"
    assert width(charts.progress_bar(Bar(Fraction(5, 2))), "fill") == "100"
    assert attributes(charts.progress_bar(Bar(None, Fraction(1))), "mark")[0]["x"] == "99"


def test_a_step_lies_between_its_ends() -> None:
    drawing = charts.waterfall_step(Step(Fraction(30), Fraction(20), Fraction(0), Fraction(40), "fall"))
    (step,) = attributes(drawing, "step fall")
    assert (step["x"], step["width"]) == ("50", "25")


def test_a_chart_is_to_scale() -> None:
    middle = FIRST + timedelta(days=45)
    trajectory = Trajectory(FIRST, FIRST + timedelta(days=90), [(FIRST, Fraction(0)), (middle, Fraction(1, 2))])
    start, end = points(charts.score_chart(trajectory, middle, "label"), "line")
    assert start == (4, charts.CHART_HEIGHT - 4)
    assert end == (Fraction(charts.CHART_WIDTH, 2), Fraction(charts.CHART_HEIGHT, 2))


@given(lines, lines, st.lists(values, max_size=2))
def test_nothing_is_drawn_outside(actual: charts.Line, expected: charts.Line, bounds: list[Fraction]) -> None:
    trajectory = Trajectory(FIRST, FIRST + timedelta(days=90), list(actual), list(expected), bounds)
    drawing = charts.reading_chart(trajectory, "label")
    assert bool(drawing) is bool(actual)
    for x, y in points(drawing, "line") + points(drawing, "expected"):
        assert 0 <= x <= charts.SPARK_WIDTH and 0 <= y <= charts.SPARK_HEIGHT


@given(st.lists(st.none() | values, max_size=20))
def test_a_sparkline_needs_two_values(values: list[Fraction | None]) -> None:
    drawing = charts.sparkline(values, "label")
    known = [value for value in values if value is not None]
    assert len(points(drawing, "line")) == (len(known) if len(known) > 1 else 0)
    assert all(0 <= x <= charts.SPARK_WIDTH and 0 <= y <= charts.SPARK_HEIGHT for x, y in points(drawing, "line"))


@given(st.lists(st.integers(0, 500), min_size=20, max_size=60), st.sampled_from(["better: lower", "between: [5, 40]"]))
def test_limits_and_their_baseline_lie_inside_the_picture(numbers: list[int], more: str) -> None:
    found = judge(list(numbers), more)
    drawing = charts.limits_chart(found, "l")
    assert drawing is not None and found.drawn is not None
    (shade,) = attributes(drawing, "baseline")
    corners = [pair.split() for pair in shade["d"].removeprefix("M").removesuffix("z").split("L")]
    assert len(attributes(drawing, "expected")) == 2 and len(attributes(drawing, "mean")) == 1
    for x, y in [*((Fraction(x), Fraction(y)) for x, y in corners), *points(drawing, "line")]:
        assert 0 <= x <= drawing.width and 0 <= y <= drawing.height
    assert Fraction(corners[0][1]) <= Fraction(corners[2][1])  # the upper limit above the lower one
    assert len(points(drawing, "line")) == len(numbers) - max(0, len(numbers) - 28)
    (dot,) = attributes(drawing, "dot")
    assert dot["r"] == ("3.5" if found.signal else "2.5")


def test_without_limits_nothing_is_drawn() -> None:
    assert charts.limits_chart(judge([1] * 19), "l") is None
