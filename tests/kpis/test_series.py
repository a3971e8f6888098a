"""The values of KPIs over time: recorded and computed ones, chains of cadences, figures of stretches of days."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction as F
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.kpis.series import KpiValues
from okrctl.values.timeseries import Point, RunningTotals, Series
from tests.counting import calls_at_most
from tests.kpis.kpi_values import DAY, build, computed, gauges, kpi, one

SALES = kpi("sales", "2026-04-06: 10, 2026-04-13: 12, 2026-07-01: 99")


def shown(all: KpiValues, id: str) -> list[tuple[str, F]]:
    return [(str(step.day), step.value) for step in all.series(one(all, id))]


def test_readings_after_the_day_do_not_exist() -> None:
    assert shown(gauges(SALES), "sales") == [("2026-04-06", 10), ("2026-04-13", 12)]


def test_a_formula_has_a_value_on_each_day_of_an_input_once_all_have_one() -> None:
    both = gauges(SALES + kpi("costs", "2026-04-10: 4") + computed("margin", "sales - costs"))
    assert shown(both, "margin") == [("2026-04-10", 6), ("2026-04-13", 8)]


def test_a_recorded_value_counts_before_a_computed_one() -> None:
    said = SALES + '  - {id: twice, title: T, better: higher, formula: "2 * sales", readings: {2026-04-06: 21}}\n'
    both = gauges(said)
    assert shown(both, "twice") == [("2026-04-06", 21)]
    assert [step.value for step in both.computed_series(one(both, "twice"))] == [20, 24]


def test_days_of_a_division_by_zero_have_no_value() -> None:
    divisor = kpi("b", "2026-04-01: 2, 2026-04-08: 0, 2026-04-15: 3")
    all = gauges(kpi("a", "2026-04-01: 6") + divisor + computed("c", "a / b"))
    assert shown(all, "c") == [("2026-04-01", 3), ("2026-04-15", 2)]


@pytest.mark.parametrize("formulas", [("b + 1", "a + 1"), ("a + 1", "1")])
def test_formulas_that_run_in_a_ring_have_no_values(formulas: tuple[str, str]) -> None:
    all = gauges(computed("a", formulas[0]) + computed("b", formulas[1]))
    assert shown(all, "a") == []


def test_what_hangs_on_a_ring_has_none_either_and_what_does_not_has() -> None:
    ring = computed("a", "b + c") + computed("b", "a + c") + computed("top", "a + c") + computed("aside", "c + c")
    for order in (ring, "".join(reversed(ring.splitlines(True)))):
        all = gauges(kpi("c", "2026-04-01: 1") + order)
        assert [shown(all, id) for id in ("top", "a", "b", "aside")] == [[], [], [], [("2026-04-01", 2)]]


def test_formulas_may_stand_on_each_other_as_deep_as_they_like() -> None:
    rungs = [computed(f"k{place}", f"k{place - 1} + 1") for place in range(1, 400)]
    all = gauges(kpi("k0", "2026-04-01: 5") + "".join(rungs))
    assert shown(all, "k399") == [("2026-04-01", 404)]


def test_a_ladder_of_formulas_is_worked_out_once_each() -> None:
    rungs = [computed(f"k{place}", f"k{place - 1} + k{place - 1} - k{place - 1}") for place in range(1, 60)]
    with calls_at_most(60_000):  # three to the power of 58 ways lead down
        all = gauges(kpi("k0", "2026-04-01: 5") + "".join(rungs))
        assert shown(all, "k59") == [("2026-04-01", 5)]


def steps(*days: int) -> Series:
    return Series(tuple(Point(date(2026, 1, 1) + timedelta(days=day), F(day)) for day in days))


def test_a_chain_takes_the_newest_that_is_a_cadence_older() -> None:
    # 27 is nearer than 7 days to 30, 23 is exactly 7 days away; from there 16, and 8 is 8 days from it
    found = steps(8, 15, 16, 20, 23, 27, 30).points_spaced(DAY, 7, 10)
    assert [int(step.value) for step in found] == [30, 23, 16, 8]


@given(st.sets(st.integers(0, 400), min_size=1, max_size=40), st.integers(1, 100))
def test_a_chain_keeps_its_distance(days: set[int], cadence: int) -> None:
    found = steps(*sorted(days)).points_spaced(DAY, cadence, 1000)
    gaps = [(later.day - earlier.day).days for later, earlier in pairwise(found)]
    assert all(gap >= cadence for gap in gaps)


def test_at_the_beginning_of_the_calendar_a_chain_ends() -> None:
    first, second = Point(date.min, F(1)), Point(date.min + timedelta(days=3), F(2))
    assert len(Series((first, second)).points_spaced(DAY, 7, 9)) == 2
    assert len(Series((first,)).points_spaced(DAY, 7, 9)) == 1


@given(st.dictionaries(st.integers(0, 60), st.integers(-9, 9), max_size=20), st.integers(0, 70), st.integers(1, 70))
def test_figures_of_stretches_are_those_of_their_readings(found: dict[int, int], last: int, days: int) -> None:
    first = date(2026, 1, 1)
    series = Series(tuple(Point(first + timedelta(days=day), F(value)) for day, value in sorted(found.items())))
    within = [F(value) for day, value in found.items() if last - days < day <= last]
    day = first + timedelta(days=last)
    assert RunningTotals(series, "sum").value_on(day, days) == (sum(within) if within else None)
    assert RunningTotals(series, "mean").value_on(day, days) == (sum(within, F(0)) / len(within) if within else None)
    known = series.newest(day)
    assert RunningTotals(series, "latest").value_on(day, days) == (known.value if known else None)


def test_ten_thousand_readings_of_a_csv_file_give_what_they_give_inline_and_quickly() -> None:
    first = date(1999, 1, 1)
    lines = [(first + timedelta(days=number), F(number * 37 % 1001, 4)) for number in range(10_000)]
    inline = ", ".join(f"{day}: {float(value)}" for day, value in lines)
    table = "week,amount\n" + "".join(f"{day},{float(value)}\n" for day, value in reversed(lines))
    half = computed("half", "load / 2")
    kept = "  - {id: load, title: load, better: higher, readings: {csv: load.csv, date: week, value: amount}}\n"
    with calls_at_most(5_000_000):
        found = [
            KpiValues(built, DAY)
            for built in (build(kpi("load", inline) + half), build(kept + half, csv={"kpis/load.csv": table}))
        ]
        inside, outside = ([shown(all, id) for id in ("load", "half")] for all in found)
        assert inside == outside
    assert len(inside[0]) == len(inside[1]) == sum(1 for day, _ in lines if day <= DAY)
