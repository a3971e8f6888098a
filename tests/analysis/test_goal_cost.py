"""One goal in full: it is worked out alone, and what supports it is found without making the models of all goals."""

from __future__ import annotations

from datetime import date

import pytest

from okrctl.analysis import detail, explanation
from okrctl.schema.settings import Config
from okrctl.scoring import scorecard
from okrctl.workspace import KeyResult, Objective, Workspace, build_workspace, references
from okrctl.yaml import Source

DAY = date(2026, 2, 10)
OTHERS = 40
GOAL = """
period: 2026-Q1
team: {team}
objectives:
  - id: {id}
    title: Letters are answered
    owner: lea
    {more}
    key_results:
      - {{id: k, title: Letters answered, to: 100, readings: {{2026-02-01: 40}}}}
      - {{id: sum, title: All letters, to: 100, rollup: {{sum: [side.k]}}}}
  - {{id: side, title: Letters are read, owner: lea, key_results: [{{id: k, title: Read, to: 9}}]}}
"""


def workspace(more: str = "tags: [post]") -> Workspace:
    """A team with the goal `main`, one with `support`, whose further lines are given, and many others."""
    texts = {"main": GOAL.format(team="main", id="main", more="ambition: committed")}
    texts["support"] = GOAL.format(team="support", id="support", more=more)
    texts |= {name: GOAL.format(team=name, id="other", more="") for name in (f"team-{n}" for n in range(OTHERS))}
    sources = [Source(f"okrs/{name}.yaml", text) for name, text in texts.items()]
    return build_workspace(sources, Config(), lambda _: "")


def goal(state: Workspace, reference: str) -> Objective | KeyResult:
    node = references.find_node(state, reference, DAY, (Objective, KeyResult))
    assert isinstance(node, Objective | KeyResult)
    return node


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The objectives that are scored, each time."""
    refs: list[str] = []
    score = scorecard.score_objective
    monkeypatch.setattr(scorecard, "score_objective", lambda values, node: refs.append(node.ref) or score(values, node))
    return refs


@pytest.mark.parametrize("reference", ["main/main", "main/main.k", "main/main.sum"])
def test_one_goal_is_worked_out_alone(scored: list[str], reference: str) -> None:
    state = workspace()
    node = goal(state, reference)
    found, explained = detail.build_detail(state, node, DAY), explanation.explain_score(state, node, DAY)
    assert scored == ["2026-Q1/main/main"] * 2
    assert found is not None and found.score_period() == scorecard.build_scorecard(state, node.period, DAY)
    shown = found.key_result or found.objective
    of_period = next(each for each in found.score_period().objectives if each.node.id == "main")
    same = [of_period, *of_period.key_results]
    assert shown in same and explained.score == shown.score


@pytest.mark.parametrize(
    "line",
    [
        "parent: main/main",
        "parent: 2026-Q1/main/main.k",
        '"par\\x65nt": main/main',
        'parent: "main/m\\x61in"',
        "parent: !!str main/main",
        "tags: [&name main/main]\n    parent: *name",
        "parent: other",
        "description: no parent of main",
    ],
)
def test_supporters_are_those_whose_parent_leads_to_the_goal(line: str) -> None:
    state = workspace(line)
    for reference in ("main/main", "main/main.k"):
        node = goal(state, reference)
        found = detail.build_detail(state, node, DAY)
        by_models = [
            each for each in state.objectives if each.model.parent and state.resolve(each.model.parent, each) is node
        ]
        assert found is not None and found.supporters == by_models


def test_only_files_that_may_name_a_parent_are_looked_into() -> None:
    state = workspace("parent: main/main")
    for file in state.files:
        if file.path.startswith("okrs/team-"):
            file.model = None  # so that to take a model from it is an error
    found = detail.build_detail(state, goal(state, "main/main"), DAY)
    assert found is not None and [each.ref for each in found.supporters] == ["2026-Q1/support/support"]
