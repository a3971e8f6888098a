"""Trends by what is better, and alarms."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F

import pytest

from okrctl.kpis.overview import KpiStatus, build_kpi_overview
from okrctl.kpis.trend import alarm_reason, trend_of
from tests.kpis.kpi_values import computed, gauges, kpi, one

OKRS = """
period: 2026-Q2
team: growth
objectives:
  - {id: o, title: Something true, owner: lea, KPIS key_results: [{id: k, title: K, to: 5, readings: {2026-05-04: 1}}]}
"""


def only(readings: str, more: str = "better: higher", day: date = date(2026, 6, 30), kpis: str = "") -> KpiStatus:
    return build_kpi_overview(gauges(kpi("load", readings, more), day, OKRS.replace("KPIS", kpis))).statuses[0]


@pytest.mark.parametrize(
    ("more", "before", "after", "expected"),
    [
        ("better: higher", 3, 4, "better"),
        ("better: higher", 4, 3, "worse"),
        ("better: lower", 3, 4, "worse"),
        ("better: lower", 4, 3, "better"),
        ("better: lower", 4, 4, "steady"),
        ("between: [48, 52]", 40, 45, "better"),
        ("between: [48, 52]", 60, 45, "better"),  # 8 away, then 3
        ("between: [48, 52]", 45, 55, "steady"),  # 3 away on either side
        ("between: [48, 52]", 49, 51, "steady"),
        ("between: [48, 52]", 52, 53, "worse"),
    ],
)
def test_what_is_better(more: str, before: int, after: int, expected: str) -> None:
    assert trend_of(one(gauges(kpi("load", "", more)), "load"), F(before), F(after)) == expected


@pytest.mark.parametrize(("value", "expected"), [(69, "below 70"), (70, None), (90, None), (91, "above 90")])
def test_alarms_sound_beyond_the_bounds(value: int, expected: str | None) -> None:
    watched = one(gauges(kpi("load", "", "better: higher, watch: {below: 70, above: 90}")), "load")
    assert alarm_reason(watched, F(value)) == expected
    assert alarm_reason(watched, None) is None


def test_the_change_is_since_the_newest_reading_a_cadence_older() -> None:
    # a month is 30 days: from 30 May on, so that 12 of 29 May counts and 15 does not
    found = only("2026-05-29: 12, 2026-06-05: 15, 2026-06-29: 20", "better: higher, cadence: monthly")
    assert (found.previous, found.change, found.trend) == (12, 8, "better")


def test_the_change_since_the_period_began_is_from_the_day_before() -> None:
    found = only("2026-03-31: 30, 2026-04-01: 10, 2026-06-29: 25")
    assert (found.value, found.period_change, found.period_trend) == (25, -5, "worse")
    assert only("2026-04-01: 10, 2026-06-29: 25").period_change is None


MONTHS = "2026-01-31: 1, 2026-02-28: 2, 2026-03-31: 3, 2026-04-30: 4, 2026-05-31: 5, 2026-06-30: 6"


def test_sums_and_means_are_those_of_the_period() -> None:
    summed = only(MONTHS, "better: higher, cadence: monthly, aggregate: sum")
    assert (summed.value, summed.period_change, summed.previous, summed.change) == (15, 9, 6, 9)
    mean = only(MONTHS, "better: higher, cadence: monthly, aggregate: mean")
    assert (mean.value, mean.period_change) == (5, 3)


def test_a_period_that_runs_is_compared_with_as_many_whole_months() -> None:
    found = only(MONTHS, "better: higher, cadence: monthly, aggregate: sum", date(2026, 5, 15))
    assert (found.value, found.previous, found.period_change) == (4, 3, 1)


def test_age_and_silence() -> None:
    fresh, old = only("2026-06-20: 1"), only("2026-06-19: 1")
    assert (fresh.age_days, fresh.is_stale) == (10, False)  # a cadence and a half is ten days and a half
    assert (old.age_days, old.is_stale) == (11, True)
    assert only("").age_days is None


@pytest.mark.parametrize(
    ("kpis", "day", "taken"),
    [
        ("kpis: [load],", date(2026, 6, 30), True),
        ("hypothesis: {kpi: load, expect: up},", date(2026, 6, 30), True),
        ("initiatives: [{title: Work, kpis: [load]}],", date(2026, 6, 30), True),
        ("kpis: [load], state: postponed, since: 2026-06-01, reason: Later,", date(2026, 6, 30), False),
        ("kpis: [load], state: postponed, since: 2026-06-01, reason: Later,", date(2026, 5, 31), True),
        ("kpis: [load], state: draft,", date(2026, 6, 30), False),
        ("kpis: [load],", date(2026, 7, 1), False),
        ("kpis: [other],", date(2026, 6, 30), False),
        ("", date(2026, 6, 30), False),
    ],
)
def test_who_takes_a_kpi_up(kpis: str, day: date, taken: bool) -> None:
    found = only("2026-04-06: 5", day=day, kpis=kpis)
    assert [node.ref for node in found.objectives] == (["2026-Q2/growth/o"] if taken else [])


def test_a_key_result_takes_its_kpi_up() -> None:
    okrs = OKRS.replace("KPIS", "").replace("readings: {2026-05-04: 1}", "kpi: load")
    found = build_kpi_overview(gauges(kpi("load", "2026-04-06: 5"), okrs=okrs)).statuses[0]
    assert [node.id for node in found.objectives] == ["o"]


def test_the_worst_comes_first() -> None:
    two = "2026-06-15: {}, 2026-06-22: {}"
    all = (
        kpi("rising", two.format(1, 2)) + kpi("silent", "") + kpi("same", two.format(1, 1))
        + kpi("falling", two.format(2, 1))
        + kpi("alarmed", two.format(1, 2), "better: higher, watch: {below: 3}") + computed("lost", "silent + 1")
    )  # fmt: skip
    found = [one.kpi.id for one in build_kpi_overview(gauges(all)).statuses]
    assert found == ["alarmed", "falling", "silent", "lost", "same", "rising"]
