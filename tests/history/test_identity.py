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


OLD = state(
    objective("trial", result("signups"), result("calls", "Calls")), objective("brand", result("reach", "Reach"))
)


@pytest.mark.parametrize(
    ("new", "pairs"),
    [
        (OLD, {"trial.signups": "trial.signups", "trial.calls": "trial.calls", "brand.reach": "brand.reach"}),
        (state(objective("trial", result("demos", formerly="signups"))), {"trial.signups": "trial.demos"}),
        (state(objective("test", result("signups"), formerly="trial")), {"trial.signups": "test.signups"}),
        (state(objective("trial", result("signups")), team="sales"), {"trial.signups": "trial.signups"}),
        (state(objective("brand", result("signups"))), {"trial.signups": "brand.signups"}),
        (state(objective("brand", result("signups", "Others"))), {}),
        (state(objective("other", result("demos", "Demos"))), {}),
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


def dated(ident: str, title: str = "Signups", readings: str = "", formerly: str = "", more: str = "") -> str:
    rest = f", readings: {{{readings}}}" if readings else ""
    return result(ident, title, formerly).replace("}\n", f"{rest}{more}}}\n")


ONE = "2026-04-06: 1, 2026-04-13: 2"


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([dated("a", readings=ONE)], [dated("b", readings=ONE)], {"a": "b"}),
        ([dated("a", readings=ONE)], [dated("b", readings="2026-04-06: 1, 2026-04-20: 9")], {"a": "b"}),
        ([dated("a", readings=ONE)], [dated("b", readings="2026-04-06: 5")], {}),  # no reading in common
        ([dated("a", readings=ONE)], [dated("b")], {}),
        ([dated("a")], [dated("b")], {"a": "b"}),  # both without any
        ([dated("a")], [dated("b", "Others")], {}),
        ([dated("a", readings=ONE)], [dated("b", readings=ONE).replace("to: '100'", "at_most: 5")], {}),
        ([dated("a", readings=ONE)], [dated("b", readings=ONE).replace("'100'", "'80'")], {"a": "b"}),
        ([dated("a")], [dated("b"), dated("c")], {}),  # a third candidate
        ([dated("a"), dated("c")], [dated("b")], {}),
        ([dated("a"), dated("c")], [dated("b"), dated("c")], {"a": "b", "c": "c"}),
        ([dated("a")], [dated("a", "Others"), dated("b", formerly="a")], {"a": "b"}),  # what is written decides
        ([dated("a"), dated("b", formerly="a")], [dated("a"), dated("b", formerly="a")], {"a": "a", "b": "b"}),
    ],
)
def test_a_key_result_renamed_without_a_word(old: list[str], new: list[str], pairs: dict[str, str]) -> None:
    paired = identity.pair_nodes(state(objective("trial", *old)), state(objective("trial", *new))).key_results
    assert {before.id: after.id for before, after in paired if before and after} == pairs


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (dated("a", readings=ONE), dated("a", readings=ONE), True),
        (dated("a", readings=ONE), dated("b", readings=ONE), True),
        (dated("a"), dated("a"), True),
        (dated("a", readings=ONE), dated("a", readings="2026-04-06: 7"), False),
        (dated("a", readings=ONE), dated("a", "Others", readings=ONE), False),
    ],
)
def test_an_objective_renamed_without_a_word(old: str, new: str, same: bool) -> None:
    paired = identity.pair_nodes(state(objective("trial", old)), state(objective("start", new))).objectives
    assert [(before and before.id, after and after.id) for before, after in paired] == (
        [("trial", "start")] if same else [(None, "start"), ("trial", None)]
    )


def test_what_history_knows_comes_first() -> None:
    old = state(objective("trial", result("a"), result("b", "Calls")))
    new = state(objective("trial", result("a", "Calls"), result("c")))
    first, last = next(iter(old.key_results)), list(new.key_results)[1]
    later = {first.ref: frozenset({last.ref})}
    paired = identity.pair_nodes(old, new, later).key_results
    names = [(before and before.id, after and after.id) for before, after in paired]
    assert names == [("b", "a"), ("a", "c")]  # and then `b` has the title of the new `a`


