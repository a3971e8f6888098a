"""Slots of the calendar: where they begin, which readings they take, what is compared with what."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.kpis.slots import (
    Filled,
    Slot,
    counted_slots,
    fill_slots,
    infer_cadence,
    name_slot,
    slot_after,
    slot_before,
    slot_of,
    slots_a_year_before,
    slots_before,
    slots_between,
)
from okrctl.values.dates import CADENCES, Cadence, parse_cadence

CADENCE_NAMES = [*CADENCES, "10 days", "7 days", "91 days"]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def filled(readings: dict[str, int], cadence: str = "monthly", *, is_one_each: bool = True) -> list[Filled]:
    values = [(day(text), Fraction(value)) for text, value in readings.items()]
    return fill_slots(values, parse_cadence(cadence), is_one_each=is_one_each)


@pytest.mark.parametrize(
    ("cadence", "first", "last"),
    [
        ("daily", "2026-05-14", "2026-05-14"),
        ("weekly", "2026-05-11", "2026-05-17"),
        ("fortnightly", "2026-05-11", "2026-05-24"),
        ("monthly", "2026-05-01", "2026-05-31"),
        ("quarterly", "2026-04-01", "2026-06-30"),
        ("10 days", "2026-05-07", "2026-05-16"),
    ],
)
def test_where_a_slot_lies(cadence: str, first: str, last: str) -> None:
    assert slot_of(day("05-14"), parse_cadence(cadence)) == Slot(date.fromisoformat(first), date.fromisoformat(last))


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)), st.sampled_from(CADENCE_NAMES))
def test_slots_cover_the_calendar_without_gaps(when: date, name: str) -> None:
    cadence = parse_cadence(name)
    slot = slot_of(when, cadence)
    assert slot.first <= when <= slot.last
    assert slot_of(slot.first, cadence) == slot_of(slot.last, cadence) == slot
    assert slot_after(slot_before(slot, cadence), cadence) == slot


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("01-31 02-28 03-31 04-30", "monthly"),
        ("01-01 01-08 01-16 01-22", "weekly"),
        ("01-01 01-02 01-03 01-10", "daily"),
        ("01-01 01-21 02-10 03-02", "fortnightly"),  # 20 days are nearer to 14 than to 30 by ratio
        ("01-01 01-22 02-12 03-05", "monthly"),  # 21 days
    ],
)
def test_a_cadence_that_is_not_written_is_the_median_distance(days: str, expected: str) -> None:
    assert infer_cadence([day(text) for text in days.split()], None) == CADENCES[expected]


def test_few_readings_tell_no_cadence_and_long_distances_are_taken_as_they_are() -> None:
    assert infer_cadence([day("01-01"), day("02-01"), day("03-01")], None) is None
    years = [date(year, 1, 1) for year in (2021, 2022, 2023, 2024)]
    assert infer_cadence(years, None) == Cadence("365 days", 365)
    assert infer_cadence([], CADENCES["weekly"]) == CADENCES["weekly"]


def test_a_late_report_belongs_to_the_slot_that_it_is_about() -> None:
    readings = {"01-31": 1, "03-02": 2, "03-31": 3}
    assert [entry.figure("sum") for entry in filled(readings)] == [1, 2, 3]
    assert [entry.figure("sum") for entry in filled(readings, is_one_each=False)] == [1, 5]


def test_sums_means_and_newest_readings_of_a_slot() -> None:
    [entry] = filled({"05-04": 2, "05-11": 3, "05-18": 10}, is_one_each=False)
    assert [entry.figure(how) for how in ("sum", "mean", "latest")] == [15, 5, 10]


def test_the_running_slot_counts_with_as_many_readings_as_the_one_before() -> None:
    entries = filled({"04-10": 1, "04-20": 1, "05-10": 1}, is_one_each=False)
    assert len(counted_slots(entries, day("05-11"))) == 1
    entries = filled({"04-10": 1, "04-20": 1, "05-10": 1, "05-11": 1}, is_one_each=False)
    assert len(counted_slots(entries, day("05-11"))) == 2
    assert len(counted_slots(entries[:1], day("04-21"))) == 0  # nothing before it to go by
    assert len(counted_slots(entries[:1], day("04-30"))) == 1


MAY = slot_of(day("05-14"), CADENCES["monthly"])
JUNE = slot_after(MAY, CADENCES["monthly"])


def test_as_many_slots_before() -> None:
    assert [slot.first for slot in slots_before([MAY, JUNE], CADENCES["monthly"])] == [day("03-01"), day("04-01")]
    assert slots_before([slot_of(date(1, 1, 15), CADENCES["monthly"])], CADENCES["monthly"]) == []


@pytest.mark.parametrize(
    ("cadence", "first"),
    [("monthly", "2025-05-01"), ("quarterly", "2025-04-01"), ("weekly", "2025-05-12"), ("daily", None)],
)
def test_the_same_slots_a_year_before(cadence: str, first: str | None) -> None:
    found = slots_a_year_before([slot_of(day("05-14"), CADENCES[cadence])], CADENCES[cadence])
    assert [str(slot.first) for slot in found] == ([first] if first else [])


def test_a_week_53_has_no_like_in_every_year() -> None:
    assert slots_a_year_before([slot_of(date(2026, 12, 30), CADENCES["weekly"])], CADENCES["weekly"]) == []


def test_slots_between_are_whole() -> None:
    assert slots_between(MAY, JUNE, CADENCES["monthly"]) == [MAY, JUNE]
    assert slots_between(MAY, MAY, CADENCES["monthly"]) == [MAY]


@pytest.mark.parametrize(
    ("cadence", "name"),
    [
        ("monthly", "May 2026"),
        ("quarterly", "2026-Q2"),
        ("weekly", "week 20 of 2026"),
        ("daily", "2026-05-14"),
        ("10 days", "2026-05-07 to 2026-05-16"),
    ],
)
def test_names_of_slots(cadence: str, name: str) -> None:
    assert name_slot(slot_of(day("05-14"), parse_cadence(cadence)), parse_cadence(cadence)) == name
