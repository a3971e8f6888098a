"""Rollups: which members enter, and what a rollup is by the members that it has."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.repositories import Repo, isolate
from tests.running import run, write

OBJECTIVE = "  - id: {0}\n    title: Customers trust us\n    owner: lea\n    key_results:\n"
LETTERS = "{id: n, title: Letters answered, to: 100}"
ANSWERED = "{id: n, title: Letters answered, to: 100, readings: {2026-03-01: 60}}"
TOTAL = "{id: total, title: All letters, to: 100, rollup: {sum: [n]}}"
BOTH = "[2026-Q1/alpha/q.total, 2026-Q2/alpha/q.total]"


def file(period: str, objective: str, *key_results: str) -> str:
    lines = "".join(f"      - {key_result}\n" for key_result in key_results)
    return f"period: {period}\nteam: alpha\nobjectives:\n{OBJECTIVE.format(objective)}{lines}"


def year(root: Path, *key_results: str, day: str = "2026-03-15") -> dict[str, Any]:
    """The key results of the year by their id, over a first quarter with 60 letters and a second with none."""
    files = {
        "okrs/q1.yaml": file("2026-Q1", "q", ANSWERED, TOTAL),
        "okrs/q2.yaml": file("2026-Q2", "q", LETTERS, TOTAL),
        "okrs/year.yaml": file("2026", "y", *key_results),
    }
    result = run("score", "2026", "--as-of", day, "--format", "json", cwd=write(root, files))
    assert result.status == 0, result.err
    return {scored["id"]: scored for scored in result.json["teams"][0]["objectives"][0]["key_results"]}


@pytest.mark.parametrize(("method", "value"), [("sum", 60), ("mean", 60), ("min", 60), ("max", 60)])
def test_a_rolled_up_member_ahead_is_0_in_a_sum_and_left_out_of_the_others(
    tmp_path: Path, method: str, value: int
) -> None:
    found = year(tmp_path, f"{{id: k, title: K, to: 100, rollup: {{{method}: {BOTH}}}}}")["k"]
    assert (found["value"], found["value_date"]) == (value, "2026-03-01")


@pytest.mark.parametrize(("method", "value"), [("sum", 60), ("mean", 60), ("min", 60), ("max", 60)])
def test_a_roll_up_whose_members_all_lie_ahead_lies_ahead_too(tmp_path: Path, method: str, value: int) -> None:
    later = "{id: later, title: Later, to: 100, rollup: {sum: [2026-Q2/alpha/q.total]}}"
    upper = f"{{id: k, title: K, to: 100, rollup: {{{method}: [later, 2026-Q1/alpha/q.total]}}}}"
    found = year(tmp_path, upper, later)
    assert (found["later"]["value"], found["k"]["value"]) == (0, value)


@pytest.mark.parametrize("method", ["sum", "mean", "min", "max"])
def test_a_roll_up_that_is_not_yet_added_has_no_value_for_others(tmp_path: Path, method: str) -> None:
    upper = f"{{id: k, title: K, to: 100, rollup: {{{method}: [late, 2026-Q1/alpha/q.total]}}}}"
    late = "{id: late, title: Joins in May, to: 100, added: 2026-05-01, rollup: {sum: [2026-Q1/alpha/q.n]}}"
    before = year(tmp_path / "before", upper, late)
    assert (before["k"]["value"], before["k"]["measured"], before["k"]["status"]) == (None, False, "no data")
    joined = year(tmp_path / "joined", upper, late, day="2026-05-01")["k"]
    assert joined["value"] == (120 if method == "sum" else 60)


@pytest.mark.parametrize("method", ["sum", "mean", "min", "max"])
def test_a_roll_up_without_data_in_a_period_that_runs_gives_none_to_others(tmp_path: Path, method: str) -> None:
    found = year(tmp_path, f"{{id: k, title: K, to: 100, rollup: {{{method}: {BOTH}}}}}", day="2026-04-15")["k"]
    assert (found["value"], found["measured"]) == (None, False)


def test_a_roll_up_of_some_members_ahead_is_not_ahead_itself(tmp_path: Path) -> None:
    """The sum of 60 and 0 is 60; the mean of it and another 20 is 40."""
    found = year(
        tmp_path,
        f"{{id: part, title: Part, to: 100, rollup: {{sum: {BOTH}}}}}",
        "{id: own, title: Own, to: 100, readings: {2026-02-10: 20}}",
        "{id: k, title: K, to: 100, rollup: {mean: [part, own]}}",
    )
    assert (found["part"]["value"], found["k"]["value"], found["k"]["value_date"]) == (60, 40, "2026-02-10")


@pytest.mark.parametrize(("member", "value"), [(LETTERS, None), (ANSWERED.replace("03-01", "04-10"), 60)])
@pytest.mark.parametrize(
    ("more", "start", "expected"),
    [
        ("", 0, "0.488889"),  # 44 of 90 days
        ("from: 20, ", 20, "0.488889"),
        ("plan: {2026-05-01: 30}, ", 0, "0.463333"),  # 30 + 70 * 14/60 of 100
        ("from: 20, plan: {2026-05-01: 30}, ", 20, "0.329167"),  # (30 + 70 * 14/60 - 20) of 80
    ],
)
def test_start_and_expectation_are_there_with_and_without_a_value(
    tmp_path: Path, member: str, value: int | None, more: str, start: int, expected: str
) -> None:
    text = file("2026-Q2", "o", TOTAL.replace("to:", f"{more}to:"), member)
    root = write(tmp_path, {"okrs/a.yaml": text})
    found = run("score", "2026-Q2", "--as-of", "2026-05-15", "--format", "json", cwd=root).json
    total = found["teams"][0]["objectives"][0]["key_results"][0]
    assert (total["value"], total["from"], total["to"]) == (value, start, 100)
    assert Decimal(total["expected"]) == Decimal(expected)


@pytest.mark.parametrize(
    ("old", "new", "field", "effect"),
    [
        ("to: 100", "to: 20", "to", "relaxed"),
        ("to: 20", "to: 100", "to", "tightened"),
        ("from: 20, to: 100", "from: 5, to: 100", "from", "relaxed"),  # the midpoint 60 is 55/95 of the new way
        ("from: 5, to: 100", "from: 20, to: 100", "from", "tightened"),  # the midpoint 52.5 is 32.5/80 of it
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LETTERS, LETTERS),
        (LETTERS, LETTERS.replace("100", "100, readings: {2026-05-05: 30}")),
        (LETTERS.replace("id: n", "id: m"), LETTERS.replace("id: n", "id: m")),
    ],
    ids=["no value", "a value now", "no such member"],
)
def test_an_edit_of_a_roll_up_has_its_effect_with_and_without_a_value(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    after: str,
    old: str,
    new: str,
    field: str,
    effect: str,
) -> None:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "repo")
    repo.commit(day="2026-04-05", files={"okrs/a.yaml": file("2026-Q2", "o", TOTAL.replace("to: 100", old), before)})
    repo.commit(day="2026-05-05", files={"okrs/a.yaml": file("2026-Q2", "o", TOTAL.replace("to: 100", new), after)})
    words = ("--as-of", "2026-05-15", "--format", "json")
    changes = run("diff", "HEAD~1", *words, cwd=repo.path).json["changes"]
    assert [(edit["field"], edit["effect"]) for edit in changes if edit["ref"].endswith("total")] == [(field, effect)]
    differences = run("score", "2026-Q2", *words, cwd=repo.path).json["agreed"]["differences"]
    assert [(edit["field"], edit["effect"]) for edit in differences] == [(field, effect)]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_long_chain_of_rollups_has_its_value_whatever_is_asked_first(tmp_path: Path, is_reversed: bool) -> None:
    links = [f"{{id: k{n}, title: K, to: 100, rollup: {{sum: [k{n + 1}]}}}}" for n in range(100)]
    links.append("{id: k100, title: K, to: 100, readings: {2026-03-01: 60}}")
    root = write(tmp_path, {"okrs/q1.yaml": file("2026-Q1", "q", *(links[::-1] if is_reversed else links))})
    words = ("--as-of", "2026-03-15", "--format", "json")
    (objective,) = run("score", "2026-Q1", *words, cwd=root).json["teams"][0]["objectives"]
    assert {scored["value"] for scored in objective["key_results"]} == {60}
    assert run("show", "q.k0", *words, cwd=root).json["key_result"]["value"] == 60
