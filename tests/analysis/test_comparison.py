"""Two periods on the same day of each."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl import scoring
from okrctl.analysis.comparison import compare_on_same_day
from okrctl.schema.settings import Config
from okrctl.workspace import Workspace, build_workspace
from okrctl.yaml import Source

GOALS = """\
period: 2026-Q{}
team: shop
objectives:
  - id: retention
    title: Customers come back
    key_results:
      - {{id: orders, title: Orders, from: 0, to: 100, readings: {{2026-0{}-15: 40}}}}
"""


def quarters() -> Workspace:
    sources = [Source(f"okrs/q{number}.yaml", GOALS.format(number, month)) for number, month in ((1, 2), (2, 5))]
    return build_workspace(sources, Config(), lambda _: "", None)


@pytest.mark.parametrize(
    ("day", "today", "other"),
    [
        ("2026-04-01", "2026-06-30", "2026-01-01"),
        ("2026-05-20", "2026-06-30", "2026-02-19"),
        ("2026-06-30", "2026-06-30", "2026-03-31"),  # the second quarter is a day longer
        ("2026-07-10", "2026-07-10", "2026-04-10"),  # ten days after the end
        ("2026-05-20", "2026-02-01", "2026-02-01"),  # not after today
    ],
)
def test_the_day_is_as_far_from_the_start_or_after_the_end(day: str, today: str, other: str) -> None:
    workspace = quarters()
    first, second = workspace.periods
    card = scoring.build_scorecard(workspace, second, date.fromisoformat(day))
    found = compare_on_same_day(workspace, first, card, date.fromisoformat(today))
    assert [str(each.as_of) for each in found.cards] == [other, day]


def test_goals_are_in_one_line() -> None:
    workspace = quarters()
    first, second = workspace.periods
    card = scoring.build_scorecard(workspace, second, date(2026, 5, 20))
    found = compare_on_same_day(workspace, first, card, date(2026, 5, 20))
    team = found.scores.children[0]
    assert team.id == "shop" and team.children[0].title == "Customers come back"
    assert team.children[0].scores == [found.cards[0].score, found.cards[1].score]
    assert team.children[0].scores[0] is not None
