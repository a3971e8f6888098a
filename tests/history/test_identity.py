"""One function decides what is the same goal in two states: by id, by `formerly`, and across moves."""

from __future__ import annotations

import pytest

from okrctl import workspace
from okrctl.history.diff import identity
from okrctl.schema.settings import Config
from okrctl.workspace import Workspace
from okrctl.yaml import Source

OBJECTIVE = "  - id: {0}\n    title: Customers stay\n    owner: lea\n    {1}\n    key_results:\n"
RESULT = "      - {{id: {0}, title: {1}, to: '100'{2}}}\n"


def state(*objectives: str, team: str = "growth") -> Workspace:
    text = f"period: 2026-Q2\nteam: {team}\nobjectives:\n" + "".join(objectives)
    return workspace.build_workspace([Source("okrs/a.yaml", text)], Config(), lambda path: "")


def objective(ident: str, *results: str, formerly: str = "") -> str:
    return OBJECTIVE.format(ident, f"formerly: {formerly}" if formerly else "") + "".join(results)


def result(ident: str, title: str = "Signups", formerly: str = "") -> str:
    return RESULT.format(ident, title, f", formerly: {formerly}" if formerly else "")


OLD = state(objective("trial", result("signups"), result("calls", "Calls")), objective("brand", result("reach")))


@pytest.mark.parametrize(
    ("new", "pairs"),
    [
        (OLD, {"trial.signups": "trial.signups", "trial.calls": "trial.calls", "brand.reach": "brand.reach"}),
        (state(objective("trial", result("demos", formerly="signups"))), {"trial.signups": "trial.demos"}),
        (state(objective("test", result("signups"), formerly="trial")), {"trial.signups": "test.signups"}),
        (state(objective("trial", result("signups")), team="sales"), {"trial.signups": "trial.signups"}),
        (state(objective("brand", result("signups"))), {"trial.signups": "brand.signups"}),
        (state(objective("brand", result("signups", "Others"))), {}),
        (state(objective("other", result("demos"))), {}),
    ],
    ids=[
        "unchanged",
        "renamed",
        "in a renamed objective",
        "in another team",
        "in another objective",
        "namesake",
        "new",
    ],
)
def test_the_same_key_result_in_two_states(new: Workspace, pairs: dict[str, str]) -> None:
    def short(ref: str) -> str:
        return ref.rpartition("/")[2]

    paired = identity.pair_nodes(OLD, new).key_results
    assert {short(old.ref): short(after.ref) for old, after in paired if old and after} == pairs
    for old, after in paired:
        if after is not None:
            assert identity.find_old(after, OLD, new) is old


def test_a_goal_that_stayed_is_not_taken_for_one_that_moved() -> None:
    new = state(objective("brand", result("signups")), objective("trial", result("signups")))
    paired = identity.pair_nodes(OLD, new).key_results
    assert [(old and old.objective.id, after.objective.id) for old, after in paired if after] == [
        (None, "brand"), ("trial", "trial"),
    ]  # fmt: skip
