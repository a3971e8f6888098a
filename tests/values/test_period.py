"""Periods, days and cadences: names, errors, and the selection of a period."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.period import (
    CADENCES,
    CALENDAR_YEAR,
    Cadence,
    FiscalYear,
    Period,
    PeriodError,
    cadence_intervals,
    custom_period,
    describe,
    looks_like_period,
    next_period,
    parse,
    parse_cadence,
    parse_day,
    parse_reading_day,
    parse_written_day,
    previous_period,
)
from okrctl.values.period.selection import default_periods, find_period

FEBRUARY = FiscalYear(2, is_named_by_end=True)
JULY = FiscalYear(7)
fiscal_years = st.builds(FiscalYear, st.integers(1, 12), st.booleans())


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "fiscal", "start", "end", "kind"),
    [
        ("2026-Q2", CALENDAR_YEAR, "2026-04-01", "2026-06-30", "quarter"),
        ("2026-H1", CALENDAR_YEAR, "2026-01-01", "2026-06-30", "half"),
        ("2026-T3", CALENDAR_YEAR, "2026-09-01", "2026-12-31", "third"),
        ("2026", CALENDAR_YEAR, "2026-01-01", "2026-12-31", "year"),
        ("2024-02", CALENDAR_YEAR, "2024-02-01", "2024-02-29", "month"),
        ("2026-05", FEBRUARY, "2026-05-01", "2026-05-31", "month"),
        ("FY26-Q1", FEBRUARY, "2025-02-01", "2025-04-30", "quarter"),
        ("FY26-Q4", FEBRUARY, "2025-11-01", "2026-01-31", "quarter"),
        ("FY26", FEBRUARY, "2025-02-01", "2026-01-31", "year"),
        ("FY26-Q1", JULY, "2026-07-01", "2026-09-30", "quarter"),
        ("FY26-T2", JULY, "2026-11-01", "2027-02-28", "third"),
        ("2026-Q4", FiscalYear(1, is_named_by_end=True), "2026-10-01", "2026-12-31", "quarter"),
        ("9999-Q4", CALENDAR_YEAR, "9999-10-01", "9999-12-31", "quarter"),
        ("0001", CALENDAR_YEAR, "0001-01-01", "0001-12-31", "year"),
    ],
)
def test_names_have_dates(name: str, fiscal: FiscalYear, start: str, end: str, kind: str) -> None:
    assert parse(name, fiscal) == (name, day(start), day(end), kind)


@pytest.mark.parametrize(
    ("name", "fiscal", "hint"),
    [
        ("2026-Q1", FEBRUARY, "write FY26-Q1 (2025-02-01 to 2025-04-30)"),
        ("2026", JULY, "write FY26 (2026-07-01 to 2027-06-30)"),
        ("1999-Q1", JULY, "FY26-Q1 or FY26"),
        ("2026Q1", FEBRUARY, "write FY26-Q1 (2025-02-01 to 2025-04-30)"),
        ("FY26-Q1", CALENDAR_YEAR, "write 2026-Q1,"),
        ("FY26", CALENDAR_YEAR, "write 2026,"),
        ("2026-Q5", CALENDAR_YEAR, "Q1 to Q4"),
        ("2026-H3", CALENDAR_YEAR, "H1 to H2"),
        ("2026-T0", CALENDAR_YEAR, "T1 to T3"),
        ("2026-13", CALENDAR_YEAR, "01 to 12"),
        ("2026-5", CALENDAR_YEAR, "write 2026-05"),
        ("2026-q2", CALENDAR_YEAR, "write 2026-Q2"),
        ("2026Q2", CALENDAR_YEAR, "write 2026-Q2"),
        ("Q2 2026", CALENDAR_YEAR, "write 2026-Q2"),
        ("FY2026-Q1", JULY, "write FY26-Q1"),
        ("0000", CALENDAR_YEAR, "0001 to 9999"),
        ("spring", CALENDAR_YEAR, "write 2026-Q2, 2026-H1"),
        ("spring", JULY, "write FY26-Q2, FY26-H1"),
        ("", CALENDAR_YEAR, "write 2026-Q2"),
        ("٢٠٢٦", CALENDAR_YEAR, "write 2026-Q2"),
    ],
)
def test_invalid_names_have_a_fix(name: str, fiscal: FiscalYear, hint: str) -> None:
    with pytest.raises(PeriodError) as caught:
        parse(name, fiscal)
    assert hint in caught.value.hint


@given(st.text(max_size=30) | st.from_regex(r"(FY)?[0-9]{2,4}[- ]?[QHT]?[0-9]{0,2}", fullmatch=True), fiscal_years)
def test_any_text_is_parsed_or_rejected(text: str, fiscal: FiscalYear) -> None:
    try:
        period = parse(text, fiscal)
    except PeriodError as error:
        assert error.message and error.hint
    else:
        assert period.id == text and period.start < period.end


@given(st.sampled_from(["", "-Q{}", "-H{}", "-T{}"]), st.integers(2001, 2098), fiscal_years, st.integers(1, 4))
def test_periods_of_a_kind_have_no_gaps(part: str, year: int, fiscal: FiscalYear, number: int) -> None:
    most = {"": 1, "-Q{}": 4, "-H{}": 2, "-T{}": 3}[part]
    name = f"{year}" if fiscal.start_month == 1 else f"FY{year % 100:02}"
    period = parse(name + part.format(min(number, most)), fiscal)
    after = next_period(period, fiscal)
    assert after.start == period.end + timedelta(days=1)
    assert after == parse(after.id, fiscal)
    assert previous_period(after, fiscal) == period


def test_next_custom_period_has_the_same_length() -> None:
    cycle = custom_period("cycle-09", day("2026-04-13"), day("2026-05-24"))
    assert next_period(cycle) == ("cycle-10", day("2026-05-25"), day("2026-07-05"), "custom")
    assert previous_period(cycle) == ("cycle-08", day("2026-03-02"), day("2026-04-12"), "custom")


@pytest.mark.parametrize(
    "last",
    [
        parse("9999-Q4"),
        parse("9999"),
        parse("9999-12"),
        custom_period("c-1", day("9999-12-01"), day("9999-12-31")),
        custom_period("sprint", day("2026-01-01"), day("2026-01-31")),
    ],
)
def test_last_period_has_no_next_period(last: Period) -> None:
    with pytest.raises(PeriodError):
        next_period(last)


def test_fiscal_years_end_with_their_two_digits() -> None:
    with pytest.raises(PeriodError):
        next_period(parse("FY99-Q4", JULY), JULY)
    with pytest.raises(PeriodError):
        previous_period(parse("FY00", JULY), JULY)


@pytest.mark.parametrize(
    ("id", "start", "end", "hint"),
    [
        ("2026-q2", "2026-01-01", "2026-02-01", "cycle-7"),
        ("q2", "2026-01-01", "2026-02-01", "cycle-7"),
        ("next", "2026-01-01", "2026-02-01", "cycle-7"),
        ("Cycle 7", "2026-01-01", "2026-02-01", "lower-case"),
        ("c" * 65, "2026-01-01", "2026-02-01", "at most 64"),
        ("c", "2026-02-01", "2026-01-01", "swap"),
        ("c", "0001-01-01", "9999-12-31", "year"),
    ],
)
def test_invalid_custom_periods(id: str, start: str, end: str, hint: str) -> None:
    with pytest.raises(PeriodError) as caught:
        custom_period(id, day(start), day(end))
    assert hint in caught.value.hint


def test_custom_period_of_one_day() -> None:
    assert custom_period("day", day("2026-01-01"), day("2026-01-01")).days == 1


CYCLE = custom_period("cycle-7", day("2026-04-13"), day("2026-05-24"))
KNOWN = [*map(parse, ("2025-Q2", "2025-Q4", "2026-Q1", "2026", "2026-Q2", "2026-05", "2027-Q3", "2026-T3")), CYCLE]


@pytest.mark.parametrize(
    ("words", "today", "id"),
    [
        ("Q2", "2026-05-15", "2026-Q2"),
        ("q2", "2026-04-01", "2026-Q2"),
        ("Q2", "2026-06-30", "2026-Q2"),
        ("Q2", "2026-07-01", "2026-Q2"),
        ("Q2", "2026-03-31", "2025-Q2"),
        ("Q1", "2026-05-15", "2026-Q1"),
        ("Q3", "2026-05-15", "2027-Q3"),
        ("T3", "2026-05-15", "2026-T3"),
        ("this", "2026-05-15", "2026-05"),
        ("this", "2026-04-15", "cycle-7"),
        ("This", "2026-04-02", "2026-Q2"),
        ("last", "2026-05-15", "2026-Q1"),
        ("last", "2026-06-15", "2026-05"),
        ("next", "2026-05-15", "2026-T3"),
        ("next", "2026-03-15", "2026-Q2"),
        ("2026", "2026-05-15", "2026"),
        ("2026-q1", "2026-05-15", "2026-Q1"),
        ("2026q1", "2026-05-15", "2026-Q1"),
        ("Q1 2026", "2026-05-15", "2026-Q1"),
        ("CYCLE-7", "2030-01-01", "cycle-7"),
    ],
)
def test_find_period(words: str, today: str, id: str) -> None:
    assert find_period(words, KNOWN, day(today)).id == id


def test_find_fiscal_periods() -> None:
    known = [parse(name, FEBRUARY) for name in ("FY26-Q1", "FY26-Q2", "FY27-Q1")]
    assert find_period("Q1", known, day("2026-03-01"), FEBRUARY).id == "FY27-Q1"
    assert find_period("Q1", known, day("2026-01-31"), FEBRUARY).id == "FY26-Q1"
    assert find_period("fy26-q2", known, day("2026-03-01"), FEBRUARY).id == "FY26-Q2"


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("H1", "no files for 2026-H1 (2026-01-01 to 2026-06-30)", "2026-Q2, 2026-05, cycle-7"),
        ("H2", "no files for any H2", "2026-Q2"),
        ("2026-Q4", "no files for 2026-Q4", "2026-Q2"),
        ("spring", "'spring' is not a valid period", "2026-Q2, 2026-05"),
        ("FY26-Q2", "starts in January", "write 2026-Q2"),
    ],
)
def test_never_selects_another_period(words: str, message: str, hint: str) -> None:
    with pytest.raises(PeriodError) as caught:
        find_period(words, KNOWN, day("2026-05-15"))
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_current_quarter_without_files_is_an_error() -> None:
    with pytest.raises(PeriodError, match="no files for 2026-Q2"):
        find_period("Q2", [parse("2025-Q2")], day("2026-05-15"))


def test_hint_without_any_files() -> None:
    with pytest.raises(PeriodError) as caught:
        find_period("this", [], day("2026-05-15"))
    assert caught.value.hint == "no period has files yet"


@pytest.mark.parametrize(
    ("today", "ids"),
    [
        ("2026-05-15", ["2026-05", "cycle-7", "2026-Q2", "2026"]),
        ("2027-02-01", ["2026-T3"]),
        ("2020-01-01", ["2025-Q2"]),
    ],
)
def test_default_periods(today: str, ids: list[str]) -> None:
    assert [period.id for period in default_periods(KNOWN, day(today))] == ids
    assert default_periods([], day(today)) == []


def test_describe() -> None:
    assert describe(CYCLE) == "cycle-7 (2026-04-13 to 2026-05-24)"


def test_contains() -> None:
    assert parse("2026").contains(parse("2026-Q4")) and parse("2026").contains(parse("2026"))
    assert not parse("2026-Q2").contains(parse("2026"))


def test_looks_like_period() -> None:
    assert all(map(looks_like_period, ("2026-Q2", "2026-q2", "q2", "H1", "t3", "fy26", "fy26-q1", "2026", "2026-05")))
    assert not any(map(looks_like_period, ("trust", "qa", "team-q2", "24", "h", "2026-team", "")))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-02-30", "February 2026 has 28 days"),
        ("2024-02-30", "February 2024 has 29 days"),
        ("2026-04-00", "April 2026 has 30 days"),
        ("2026-13-01", "01 to 12"),
        ("0000-01-01", "0001 to 9999"),
        ("2026-4-3", "write 2026-04-03"),
        ("2026/04/13", "write 2026-04-13"),
        ("13.04.2026", "write 2026-04-13"),
        ("2026-04-13T10:00:00", "alone: 2026-04-13"),
        ("04/13/2026", "2026-04-13"),
        ("today", "2026-04-13"),
        ("٢٠٢٦-٠٤-١٣", "2026-04-13"),
        ("2026-04-13\n", "2026-04-13"),
    ],
)
def test_invalid_dates(text: str, hint: str) -> None:
    with pytest.raises(PeriodError) as caught:
        parse_day(text)
    assert hint in caught.value.hint


@given(st.dates())
def test_every_date_is_parsed(some: date) -> None:
    assert parse_day(some.isoformat()) == parse_reading_day(some.isoformat()) == some


def test_month_of_a_reading_is_its_last_day() -> None:
    assert parse_reading_day("2024-02") == day("2024-02-29")
    assert parse_reading_day("9999-12") == day("9999-12-31")
    with pytest.raises(PeriodError):
        parse_reading_day("2026-13")
    with pytest.raises(PeriodError):
        parse_day("2026-05")


def test_cadences() -> None:
    names = ["daily", "weekly", "fortnightly", "monthly", "quarterly", "10 days", "1 day"]
    assert [parse_cadence(name).days for name in names] == [1, 7, 14, 30, 91, 10, 1]


@pytest.mark.parametrize("text", ["yearly", "0 days", "10", "10days", "-1 days", "99999 days", "Weekly", ""])
def test_invalid_cadences(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_cadence(text)


def test_monthly_intervals() -> None:
    spans = cadence_intervals(CADENCES["monthly"], day("2026-01-31"), day("2026-04-30"))
    assert [start.isoformat() for start, _ in spans] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert spans[-1][1] == day("2026-05-30")


def test_months_in_a_quarter() -> None:
    spans = cadence_intervals(CADENCES["monthly"], day("2026-04-01"), day("2026-06-30"))
    assert [end.isoformat() for _, end in spans] == ["2026-04-30", "2026-05-31", "2026-06-30"]
    assert cadence_intervals(CADENCES["quarterly"], day("2026-04-01"), day("2026-06-30")) == [
        (spans[0][0], spans[-1][1])
    ]


def test_fixed_intervals_keep_their_length() -> None:
    spans = cadence_intervals(CADENCES["weekly"], day("2026-04-01"), day("2026-04-16"))
    assert [(start.day, end.day) for start, end in spans] == [(1, 7), (8, 14), (15, 21)]
    assert cadence_intervals(CADENCES["weekly"], day("2026-04-02"), day("2026-04-01")) == []


@given(st.sampled_from([*CADENCES.values(), parse_cadence("10 days")]), st.dates(), st.integers(0, 800))
def test_intervals_cover_every_day(cadence: Cadence, first: date, length: int) -> None:
    last = first + timedelta(days=min(length, (date.max - first).days))
    spans = cadence_intervals(cadence, first, last)
    assert spans[0][0] == first and spans[-1][0] <= last <= spans[-1][1]
    assert all(start <= end for start, end in spans)
    assert all(before[1] + timedelta(days=1) == after[0] for before, after in pairwise(spans))


NAMED_BY_START = FiscalYear(2)


@pytest.mark.parametrize(
    ("text", "fiscal", "hint"),
    [
        ("2026-W18", CALENDAR_YEAR, "write {id: w18, start: 2026-04-27, end: 2026-05-03}"),
        ("2026-W01", NAMED_BY_START, "write {id: w01, start: 2025-12-29, end: 2026-01-04}"),
        ("2026-04..2026-06", CALENDAR_YEAR, "write 2026-Q2"),
        ("2026-04 to 2026-06", NAMED_BY_START, "write {id: apr-jun, start: 2026-04-01, end: 2026-06-30}"),
        ("2026-05..2026-05", CALENDAR_YEAR, "write 2026-05"),
        ("2026-04..2026-05", CALENDAR_YEAR, "write {id: apr-may, start: 2026-04-01, end: 2026-05-31}"),
        ("2026-04-13..2026-05-24", CALENDAR_YEAR, "write {id: apr-may, start: 2026-04-13, end: 2026-05-24}"),
        ("2026-06..2026-04", CALENDAR_YEAR, "write the first day before the last"),
        ("FY2026/27-Q1", NAMED_BY_START, "write FY26-Q1"),
        ("FY2026/27-Q1", FEBRUARY, "write FY27-Q1"),
        ("Q3 2026/27", FEBRUARY, "write FY27-Q3"),
        ("FY26/27", NAMED_BY_START, "write FY26"),
        ("FY2026/27-Q1", CALENDAR_YEAR, "write FY26-Q1 and set `fiscal_year: {starts: MONTH}`"),
        ("Sprint 12", CALENDAR_YEAR, "write {id: sprint-12, start: YYYY-MM-DD, end: YYYY-MM-DD}"),
        ("PI7", NAMED_BY_START, "write {id: pi-7, start: YYYY-MM-DD, end: YYYY-MM-DD}"),
        ("20260504", CALENDAR_YEAR, "write {id: cycle-1, start: 2026-05-04, end: YYYY-MM-DD}"),
        ("2026-02-30", CALENDAR_YEAR, "February 2026 has 28 days"),
        ("2026-W60", CALENDAR_YEAR, "write 2026-Q2"),
    ],
)
def test_the_help_computes_the_form(text: str, fiscal: FiscalYear, hint: str) -> None:
    with pytest.raises(PeriodError) as caught:
        parse(text, fiscal)
    assert caught.value.message == f"'{text}' is not a valid period" and hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("20260504", "write 2026-05-04"),
        ("2026-W18", "write 2026-05-03, the last day of the week from 2026-04-27"),
        ("2026-05-04T08:00:00Z", "write the date alone: 2026-05-04"),
    ],
)
def test_the_help_of_a_date_names_the_day(text: str, hint: str) -> None:
    for parse_it in (parse_day, parse_reading_day):
        with pytest.raises(PeriodError) as caught:
            parse_it(text)
        assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-01", "2026-04-01"),
        ("2026-04-01 00:00:00", "2026-04-01"),
        ("2026-04-01T00:00:00Z", "2026-04-01"),
        ("2026-04-01T23:59:59.999+14:00", "2026-04-01"),  # as written, whatever the zone
        ("2026-04-01T00:30:00-0800", "2026-04-01"),
        ("2026-04-01 8:05", "2026-04-01"),
        ("2026-04-01 08:05:00 UTC", "2026-04-01"),
        ("2026-W18", "2026-05-03"),
        ("2026-W53", "2027-01-03"),
        ("2026-05", "2026-05-31"),
        (" 2026-02 ", "2026-02-28"),
    ],
)
def test_the_day_of_a_reading_in_a_table(text: str, day: str) -> None:
    assert str(parse_written_day(text).day) == day


@pytest.mark.parametrize("text", ["2026-04-31T00:00:00Z", "2026-W60", "01.04.2026", "2026-04-01 noon", "8:00", ""])
def test_what_is_no_day_in_a_table(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_written_day(text)


def test_times_of_a_day_are_in_order() -> None:
    times = [parse_written_day(f"2026-04-01 {time}").time for time in ("8:05", "08:05:30", "18:00")]
    assert times == sorted(times) and times[0] == "08:05"


def test_the_advice_for_a_fiscal_period_is_a_period() -> None:
    with pytest.raises(PeriodError) as caught:
        parse("FY26-Q5")
    assert caught.value.hint == "write Q1 to Q4"
    with pytest.raises(PeriodError) as caught:
        parse("FY26-Q4")
    assert caught.value.hint == "write 2026-Q4, or set fiscal_year: in okrctl.yaml"
