"""Drawings lie inside their picture and are to scale, and charts say their values, whatever these are."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from okrctl.analysis.trajectory import Trajectory
from okrctl.outputs.reports import charts, page_text
from okrctl.outputs.reports.charts import ONE, Drawing
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Bar, Step
from tests.kpis.test_kpi_signals import judge

FIRST = date(2026, 4, 1)
NAMES = charts.ValueNames(scorecard.amount, scorecard.amount, scorecard.amount)
values = st.fractions(min_value=-(10**9), max_value=10**9)
lines = st.lists(st.tuples(st.integers(0, 90), values), max_size=12).map(
    lambda points: [(FIRST + timedelta(days=day), value) for day, value in sorted(points)]
)


def attributes(drawing: Drawing, kind: str) -> list[dict[str, str]]:
    """The attributes of all shapes of a class."""
    return [shape.attributes for shape in drawing.shapes if kind == shape.attributes["class"]]


def texts(drawing: Drawing, kind: str) -> list[str]:
    """What is written in a class of text, such as the ticks."""
    return [shape.text for shape in drawing.shapes if kind in shape.attributes["class"].split()]


def said(drawing: Drawing) -> list[str]:
    """What the points of a chart say, aloud and above the plot alike."""
    found = [shape for shape in drawing.shapes if shape.attributes["class"] == "point"]
    assert all(point.attributes["tabindex"] == "0" and point.attributes["role"] == "img" for point in found)
    assert all(point.attributes["aria-label"] == point.shapes[1].text for point in found)
    return [point.attributes["aria-label"] for point in found]


def dots(drawing: Drawing) -> list[tuple[Fraction, Fraction]]:
    """Where the points of a chart are."""
    circles = [shape.shapes[0].attributes for shape in drawing.shapes if shape.attributes["class"] == "point"]
    return [(Fraction(circle["cx"]), Fraction(circle["cy"])) for circle in circles]


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
    assert attributes(charts.progress_bar(Bar(Fraction(1), Fraction(1))), "mark") == []  # all of it is reached


def test_a_step_lies_between_its_ends() -> None:
    drawing = charts.waterfall_step(Step(Fraction(30), Fraction(20), Fraction(0), Fraction(40), "fall"))
    (step,) = attributes(drawing, "step fall")
    assert (step["x"], step["width"]) == ("50", "25")


def test_a_chart_of_scores_is_to_scale_and_says_its_values() -> None:
    middle = FIRST + timedelta(days=45)
    trajectory = Trajectory(FIRST, FIRST + timedelta(days=90), [(FIRST, Fraction(0)), (middle, Fraction(1, 2))])
    drawing = charts.score_chart(trajectory, middle, "label")
    assert drawing is not None
    (left, bottom), (x, y) = points(drawing, "line")
    (target,) = (each["d"] for each in attributes(drawing, "target"))
    top = Fraction(target.removeprefix("M").split("H")[0].split()[1])
    assert y == (top + bottom) / 2 and x == (left + charts.CHART_WIDTH - 2 * charts.MARGIN) / 2
    assert texts(drawing, "tick") == ["0.00", "0.50", "1.00", "1 Apr", "1 May", "1 Jun", "30 Jun"]
    assert said(drawing) == ["1 Apr: 0.00", "16 May: 0.50"]
    assert dots(drawing) == points(drawing, "line")
    assert len(attributes(drawing, "now")) == 1


def test_a_score_beyond_its_target_stays_in_the_picture() -> None:
    day = FIRST + timedelta(days=9)
    trajectory = Trajectory(FIRST, FIRST + timedelta(days=90), [(FIRST, Fraction(-1, 10)), (day, Fraction(13, 10))])
    drawing = charts.score_chart(trajectory, day, "label")
    assert drawing is not None
    assert texts(drawing, "tick")[:5] == ["-0.50", "0.00", "0.50", "1.00", "1.50"]
    assert said(drawing) == ["1 Apr: -0.10", "10 Apr: 1.30"]


def name_value(value: Fraction) -> str:
    return scorecard.amount(value, "EUR")


def readings(*numbers: int, bounds: tuple[int, ...] = (), target: int | None = None) -> Drawing:
    """A chart of readings, one a day."""
    actual = [(FIRST + timedelta(days=day), Fraction(number)) for day, number in enumerate(numbers)]
    goal = None if target is None else Fraction(target)
    trajectory = Trajectory(FIRST, FIRST + timedelta(days=90), actual, [], list(map(Fraction, bounds)), goal)
    drawing = charts.reading_chart(trajectory, name_value, FIRST, "label")
    assert drawing is not None
    return drawing


def test_a_chart_of_readings_has_round_values_and_its_target() -> None:
    drawing = readings(103, 120, 133, target=200)
    assert texts(drawing, "tick")[:3] == ["100 EUR", "150 EUR", "200 EUR"]
    assert len(attributes(drawing, "target")) == 1
    assert said(drawing) == ["1 Apr: 103 EUR", "2 Apr: 120 EUR", "3 Apr: 133 EUR"]


def test_without_a_target_there_is_no_line_for_it() -> None:
    drawing = readings(103, 120)
    assert attributes(drawing, "target") == [] and len(said(drawing)) == 2


def test_less_is_better_is_drawn_downward() -> None:
    drawing = readings(80, 40, target=20)
    (_, first), (_, second) = dots(drawing)
    assert second > first
    assert texts(drawing, "tick")[:4] == ["20 EUR", "40 EUR", "60 EUR", "80 EUR"]


def test_one_reading_and_equal_readings_are_drawn_from_zero() -> None:
    for drawing in (readings(7), readings(7, 7, 7)):
        assert texts(drawing, "tick")[0] == "0 EUR"
        assert len(said(drawing)) in (1, 3)
    assert texts(readings(0), "tick")[:2] == ["0 EUR", "0.5 EUR"]
    assert texts(readings(-5, -5), "tick")[:4] == ["-6 EUR", "-4 EUR", "-2 EUR", "0 EUR"]


def test_a_huge_value_is_written_as_a_power_of_ten_on_the_axis_and_in_full_at_the_point() -> None:
    drawing = readings(0, 4 * 10**20)
    assert texts(drawing, "tick")[:5] == ["0 EUR", "1e20", "2e20", "3e20", "4e20"]
    assert said(drawing)[1] == "2 Apr: 400000000000000000000 EUR"


def test_bounds_are_dashed_lines() -> None:
    assert len(attributes(readings(5, 6, bounds=(4, 9)), "bound")) == 2


@given(lines, lines, st.lists(values, max_size=2))
def test_nothing_is_drawn_outside(actual: charts.Line, expected: charts.Line, bounds: list[Fraction]) -> None:
    trajectory = Trajectory(FIRST, FIRST + timedelta(days=90), list(actual), list(expected), bounds)
    drawing = charts.spark(trajectory, "label")
    assert bool(drawing) is bool(actual)
    for x, y in points(drawing, "line") + points(drawing, "expected"):
        assert 0 <= x <= charts.SPARK_WIDTH and 0 <= y <= charts.SPARK_HEIGHT
    chart = charts.reading_chart(trajectory, name_value, FIRST, "label")
    assert bool(chart) is bool(actual)
    if chart is not None:
        for x, y in points(chart, "line") + points(chart, "expected") + dots(chart):
            assert 0 < x <= charts.CHART_WIDTH and 0 <= y <= charts.CHART_HEIGHT
        places = [shape.attributes for shape in chart.shapes if shape.tag == "text"]
        assert all(0 < Fraction(place["x"]) < charts.CHART_WIDTH for place in places)
        assert all(len(label) <= charts.MAX_LABEL for label in texts(chart, "end"))


def test_periods_are_named_as_far_as_there_is_room() -> None:
    few = charts.period_chart([Fraction(1, 2), None, Fraction(1)], ["2026-Q1", "2026-Q2", "2026-Q3"], "label")
    assert texts(few, "tick")[3:] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert said(few) == ["2026-Q1: 0.50", "2026-Q3: 1.00"]
    names = [f"the-{number}-period" for number in range(20)]
    many = charts.period_chart([Fraction(1, 2)] * 20, names, "label")
    assert texts(many, "tick")[3:] == [names[0], names[-1]]


@given(st.lists(st.none() | values, max_size=20))
def test_a_sparkline_needs_two_values(values: list[Fraction | None]) -> None:
    drawing = charts.sparkline(values, "label")
    known = [value for value in values if value is not None]
    assert len(points(drawing, "line")) == (len(known) if len(known) > 1 else 0)
    assert all(0 <= x <= charts.SPARK_WIDTH and 0 <= y <= charts.SPARK_HEIGHT for x, y in points(drawing, "line"))


@given(st.lists(st.integers(0, 500), min_size=20, max_size=60), st.sampled_from(["better: lower", "between: [5, 40]"]))
def test_limits_and_their_baseline_lie_inside_the_picture(numbers: list[int], more: str) -> None:
    found = judge(list(numbers), more)
    drawing = charts.limits_chart(found, NAMES, "l")
    assert drawing is not None and found.drawn is not None
    (shade,) = attributes(drawing, "baseline")
    corners = [pair.split() for pair in shade["d"].removeprefix("M").removesuffix("z").split("L")]
    assert len(attributes(drawing, "bound")) == 2 and len(attributes(drawing, "mean")) == 1
    for x, y in [*((Fraction(x), Fraction(y)) for x, y in corners), *points(drawing, "line"), *dots(drawing)]:
        assert 0 <= x <= drawing.width and 0 <= y <= drawing.height
    assert Fraction(corners[0][1]) <= Fraction(corners[2][1])  # the upper limit above the lower one
    assert len(points(drawing, "line")) == len(numbers) - max(0, len(numbers) - 28)
    assert said(drawing)[-1].endswith(", a signal") is bool(found.signal)
    (named,) = texts(drawing, "limit-names")
    low, mean, high = map(scorecard.amount, (found.drawn.low, found.drawn.mean, found.drawn.high))
    assert named == f"usual {low} to {high}, mean {mean}"


def test_without_limits_nothing_is_drawn() -> None:
    assert charts.limits_chart(judge([1] * 19), scorecard.amount, "l") is None


def test_an_expected_line_that_jumps_is_a_step_whose_day_is_named() -> None:
    first, last = date(2026, 4, 1), date(2026, 6, 30)
    line = [(first, Fraction(0)), (date(2026, 5, 1), Fraction(1, 3)), (date(2026, 5, 2), Fraction(2, 3)), (last, ONE)]
    assert charts.step_days(line) == [date(2026, 5, 1)]
    assert page_text.expected_key(line, last) == "expected (jumps on 1 May, when something is due)"
    drawn = charts.score_chart(Trajectory(first, last, [(first, Fraction(0))], line), last, "Score")
    assert drawn is not None
    path = next(shape.attributes["d"] for shape in drawn.shapes if shape.attributes.get("class") == "expected")
    places = [place.split(" ") for place in path.removeprefix("M").split("L")]
    assert len(places) == 5 and places[2][0] == places[3][0] and places[1][1] == places[2][1]


def test_an_expected_line_without_a_jump_has_no_step() -> None:
    first, last = date(2026, 4, 1), date(2026, 6, 30)
    assert charts.step_days([(first, Fraction(0)), (last, ONE)]) == []
    assert charts.step_days([(day, Fraction(1)) for day in (first, last)]) == charts.step_days([]) == []
    assert page_text.expected_key([(first, Fraction(0)), (last, ONE)], last) == "expected"
    assert charts.limits_chart(judge([1] * 19), NAMES, "l") is None


@given(st.lists(values, min_size=2, max_size=12), values, values)
def test_the_bounds_of_an_alarm_and_the_best_values_are_drawn_and_named(
    numbers: list[Fraction], alarm: Fraction, best: Fraction
) -> None:
    line = [(FIRST + timedelta(days=number), value) for number, value in enumerate(numbers)]
    marks = [charts.Mark("alarm", "alarm above 4", (alarm,)), charts.Mark("target", "best 1 to 2", (best, best + 1))]
    drawing = charts.value_chart(line, NAMES, "l", marks)
    assert drawing is not None and texts(drawing, "limit-names") == ["alarm above 4 · best 1 to 2"]
    assert (len(attributes(drawing, "alarm")), len(attributes(drawing, "target"))) == (1, 2)
    for x, y in [*points(drawing, "line"), *dots(drawing)]:
        assert 0 <= x <= drawing.width and 0 <= y <= drawing.height


def test_the_lowest_point_does_not_lie_on_the_axis() -> None:
    line = [(FIRST, Fraction(30)), (FIRST + timedelta(days=9), Fraction(20))]
    drawing = charts.value_chart(line, NAMES, "l")
    assert drawing is not None and texts(drawing, "tick")[0] == "15"
    zero = charts.value_chart([(FIRST, Fraction(3)), (FIRST + timedelta(days=9), Fraction(0))], NAMES, "l")
    assert zero is not None and texts(zero, "tick")[0] == "0"
