"""Charts on a terminal fit, have room for their legend, and have axes that say what they are."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction as F

from hypothesis import given
from hypothesis import strategies as st

from okrctl.outputs.plot import Plot, draw_plot
from okrctl.outputs.terminal import TerminalStyle, display_width
from okrctl.outputs.text.scorecard import amount, short_day

DAYS = st.dates(date(1990, 1, 1), date(2400, 1, 1))
VALUES = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=100)


def plot(first: date, last: date, values: list[F], bounds: list[F] | None = None, **more: object) -> Plot:
    """A chart of values at equal distances."""
    length = (last - first).days
    points = [(first + timedelta(days=length * n // max(len(values) - 1, 1)), v) for n, v in enumerate(values)]
    return Plot(first, last, points, (), bounds or [], (), "value in kg", amount)._replace(**more)


QUARTER = plot(date(2026, 9, 1), date(2026, 11, 30), [F(60), F(140)], [F(90)])


def test_both_axes_are_labelled() -> None:
    lines = draw_plot(QUARTER, TerminalStyle(width=80))
    assert lines[0] == "value in kg"
    labels = [(number, line.partition(" ┤")[0].strip()) for number, line in enumerate(lines) if " ┤" in line]
    assert labels == [(1, "140"), (5, "100"), (6, "90"), (9, "60")]
    axis, days, legend = lines[10:]
    assert re.split("  +", days.strip()) == ["1 Sep", "1 Oct", "1 Nov", "30 Nov"]
    assert axis.count("┬") == 4 and legend.strip() == "● readings  ─ bounds"
    ticks = [place for place, sign in enumerate(axis) if sign == "┬"]
    for label, tick in zip(("1 Oct", "1 Nov"), ticks[1:3], strict=True):
        assert days.index(label) <= tick < days.index(label) + len(label)


def test_a_middle_that_lies_on_a_bound_has_the_label_of_the_bound() -> None:
    lines = draw_plot(plot(date(2026, 1, 1), date(2026, 2, 1), [F(0), F(10)], [F(21, 4)]), TerminalStyle(width=60))
    assert [line.partition(" ┤")[0].strip() for line in lines if " ┤" in line] == ["10", "5.25", "0"]


def test_without_unicode_all_is_ascii() -> None:
    lines = draw_plot(QUARTER, TerminalStyle(width=60, unicode=False))
    assert "".join(lines).isascii() and lines[-1].strip() == "O readings  - bounds"


def test_colour_only_paints() -> None:
    painted = "\n".join(draw_plot(QUARTER, TerminalStyle(color=True, width=80)))
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted).splitlines() == draw_plot(QUARTER, TerminalStyle(width=80))


@given(DAYS, st.integers(1, 5000), st.lists(VALUES, min_size=1, max_size=40), st.lists(VALUES, max_size=2),
       st.integers(20, 200), st.booleans())  # fmt: skip
def test_every_chart_fits_and_names_its_days(
    first: date, days: int, values: list[F], bounds: list[F], width: int, is_unicode: bool
) -> None:
    last = first + timedelta(days=days)
    drawn = plot(first, last, values, bounds, projected=[values[0], values[0] + 1, values[0] + 2])
    lines = draw_plot(drawn, TerminalStyle(width=width, unicode=is_unicode))
    assert all(display_width(line) <= width for line in lines)
    assert bool(lines) or width < 40
    if lines:
        names = re.split("  +", lines[11].strip())
        found = [short_day(first, last), *([short_day(last, last)] if len(names) > 1 else [])]
        assert names[0] == found[0] and names[-1] == found[-1]
        top, bottom = lines[1], lines[9]
        assert amount(max([*values, *bounds, values[0] + 2])) in top and amount(min([*values, *bounds])) in bottom
        legend = " ".join(" ".join(lines[12:]).split())
        assert "readings" in legend and ("80 % range" in legend or width < 40)


def test_a_chart_without_room_or_a_second_value_is_left_out() -> None:
    assert draw_plot(plot(date(2026, 1, 1), date(2026, 2, 1), [F(1), F(1)]), TerminalStyle(width=80)) == []
    assert draw_plot(plot(date(2026, 1, 1), date(2026, 1, 1), [F(1), F(2)]), TerminalStyle(width=80)) == []
    assert draw_plot(QUARTER, TerminalStyle(width=20)) == []
