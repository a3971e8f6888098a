"""Tests of the rules about dates, states and manual scores; time alone must not add a finding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.check.rules.pages import TODAY, check, found, marked, okr


def marks(text: str, code: str, today: date = TODAY) -> list[str]:
    return [marked(text, one) for one in found(text, code, today=today)]


@pytest.mark.parametrize(
    ("key_result", "mark"),
    [
        ("to: 5, due: 2026-07-01", ["2026-07-01"]),
        ("to: 5, due: 2026-03-31", ["2026-03-31"]),
        ("to: 5, due: 2026-06-30, added: 2026-04-01", []),
        ("to: 5, plan: {2026-05-01: 2, 2026-08-01: 3}", ["2026-08-01"]),
        ("to: 5, state: postponed, reason: x, since: 2026-01-01", ["2026-01-01"]),
    ],
)
def test_dates_must_be_in_the_period(key_result: str, mark: list[str]) -> None:
    assert marks(okr(f"{{id: a, title: A, {key_result}}}"), "OKR112") == mark


def test_dates_of_an_objective_must_be_in_the_period() -> None:
    text = okr("{id: a, title: A, to: 5}", added="2025-05-01", state="postponed", reason="x", since="2027-01-01")
    assert marks(text, "OKR112") == ["2025-05-01", "2027-01-01"]


# OKR501


@pytest.mark.parametrize(("days", "late"), [(-1, False), (0, False), (1, False), (2, True), (400, True)])
def test_tomorrow_is_allowed(days: int, late: bool) -> None:
    day = TODAY + timedelta(days=days)
    text = okr(f"{{id: a, title: A, to: 5, readings: {{{day}: 1}}}}", readings=f"{{{day}: {{note: hi}}}}")
    assert marks(text, "OKR501") == [str(day)] * 2 * late
    kpis = f"kpis: [{{id: k, title: K, owner: x, better: higher, readings: {{{day}: 1}}}}]\n"
    assert len(found({"kpis/k.yaml": kpis}, "OKR501")) == late


def test_a_month_that_is_not_over_is_in_the_future() -> None:
    text = okr("{id: a, title: A, to: 5, readings: {2026-04: 1, 2026-05: 2}}")
    (one,) = found(text, "OKR501")
    assert (marked(text, one), "'2026-05' means 2026-05-31" in one.message) == ("2026-05", True)


def test_the_last_representable_day() -> None:
    assert found(okr("{id: a, title: A, to: 5, readings: {9999-12-31: 1}}"), "OKR501", today=date.max) == []


def test_a_reading_of_the_future_in_a_csv_file_has_its_line() -> None:
    files = {
        "okrs/a.yaml": okr("{id: a, title: A, to: 5, readings: a.csv}"),
        "okrs/a.csv": "date,value\n2026-06-20,2\n2026-04-20,1\n",
    }
    (one,) = found(files, "OKR501")
    assert (one.path, one.span.line) == ("okrs/a.csv", 2)


# OKR502


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        ("2026-03-31", True),
        ("2026-04-01", False),
        ("2026-06-30", False),
        ("2026-07-14", False),
        ("2026-07-15", True),
    ],
)
def test_readings_must_be_between_first_and_last_closing_day(day: str, mark: bool) -> None:
    text = okr(f"{{id: a, title: A, to: 5, readings: {{{day}: 1}}}}", readings=f"{{{day}: {{note: hi}}}}")
    assert marks(text, "OKR502", date(2026, 12, 31)) == [day] * 2 * mark


def test_the_closing_days_come_from_the_settings() -> None:
    text = okr("{id: a, title: A, to: 5, readings: {2026-07-10: 1}}")
    assert found(text, "OKR502", today=date(2026, 12, 31)) == []
    assert len(found(text, "OKR502", "scoring: {closing_days: 7}", date(2026, 12, 31))) == 1


def test_a_goal_added_later_has_no_earlier_readings() -> None:
    text = okr("{id: a, title: A, to: 5, added: 2026-05-01, readings: {2026-04-20: 1, 2026-05-04: 2}}")
    (one,) = found(text, "OKR502")
    assert (marked(text, one), "the day it was added, 2026-05-01" in one.message) == ("2026-04-20", True)


def test_many_readings_are_one_finding_on_each_side() -> None:
    days = "2025-04-20: 1, 2025-05-20: 1, 2026-03-30: 1, 2026-05-04: 2, 2026-08-01: 3, 2026-09-01: 3"
    text = okr(f"{{id: a, title: A, to: 5, readings: {{{days}}}}}")
    found_there = found(text, "OKR502", today=date(2026, 12, 31))
    assert [marked(text, one) for one in found_there] == ["2026-03-30", "2026-08-01"]
    assert ["2 more" in one.message for one in found_there] == [True, False]


def test_months_are_marked_as_they_are_written() -> None:
    assert marks(okr("{id: a, title: A, to: 5, readings: {2026-03: 1}}"), "OKR502") == ["2026-03"]


def test_kpi_readings_are_not_limited_to_a_period() -> None:
    kpis = "kpis: [{id: k, title: K, owner: x, better: higher, readings: {2019-03-01: 1}}]\n"
    assert found({"kpis/k.yaml": kpis}, "OKR502") == []


# OKR503


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("state: deprioritized", "'reason' and 'since'"),
        ("state: postponed, reason: x", "'since'"),
        ("state: postponed, since: 2026-05-01", "'reason'"),
        ("state: postponed, since: 2026-05-32, reason: x", None),
        ("state: postponed, reson: x, since: 2026-05-01", None),
        ("state: postponed, since: 2026-05-01, reason: x", None),
        ("state: draft", None),
    ],
)
def test_a_goal_that_is_given_up_needs_reason_and_since(said: str, missing: str | None) -> None:
    told = [one.message.partition("without ")[2] for one in found(okr(f"{{id: a, title: A, to: 5, {said}}}"), "OKR503")]
    assert told == ([missing] if missing else [])


# OKR504


def typed(score: str, readings: str = "{2026-05-04: 3}") -> str:
    """A file whose key result is typed to be `score`; 3 of 5 is 0.6."""
    return okr(f"{{id: a, title: A, to: 5, readings: {readings}, score: {{by: lea, {score}}}}}")


@pytest.mark.parametrize(
    ("score", "differs"),
    [
        ("value: 0.6", False),
        ("value: 60%", False),
        ("value: 6/10", False),
        ("value: 0.7", True),
        ("value: 0.7, reason: More was done than counted", False),
        ("value: 0, date: 2026-05-01", False),  # nothing had been read off by then, so there is nothing to differ from
        ("value: 0.9, date: 2026-05-04", True),
        ("value: 0.6, date: 2030-01-01", False),
    ],
)
def test_a_manual_score_that_differs_needs_a_reason(score: str, differs: bool) -> None:
    assert marks(typed(score), "OKR504") == ["score"] * differs


@pytest.mark.parametrize(("score", "differs"), [("0.7", False), ("0.67", False), ("0.66", True), ("2/3", False)])
def test_a_manual_score_may_be_rounded(score: str, differs: bool) -> None:
    text = okr(f"{{id: a, title: A, to: 9, readings: {{2026-05-04: 6}}, score: {{by: lea, value: {score}}}}}")
    assert marks(text, "OKR504") == ["score"] * differs


def test_the_computed_score_beside_a_manual_one_is_not_rounded_over_a_border() -> None:
    text = okr("{id: a, title: A, to: 10000, readings: {2026-05-04: 6996}, score: {by: lea, value: 0.8}}")
    [one] = found({"okrs/a.yaml": text}, "OKR504")
    assert "the computed score 0.6996 and" in one.message


def test_a_manual_score_of_an_objective_is_compared_with_its_mean() -> None:
    results = "{id: a, title: A, to: 5, readings: {2026-05-04: 3}}\n{id: b, title: B, to: 5, readings: {2026-05-04: 4}}"
    assert marks(okr(results, score="{value: 0.7, by: lea}"), "OKR504") == []
    assert marks(okr(results, score="{value: 0.8, by: lea}"), "OKR504") == ["score"]


def test_time_alone_adds_no_finding() -> None:
    weekly = "at_least: 5, judge: held, cadence: weekly, readings: {2026-04-06: 6}"
    held = f"{{id: h, title: H, {weekly}, score: {{value: 1, by: x}}}}"
    for text in (typed("value: 0.6"), typed("value: 0.7"), okr(held)):
        days = [TODAY, date(2026, 6, 30), date(2026, 7, 14), date(2026, 7, 15), date(2030, 1, 1)]
        assert len({tuple(check(text, today=day)) for day in days}) == 1


def test_manual_scores_are_not_compared_if_a_file_cannot_be_read() -> None:
    files = {"okrs/a.yaml": typed("value: 0.7"), "okrs/b.yaml": "objectives: [\n"}
    assert found(files, "OKR504") == []
