"""What is drawn lies inside its picture and is to scale, whatever the values are."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from okrctl.analysis.trajectory import Trajectory
from okrctl.outputs.html import charts

FIRST = date(2026, 4, 1)
values = st.fractions(min_value=-(10**9), max_value=10**9)
lines = st.lists(st.tuples(st.integers(0, 90), values), max_size=12).map(
    lambda ones: [(FIRST + timedelta(days=day), value) for day, value in sorted(ones)]
)


def places(picture: str, kind: str) -> list[tuple[Fraction, Fraction]]:
    """The points of a line of this kind."""
    found = re.findall(rf'class="{kind}" d="M([^"Hz]*)"', picture)
    pairs = (pair.split() for one in found for pair in one.split("L"))
    return [(Fraction(x), Fraction(y)) for x, y in pairs]


def width(picture: str, kind: str) -> str:
    return (re.findall(rf'class="{kind}"[^>]* width="([^"]+)"', picture) or ["0"])[0]


def test_a_bar_is_as_long_as_the_way_and_marks_what_is_expected() -> None:
    drawn = charts.progress_bar(Fraction(1, 4), Fraction(1, 2))
    assert width(drawn, "fill") == "25" and 'class="mark" x="50"' in drawn
    assert (
        width(charts.progress_bar(Fraction(-3)), "fill") == "0"
        and width(charts.progress_bar(Fraction(5, 2)), "fill") == "100"
    )
    assert 'class="mark" x="99"' in charts.progress_bar(None, Fraction(1))


def test_a_step_lies_between_its_ends() -> None:
    drawn = charts.waterfall_step(Fraction(30), Fraction(20), Fraction(0), Fraction(40), "fall")
    assert 'class="step fall" x="50" width="25"' in drawn


def test_a_course_is_to_scale() -> None:
    middle = FIRST + timedelta(days=45)
    trace = Trajectory(FIRST, FIRST + timedelta(days=90), [(FIRST, Fraction(0)), (middle, Fraction(1, 2))])
    start, end = places(charts.score_chart(trace, middle, "so"), "line")
    assert start == (4, charts.CHART_HEIGHT - 4) and end == (
        Fraction(charts.CHART_WIDTH, 2),
        Fraction(charts.CHART_HEIGHT, 2),
    )


@given(lines, lines, st.lists(values, max_size=2))
def test_nothing_is_drawn_outside(course: charts.Line, expected: charts.Line, bounds: list[Fraction]) -> None:
    trace = Trajectory(FIRST, FIRST + timedelta(days=90), list(course), list(expected), bounds)  # type: ignore[arg-type]
    drawn = charts.reading_chart(trace, "so")
    assert bool(drawn) is bool(course)
    for x, y in places(drawn, "line") + places(drawn, "way"):
        assert 0 <= x <= charts.SPARK_WIDTH and 0 <= y <= charts.SPARK_HEIGHT


@given(st.lists(st.none() | values, max_size=20))
def test_a_sparkline_needs_two_values(ones: list[Fraction | None]) -> None:
    drawn = charts.sparkline(ones, "so")
    known = [one for one in ones if one is not None]
    assert len(places(drawn, "line")) == (len(known) if len(known) > 1 else 0)
    assert all(0 <= x <= charts.SPARK_WIDTH and 0 <= y <= charts.SPARK_HEIGHT for x, y in places(drawn, "line"))
