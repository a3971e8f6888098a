"""The figures of a period count what is active, and a running period stands beside the last one on the same day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from okrctl import scoring
from okrctl.analysis.period_figures import SameDay, build_period_figures, compare_same_day
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import Scorecard
from okrctl.workspace import Workspace, build_workspace
from okrctl.yaml import Source

Q1 = """period: 2026-Q1
team: shop
objectives:
  - id: loved
    title: Customers love to come back
    key_results:
      - {id: orders, title: Orders, from: 0, to: 100, readings: {2026-02-10: 50, 2026-03-25: 100}}
      - {id: calls, title: Calls, from: 80, to: 20, readings: {2026-02-12: 78}}
"""
Q2 = """period: 2026-Q2
team: shop
objectives:
  - id: loved
    title: Customers love to come back
    key_results:
      - {id: orders, title: Orders, from: 0, to: 100, readings: {2026-05-10: 60}}
      - {id: calls, title: Calls, from: 80, to: 20, readings: {2026-05-11: 45}}
      - {id: costs, title: Costs, at_most: 5, guards: all, readings: {2026-05-11: 4}}
      - {id: late, title: Parcels, from: 0, to: 10, state: deprioritized, since: 2026-05-01}
  - {id: idea, title: An idea, state: draft, key_results: [{id: k, title: K, from: 0, to: 1}]}
---
period: 2026-Q2
team: app
objectives:
  - {id: fast, title: The app is fast, key_results: [{id: wait, title: Wait, from: 9, to: 1}]}
"""
YEAR = """period: 2026
objectives: [{id: grow, title: Grow, key_results: [{id: k, title: K, from: 0, to: 1, readings: {2026-02-01: 0.5}}]}]
"""


def world(**texts: str) -> Workspace:
    sources = [Source(f"okrs/{name}-{number}.yaml", part) for name, text in texts.items()
               for number, part in enumerate(text.split("---\n"))]  # fmt: skip
    return build_workspace(sources, Config(), lambda path: "")


def card(workspace: Workspace, period: str, day: date) -> Scorecard:
    found = next(each for each in workspace.periods if each.id == period)
    return scoring.build_scorecard(workspace, found, day)


def same_day(workspace: Workspace, period: str, day: date) -> SameDay | None:
    return compare_same_day(workspace, card(workspace, period, day))


def test_a_running_period_counts_what_is_active_and_has_neither_bands_nor_reached_goals() -> None:
    workspace = world(q2=Q2)
    figures = build_period_figures(card(workspace, "2026-Q2", date(2026, 5, 15)), workspace.config)
    assert (figures.team_count, figures.objective_count, figures.key_result_count) == (2, 2, 3)
    assert figures.statuses == [("no data", 1), ("on track", 2)]
    assert figures.reached is None and figures.bands is None


def test_once_over_reached_objectives_and_bands_are_counted() -> None:
    workspace = world(
        q1=Q1, q2=Q2.replace("2026-05-10: 60", "2026-06-20: 100").replace("2026-05-11: 45", "2026-06-20: 21")
    )
    over = date(2026, 7, 20)
    failed = build_period_figures(card(workspace, "2026-Q1", over), workspace.config)
    assert failed.reached == 0 and failed.bands == [("green", 1), ("red", 1)]
    reached = build_period_figures(card(workspace, "2026-Q2", over), workspace.config)
    assert reached.reached == 1 and reached.objective_count == 2
    assert reached.bands == [("green", 2)]  # what has no data has no band
    assert sum(count for _, count in reached.statuses) == reached.key_result_count == 3


def test_a_period_stands_beside_the_last_of_its_kind_on_the_same_day() -> None:
    found = same_day(world(q1=Q1, q2=Q2, year=YEAR), "2026-Q2", date(2026, 5, 15))
    assert found is not None
    assert (found.now.period.id, found.now.number, found.now.day) == ("2026-Q2", 45, date(2026, 5, 15))
    assert (found.before.period.id, found.before.number, found.before.day) == ("2026-Q1", 45, date(2026, 2, 14))
    assert found.before.score == (Fraction(50, 100) + Fraction(2, 60)) / 2
    assert (found.before.on_track, found.before.key_result_count) == (1, 2)
    assert (found.now.on_track, found.now.key_result_count) == (2, 3)


def test_a_longer_period_is_compared_with_the_last_day_of_a_shorter_one() -> None:
    found = same_day(world(q1=Q1, q2=Q2), "2026-Q2", date(2026, 6, 30))
    assert found is not None and found.before.day == date(2026, 3, 31) and found.before.number == 90


@pytest.mark.parametrize(
    ("period", "day"),
    [("2026-Q2", date(2026, 7, 20)), ("2026-Q1", date(2026, 2, 1)), ("2026", date(2026, 5, 1))],
    ids=["over", "no earlier one", "none of its kind"],
)
def test_where_there_is_nothing_to_compare_there_is_no_comparison(period: str, day: date) -> None:
    assert same_day(world(q1=Q1, q2=Q2, year=YEAR), period, day) is None


def test_a_last_period_without_a_score_is_passed_over() -> None:
    first = Q1.replace("2026-Q1", "2025-Q4").replace("2026-0", "2025-1")
    found = same_day(world(q4=first, q1="period: 2026-Q1\nobjectives: []\n", q2=Q2), "2026-Q2", date(2026, 5, 15))
    assert found is not None and found.before.period.id == "2025-Q4"


def test_custom_periods_are_compared_where_they_are_about_as_long() -> None:
    custom = "{id: %s, start: %s, end: %s}"
    texts = {
        "a": Q1.replace("2026-Q1", custom % ("sprint-1", "2026-02-01", "2026-03-31")),
        "b": Q1.replace("2026-Q1", custom % ("week", "2026-04-01", "2026-04-07")),
        "c": Q2.split("---\n")[0].replace("2026-Q2", custom % ("sprint-2", "2026-04-10", "2026-06-08")),
    }
    found = same_day(world(**texts), "sprint-2", date(2026, 5, 15))
    assert found is not None and found.before.period.id == "sprint-1"
