"""Courses end where the scorecard stands, and expected ways run from nothing to everything."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from okrctl import scoring
from okrctl.analysis import trajectory
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import Scorecard
from okrctl.workspace import Workspace, build_workspace
from okrctl.yaml import Source
from tests.outputs import briefs

SOURCES = [Source(name, text) for name, text in briefs.PLAIN.items() if name != "okrctl.yaml"]


@pytest.fixture(scope="module")
def world() -> Workspace:
    return build_workspace(SOURCES, Config(), lambda path: "")


def card(world: Workspace, day: date) -> Scorecard:
    period = next(one for one in world.periods if one.id == "2026-Q2")
    return scoring.build_scorecard(world, period, day)


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 4, 2), briefs.DAY, date(2026, 6, 30), date(2026, 7, 9)])
def test_a_course_ends_where_the_scorecard_stands(world: Workspace, day: date) -> None:
    asked = card(world, day)
    found = trajectory.build_trajectories(world, asked)
    for name, score in [("2026-Q2", asked.score), *((one.node.ref, one.score) for one in asked.objectives)]:
        assert found[name].actual[-1] == (min(day, date(2026, 6, 30)), score)
        days = [one for one, _ in found[name].actual]
        assert days[0] >= date(2026, 4, 1) and all(one < other for one, other in pairwise(days))


def test_a_course_says_what_a_scorecard_of_that_day_said(world: Workspace) -> None:
    found = trajectory.build_trajectories(world, card(world, briefs.DAY))
    for day, score in found["2026-Q2/shop/loved"].actual:
        then = next(one for one in card(world, day).objectives if one.node.ref == "2026-Q2/shop/loved")
        assert then.score == score


def test_an_expected_way_runs_from_nothing_to_everything(world: Workspace) -> None:
    found = trajectory.build_trajectories(world, card(world, briefs.DAY))
    loved, grow = found["2026-Q2/shop/loved"].expected, found["2026-Q2/company/grow"].expected
    assert loved == [(date(2026, 4, 1), 0), (date(2026, 6, 30), 1)]
    assert dict(grow)[date(2026, 6, 15)] == Fraction(75, 90) / 2
    assert dict(grow)[date(2026, 6, 16)] == (Fraction(76, 90) + 1) / 2
    orders = found["2026-Q2/shop/loved.orders"].expected
    assert orders == [(date(2026, 4, 1), 100), (date(2026, 6, 30), 200)]


def test_a_period_ahead_has_no_course(world: Workspace) -> None:
    found = trajectory.build_trajectories(world, card(world, date(2026, 3, 1)))
    assert all(not trace.actual for trace in found.values())
