"""Statuses where nobody says anything, while a period runs and once it is over."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.running import run, write

HEAD = "period: 2026-Q2\nteam: alpha\nobjectives:\n  - id: o\n    title: Customers trust us\n    owner: lea\n"
OPEN = "done: false"
STEPS = "milestones: [{title: Draft, done: false}, {title: Book, done: false}]"


def objective(root: Path, *measures: str, day: str, more: str = "") -> dict[str, Any]:
    lines = "".join(
        f"      - {{id: k{number}, title: The shop opens, {measure}}}\n" for number, measure in enumerate(measures)
    )
    write(root, {"okrs/q2.yaml": f"{HEAD}{more}    key_results:\n{lines}"})
    result = run("score", "2026-Q2", "--as-of", day, "--format", "json", cwd=root)
    assert result.status == 0, result.err
    found: dict[str, Any] = result.json["teams"][0]["objectives"][0]
    return found


@pytest.mark.parametrize(
    ("measure", "cadence", "last"),
    [
        (OPEN, "weekly", "2026-04-11"),
        (OPEN, "14 days", "2026-04-22"),
        (OPEN, "monthly", "2026-05-16"),
        (STEPS, "5 days", "2026-04-08"),
    ],
)
def test_what_is_done_by_dates_goes_stale_one_and_a_half_cadences_after_the_first_day(
    tmp_path: Path, measure: str, cadence: str, last: str
) -> None:
    """10.5, 21, 45 and 7.5 days after April 1: the last day in time is April 11, April 22, May 16 and April 8.

    On April 9 eight of 90 days are gone, so that open steps are not yet ten points behind.
    """
    following = f"{last[:8]}{int(last[8:]) + 1:02}"
    for day, status in ((last, "on track"), (following, "stale")):
        found = objective(tmp_path, f"{measure}, cadence: {cadence}", day=day)
        assert (found["key_results"][0]["status"], found["status"]) == (status, status)


@pytest.mark.parametrize(("day", "status"), [("2026-05-14", "on track"), ("2026-05-15", "stale")])
def test_the_added_day_takes_the_place_of_the_first(tmp_path: Path, day: str, status: str) -> None:
    """Ten and eleven days after May 4, of the ten and a half that a weekly cadence gives."""
    found = objective(tmp_path, f"{OPEN}, cadence: weekly, added: 2026-05-04", day=day)
    assert found["key_results"][0]["status"] == status


@pytest.mark.parametrize(("day", "status"), [("2026-04-30", "on track"), ("2026-05-01", "stale")])
def test_a_milestone_is_a_newer_word(tmp_path: Path, day: str, status: str) -> None:
    """Ten and eleven days after April 20; half of the steps is more than a third of the time."""
    steps = "milestones: [{title: Draft, done: 2026-04-20}, {title: Book, done: false}], cadence: weekly"
    found = objective(tmp_path, steps, day=day)
    assert found["key_results"][0]["status"] == status


@pytest.mark.parametrize("more", ["state: deprioritized, since: 2026-04-02, reason: Later", "added: 2026-06-29"])
def test_what_is_not_active_or_just_added_is_not_stale(tmp_path: Path, more: str) -> None:
    found = objective(tmp_path, f"{OPEN}, cadence: daily, {more}", day="2026-06-30")
    assert found["key_results"][0]["status"] == ("starting" if "added" in more else None)


NOTHING = "to: 10"
TYPED = "score: {value: 0.5, by: lea, reason: By the minutes}"


@pytest.mark.parametrize(
    ("measures", "more", "status", "score"),
    [
        ((NOTHING,), "", "no data", "0"),
        ((NOTHING, NOTHING), "", "no data", "0"),
        ((NOTHING, "to: 10, readings: {2026-05-01: 0}"), "", "missed", "0"),
        ((NOTHING, OPEN), "", "missed", "0"),
        ((NOTHING, "to: 10, readings: {2026-05-01: 10}"), "", "missed", "0.5"),
        ((NOTHING, "to: 10, state: deprioritized, readings: {2026-05-01: 10}"), "", "no data", "0"),
        ((NOTHING, "at_most: 4, guards: all, readings: {2026-05-01: 3}"), "", "no data", "0"),
        ((f"{NOTHING}, {TYPED}",), "", "missed", "0.5"),
        ((NOTHING,), f"    {TYPED}\n", "missed", "0.5"),
        ((NOTHING,), f"    {TYPED.replace('0.5', '1')}\n", "achieved", "1"),
        ((NOTHING,), f"    {TYPED.replace('by:', 'date: 2026-07-20, by:')}\n", "no data", "0"),
    ],
)
def test_an_objective_that_is_over_needs_a_figure_to_have_missed(
    tmp_path: Path, measures: tuple[str, ...], more: str, status: str, score: str
) -> None:
    found = objective(tmp_path, *measures, day="2026-07-10", more=more)
    assert (found["status"], Decimal(found["score"])) == (status, Decimal(score))


@pytest.mark.parametrize(
    ("day", "cadence", "status"),
    [("2026-06-14", "", "on track"), ("2026-06-15", "", "stale"), ("2026-05-12", ", cadence: weekly", "stale")],
)
def test_a_formula_without_a_cadence_is_due_as_often_as_its_coarsest_input(
    tmp_path: Path, day: str, cadence: str, status: str
) -> None:
    """The last slot ends on April 30; one and a half months are 45 days, one and a half weeks ten and a half."""
    months = "readings: {2026-03-31: 100, 2026-04-30: 100}"
    kpi = "title: K, owner: lea, better: higher"
    weeks = ", ".join(f"2026-04-{number:02}: 25" for number in (6, 13, 20, 27))
    write(tmp_path, {"kpis/k.yaml": f"""\
kpis:
  - {{id: spend, {kpi}, aggregate: sum, cadence: monthly, {months}}}
  - {{id: parcels, {kpi}, aggregate: sum, cadence: weekly, readings: {{{weeks}}}}}
  - {{id: costs, {kpi}, formula: spend / parcels}}
"""})  # fmt: skip
    found = objective(tmp_path, f"kpi: costs, at_least: 1{cadence}", day=day)
    assert found["key_results"][0]["status"] == status
