"""Roll-ups: which members enter, and what a roll-up is by the members that it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