TWO_TEAMS = {"a": "sales", "b": "ops"}


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        # The ids tell it, with one title or reading.
        ({"growth": {"a": "A", "b": "B"}}, {"sales": {"a": "A", "b": "Other"}}, {"a": "sales", "b": "sales"}),
        ({"growth": {"a": "A", "b": "B"}}, {"sales": {"a": "X", "b": "Y"}}, {}),
        ({"growth": {"a": "A 1"}}, {"sales": {"a": "X 1"}}, {"a": "sales"}),
        ({"growth": {"a": "A 1"}}, {"sales": {"a": "X 2"}}, {}),
        ({"growth": {"a": "A", "b": "B 1"}}, {"sales": {"a": "A", "b": "B 2"}}, {"a": "sales"}),  # b has other readings
        # The old team goes on, or the new one was there before: what moved shows by its title alone.
        ({"growth": {"a": "A", "b": "B"}}, {"growth": {"b": "B"}, "sales": {"a": "X"}}, {"b": "growth"}),
        ({"growth": {"a": "A"}, "sales": {"c": "C"}}, {"sales": {"a": "X", "c": "C"}}, {"c": "sales"}),
        ({"growth": {"a": "A"}, "sales": {"c": "C"}}, {"sales": {"a": "A", "c": "C"}}, {"a": "sales", "c": "sales"}),
        # Two teams for one.
        ({"growth": {"a": "A", "b": "B"}}, {"sales": {"a": "A", "b": "X"}, "ops": {"b": "B"}}, TWO_TEAMS),
    ],
)  # fmt: skip
def test_a_team_with_another_name(
    old: dict[str, dict[str, str]], new: dict[str, dict[str, str]], pairs: dict[str, str]
) -> None:
    """Objectives by team and id; a title may end in the reading of the one key result."""

    def made(teams: dict[str, dict[str, str]]) -> Workspace:
        sources = []
        for team, objectives in teams.items():
            text = f"period: 2026-Q2\nteam: {team}\nobjectives:\n"
            for ident, title in objectives.items():
                name, _, value = title.partition(" ")
                text += objective(ident, dated("k", f"K of {ident}", f"2026-04-06: {value}" if value else ""))
                text = text.replace("Customers stay", name)
            sources.append(Source(f"okrs/{team}.yaml", text))
        return workspace.build_workspace(sources, Config(), lambda path: "")

    paired = identity.pair_nodes(made(old), made(new)).objectives
    assert {before.id: after.team for before, after in paired if before and after} == pairs


@pytest.mark.parametrize(
    ("new", "pairs"),
    [
        (objective("brand", result("demos", "Other", formerly="signups")), {"signups": "demos"}),
        (objective("brand", result("x", "X", "signups"), result("y", "Y", "signups")), {}),  # two say so
    ],
)
def test_a_key_result_that_moved_to_another_objective_under_another_id(new: str, pairs: dict[str, str]) -> None:
    paired = identity.pair_nodes(OLD, state(new)).key_results
    assert {before.id: after.id for before, after in paired if before and after} == pairs


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("title: Churn, readings: {2026-04-06: 3}", "title: Churn, readings: {2026-04-06: 3, 2026-04-13: 4}", True),
        ("title: Churn, readings: {2026-04-06: 3}", "title: Churn, readings: {2026-04-13: 4}", False),
        ("title: Churn, formula: a - b", "title: Churn, formula: a - b", True),
        ("title: Churn, formula: a - b", "title: Churn, formula: a / b", False),
        ("title: Churn", "title: Returns", False),
    ],
)
def test_a_kpi_renamed_without_a_word(old: str, new: str, same: bool) -> None:
    def made(ident: str, text: str) -> Workspace:
        source = Source("kpis/a.yaml", f"kpis: [{{id: {ident}, better: lower, owner: lea, {text}}}]\n")
        return workspace.build_workspace([source], Config(), lambda path: "")

    paired = identity.pair_nodes(made("churn", old), made("leaving", new)).kpis
    assert [(before and before.id, after and after.id) for before, after in paired] == (
        [("churn", "leaving")] if same else [(None, "leaving"), ("churn", None)]
    )


def test_goals_of_the_same_names_are_paired_as_by_the_rules() -> None:
    twice = [objective("trial", result("signups"), result("signups", "Calls"))] * 2
    for same in (OLD, state(*twice), state(objective("new", result("demos", formerly="signups"), formerly="trial"))):
        old, new = same.objectives, state_again(same).objectives
        assert identity.pair_goals(old, new) == identity._match_goals(old, new, {})
    old, new = OLD.objectives, state_again(OLD).objectives
    later = {old[0].ref: frozenset({new[1].ref})}
    assert identity.pair_goals(old, new, later)[0] == [(old[1], new[0]), (old[0], new[1])]


def state_again(same: Workspace) -> Workspace:
    (file,) = same.files
    return workspace.build_workspace([Source(file.path, file.document.text)], Config(), lambda path: "")
