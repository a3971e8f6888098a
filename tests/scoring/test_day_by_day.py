"""Scores that are carried from one day to another are those of the day itself, in whatever order the days are asked."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from okrctl.schema.settings import Config
from okrctl.scoring import build_scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.workspace import Workspace, build_workspace
from okrctl.yaml import Source
from tests.fuzz.valid import WORKSPACE

EDGES = """\
period: 2025-Q2
team: edges
objectives:
  - id: edges
    title: What begins late, is given up, or is judged by bounds
    owner: lea
    key_results:
      - {id: late, title: Begins late, added: 2025-05-05, to: 10, readings: {2025-05-12: 4, 2025-06-01: 8}}
      - {id: since, title: Given up, state: postponed, reason: no, since: 2025-05-20, to: 10, readings: {2025-04-12: 4}}
      - id: typed
        title: Typed
        to: 10
        score: {value: 0.5, by: lea, reason: r, date: 2025-05-30}
        readings: {2025-04-12: 4}
      - {id: held, title: Held, at_least: 90, judge: held, cadence: weekly, readings: {2025-04-07: 95, 2025-05-07: 80}}
      - id: latest
        title: Bounds
        at_most: 5
        guards: all
        readings: {2025-04-07: 4, 2025-05-07: {confidence: 3}, 2025-06-07: 9}
      - {id: sum, title: A sum, to: 20, aggregate: sum, readings: {2025-04-07: 4, 2025-05-07: 5, 2025-07-03: 9}}
      - {id: mean, title: A mean, to: 20, aggregate: mean, readings: {2025-04-07: 4, 2025-05-07: 5, 2025-07-03: 9}}
      - {id: none, title: Nothing yet, to: 20}
      - {id: steps, title: Steps, milestones: [{id: a, title: A, done: 2025-05-01}, {id: b, title: B, done: false}]}
"""


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    sources = [Source(path, text) for path, text in WORKSPACE.items() if path != "okrctl.yaml"]
    found = build_workspace([*sources, Source("okrs/edges.yaml", EDGES)], Config(), lambda path: "date,value\n")
    assert not found.broken_files
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_days_makes_no_difference(workspace: Workspace, seed: int) -> None:
    [period] = [period for period in workspace.periods if period.id == "2025-Q2"]
    days = [date(2025, 3, 25) + timedelta(days=number) for number in range(115)]
    if seed:
        random.Random(seed).shuffle(days)
    values: KeyResultValues | None = None
    for day in days:
        values = KeyResultValues(workspace, day, reuse=values)
        carried, fresh = build_scorecard(workspace, period, day, values), build_scorecard(workspace, period, day)
        assert carried == fresh, day
