"""The limits and signals of the KPIs of a workspace: which readings are judged, and limits as they are drawn."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction as F

import pytest

from okrctl.kpis.series import KpiValues
from okrctl.kpis.signals import KpiSignal, find_signal
from tests.kpis.kpi_values import build, computed, kpi

FIRST = date(2026, 1, 5)  # a Monday
# Twelve readings of mean 10 and standard deviation root(30 / 11), so limits of 10 ± 4.954, then eight set aside.
BASELINE = [7, 13, 8, 12, 9, 11, 9, 11, 10, 10, 10, 10]
CALM = [10] * 7
WIDTH = 3 * (30 / 11) ** 0.5


def weekly(numbers: list[object], first: date = FIRST) -> str:
    return ", ".join(f"{first + timedelta(days=7 * place)}: {number}" for place, number in enumerate(numbers))


def judge(numbers: list[object], more: str = "better: lower", day: date = date(2027, 1, 1)) -> KpiSignal:
    values = KpiValues(build(kpi("load", weekly(numbers), more)), day)
    return find_signal(values, values.workspace.kpis["load"])


def test_a_reading_beyond_the_limit() -> None:
    found = judge([*BASELINE, *CALM, 15])
    assert found.signal == "beyond-limit"
    assert found.drawn is not None and found.computed is not None
    assert (found.drawn.mean, found.drawn.readings) == (10, 12)
    assert float(found.drawn.high) == pytest.approx(10 + WIDTH)
    assert float(found.drawn.low) == pytest.approx(10 - WIDTH)
    assert (found.drawn.first, found.drawn.last) == (FIRST, FIRST + timedelta(days=77))
    assert judge([*BASELINE, *CALM, 14]).signal is None  # 14 lies inside 14.954
    assert judge([*BASELINE, *CALM, 15], "better: higher").signal is None


def test_readings_near_the_limit() -> None:
    assert judge([*BASELINE, *CALM[:4], 13, 10, 13, 13]).signal == "near-limit"
    assert judge([*BASELINE, *CALM[:4], 13, 10, 10, 13]).signal is None


def test_either_side_of_a_band() -> None:
    assert judge([*BASELINE, *CALM, 15], "between: [8, 12]").signal == "beyond-limit"
    assert judge([*BASELINE, *CALM, 5], "between: [8, 12]").signal == "beyond-limit"
    assert judge([*BASELINE, *CALM, 15], "between: [8, 20]").signal is None


def test_the_baseline_ends_before_the_newest_eight_and_has_at_most_twenty() -> None:
    found = judge([99] * 5 + [10, 12] * 10 + CALM + [11])
    assert found.drawn is not None
    assert (found.drawn.mean, found.drawn.readings, found.drawn.first) == (11, 20, FIRST + timedelta(days=35))
    assert found.computed is not None and (found.computed.start, found.computed.end) == (5, 25)


def test_later_readings_do_not_exist() -> None:
    numbers: list[object] = [*BASELINE, *CALM, 15]
    newest = FIRST + timedelta(days=7 * 19)
    assert judge(numbers, day=newest).signal == "beyond-limit"
    before = judge(numbers, day=newest - timedelta(days=1))
    assert (before.signal, before.drawn, before.is_young, len(before.readings)) == (None, None, True, 19)


@pytest.mark.parametrize(
    ("baseline", "more", "low", "high"),
    [
        ([1, 4] * 6, "better: lower", 0, None),  # whole numbers, none below 0: a count
        ([1.5, 4] * 6, "better: lower", None, None),
        ([-1, 4] * 6, "better: lower", None, None),
        ([94.5, 99] * 6, 'better: higher, unit: "%"', None, 100),
        ([1.5, 4] * 6, 'better: lower, unit: "%"', 0, None),
        ([94.5, 101] * 6, 'better: higher, unit: "%"', None, None),  # not a share
    ],
)
def test_drawn_limits_end_where_shares_and_counts_do(
    baseline: list[object], more: str, low: int | None, high: int | None
) -> None:
    found = judge([*baseline, *[baseline[1]] * 8], more)
    assert found.drawn is not None and found.computed is not None
    assert found.drawn.low == (found.computed.low if low is None else low)
    assert found.drawn.high == (found.computed.high if high is None else high)
    assert low is None or found.computed.low < 0
    assert high is None or found.computed.high > 100


@pytest.mark.parametrize(("written", "step"), [("7", 1), ("7.0", F(1, 10)), ("7k", 1000)])
def test_equal_readings_leave_two_steps_of_the_last_written_place(written: str, step: F) -> None:
    found = judge([written] * 20)
    assert found.computed is not None
    assert float(found.computed.high - found.computed.mean) == pytest.approx(float(2 * step))


@pytest.mark.parametrize(
    ("numbers", "more", "worst"),
    [
        ([1, 2, 3, 2, 1, 4], "better: lower", "highest"),
        ([1, 2, 3, 2, 1, 3], "better: lower", None),  # as high as before
        ([2, 3, 2, 1, 4], "better: lower", None),  # five readings
        ([1, 2, 3, 2, 1, 4], "better: higher", None),
        ([4, 2, 3, 2, 5, 1], "better: higher", "lowest"),
        ([4, 2, 3, 2, 5, 1], "between: [2, 5]", "lowest"),
        ([4, 2, 3, 2, 5, 6], "between: [2, 5]", "highest"),
        ([4, 2, 3, 2, 3, 5], "between: [2, 5]", None),
        ([10] * 19 + [15], "better: lower", None),  # 20 readings: limits instead
    ],
)
def test_the_worst_of_few_readings_is_a_fact(numbers: list[object], more: str, worst: str | None) -> None:
    assert judge(numbers, more).worst == worst


# Formulas: the readings are the values in slots in which every input has one.


def readings_of(kpis: str, day: date = date(2027, 1, 1), id: str = "f") -> list[tuple[date, F]]:
    values = KpiValues(build(kpis), day)
    return [(point.day, point.value) for point in values.figures.readings(values.workspace.kpis[id])]


WEEKLY = kpi("a", weekly([10, 20, 30, 40, 50, 60]), "better: higher, cadence: weekly")  # 5 January to 9 February


def test_a_formula_over_weeks_and_months_has_a_reading_a_month() -> None:
    months = kpi("b", "2026-01-31: 2, 2026-02-28: 3", "better: higher, cadence: monthly")
    assert readings_of(WEEKLY + months + computed("f", "a * b")) == [
        (date(2026, 1, 31), 80),  # 40 of 26 January
        (date(2026, 2, 28), 180),
    ]


def test_a_slot_in_which_an_input_was_not_read_is_no_reading() -> None:
    other = kpi("b", "2026-01-12: 2, 2026-01-26: 3, 2026-02-09: 4", "better: higher, cadence: weekly")
    assert readings_of(WEEKLY + other + computed("f", "a * b")) == [
        (date(2026, 1, 18), 40), (date(2026, 2, 1), 120), (date(2026, 2, 15), 240),
    ]  # fmt: skip


def test_what_is_added_up_enters_with_its_sum_in_the_slot() -> None:
    summed = WEEKLY.replace("cadence", "aggregate: sum, cadence")
    months = kpi("b", "2026-01-31: 2, 2026-02-28: 3", "better: higher, cadence: monthly")
    assert readings_of(summed + months + computed("f", "a / b")) == [
        (date(2026, 1, 31), 50),  # 10 + 20 + 30 + 40
        (date(2026, 2, 28), F(110, 3)),
    ]


def test_a_running_slot_counts_once_it_is_as_full_as_the_one_before() -> None:
    other = kpi("b", weekly([1] * 6), "better: higher, cadence: weekly")
    kpis = WEEKLY + other + computed("f", "a + b", "better: higher, cadence: monthly")
    assert [day for day, _ in readings_of(kpis, date(2026, 2, 10))] == [date(2026, 1, 31)]
    assert [day for day, _ in readings_of(kpis, date(2026, 3, 1))] == [date(2026, 1, 31), date(2026, 2, 28)]


def test_a_formula_of_a_formula_and_its_recorded_inputs() -> None:
    double = computed("d", "2 * a") + computed("f", "d + a")
    assert readings_of(WEEKLY + double)[:2] == [(date(2026, 1, 11), 30), (date(2026, 1, 18), 60)]
    monthly = computed("d", "2 * a") + computed("f", "d + a", "better: higher, cadence: monthly")
    assert readings_of(WEEKLY + monthly) == [(date(2026, 1, 31), 120), (date(2026, 2, 28), 180)]


def test_a_formula_with_readings_of_its_own_is_judged_by_those() -> None:
    own = '  - {id: f, title: F, better: higher, formula: "2 * a", readings: {2026-01-07: 5}}\n'
    assert readings_of(WEEKLY + own) == [(date(2026, 1, 7), 5)]


@pytest.mark.parametrize(
    "formulas",
    [
        computed("f", "a / z") + kpi("z", weekly([0] * 6), "better: higher, cadence: weekly"),
        computed("f", "a + g") + computed("g", "f"),
        computed("f", "a + missing"),
        computed("f", "a +"),
        computed("f", "7"),
    ],
)
def test_what_cannot_be_computed_has_no_readings(formulas: str) -> None:
    assert readings_of(WEEKLY + formulas) == []


def test_a_formula_signals_by_its_slots() -> None:
    inputs = kpi("a", weekly([*BASELINE, *CALM, 15]), "better: lower, cadence: weekly")
    values = KpiValues(build(inputs + computed("f", "2 * a", "better: lower")), date(2027, 1, 1))
    found = find_signal(values, values.workspace.kpis["f"])
    assert (found.signal, found.readings[-1].day) == ("beyond-limit", FIRST + timedelta(days=7 * 19 + 6))
