"""Mistakes that other OKR tools have made and mended in public, none of which okrctl makes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.running import Result, run, write


def workspace(*results: str) -> dict[str, str]:
    lines = ["period: 2025-Q2", "objectives:", "  - id: o", "    title: T", "    owner: ada", "    key_results:"]
    lines += [f"      - {{id: k{number}, title: R, {result}}}" for number, result in enumerate(results)]
    return {"okrs/a.yaml": "\n".join(lines) + "\n"}


def score(root: Path, *results: str, day: str = "2025-05-16") -> Result:
    return run("score", "2025-Q2", "--as-of", day, "--format", "json", cwd=write(root, workspace(*results)))


def objective(root: Path, *results: str, day: str = "2025-05-16") -> dict[str, Any]:
    result = score(root, *results, day=day)
    assert result.status == 0, result.err
    found: dict[str, Any] = result.json["teams"][0]["objectives"][0]
    return found


def errors(root: Path, *results: str) -> set[str]:
    result = run("check", "--format", "json", cwd=write(root, workspace(*results)))
    return {one["code"] for one in result.json["diagnostics"] if one["severity"] == "error"}


def test_a_falling_metric_on_its_way_is_not_achieved(tmp_path: Path) -> None:
    found = objective(tmp_path, "from: 100, to: 60, readings: {2025-05-16: 80}")["key_results"][0]
    assert (Fraction(found["progress"]), Fraction(found["score"])) == (Fraction(1, 2), Fraction(1, 2))
    assert found["status"] != "achieved"


def test_a_falling_metric_beyond_its_target_is_achieved(tmp_path: Path) -> None:
    found = objective(tmp_path, "from: 100, to: 60, readings: {2025-05-16: 50}")["key_results"][0]
    assert (Fraction(found["progress"]), found["score"]) == (Fraction(5, 4), 1)


def test_a_part_of_a_whole_number_counts(tmp_path: Path) -> None:
    found = objective(tmp_path, "to: 10, readings: {2025-05-16: 5.9}")["key_results"][0]
    assert Fraction(found["score"]) == Fraction("0.59")


@pytest.mark.parametrize("value", ["4", "5", "6"])
def test_no_way_to_go_is_an_error_and_never_a_number(tmp_path: Path, value: str) -> None:
    measure = f"from: 5, to: 5, readings: {{2025-05-16: {value}}}"
    assert errors(tmp_path, measure) == {"OKR301"}
    found = objective(tmp_path, measure)["key_results"][0]
    assert (found["progress"], found["score"], found["measured"]) == (None, None, False)


@pytest.mark.parametrize("weights", [("0", "0"), ("0", "1"), ("-1", "1"), ("NaN", "1"), (".inf", "1")])
def test_weights_are_above_0_or_refused(tmp_path: Path, weights: tuple[str, str]) -> None:
    results = [f"to: 10, weight: {weight}, readings: {{2025-05-16: 5}}" for weight in weights]
    assert errors(tmp_path, *results) == {"OKR004"}
    refused = score(tmp_path, *results)
    assert (refused.status, refused.json["error"]["code"]) == (2, "files")
    assert "okrctl check" in refused.err


@pytest.mark.parametrize("limit", ["at_most: 4", "at_least: 4", "between: [4, 6]", "between: [2, 4]"])
def test_on_the_bound_is_within_it(tmp_path: Path, limit: str) -> None:
    found = objective(tmp_path, f"{limit}, readings: {{2025-05-16: 4.0}}")["key_results"][0]
    assert (found["progress"], found["score"]) == (1, 1)


@pytest.mark.parametrize("day", ["2025-04-01", "2025-04-02", "2025-04-05", "2025-04-07"])
def test_nobody_is_late_in_the_first_week(tmp_path: Path, day: str) -> None:
    found = objective(tmp_path, "to: 100, readings: {2025-04-01: 0}", day=day)
    assert (found["key_results"][0]["status"], found["status"]) == ("starting", "starting")


def test_nobody_is_late_by_a_ratio_in_the_second_week(tmp_path: Path) -> None:
    """Nothing of 14 % is infinitely far behind as a ratio, and 14 points as a difference."""
    found = objective(tmp_path, "to: 100, readings: {2025-04-14: 0}", day="2025-04-14")
    assert found["key_results"][0]["status"] == "behind"


def test_one_threefold_result_does_not_hide_two_zeros(tmp_path: Path) -> None:
    found = objective(tmp_path, *(f"to: 10, readings: {{2025-05-16: {value}}}" for value in (30, 0, 0)))
    assert Fraction(found["score"]) == Fraction("0.333333")
    assert [Fraction(one["progress"]) for one in found["key_results"]] == [3, 0, 0]


def test_52_of_50_is_104_percent(tmp_path: Path) -> None:
    found = objective(tmp_path, "to: 50, readings: {2025-05-16: 52}")["key_results"][0]
    assert (Fraction(found["progress"]), found["score"]) == (Fraction("1.04"), 1)


@pytest.mark.parametrize(
    ("result", "typed"), [("to: 50, readings: {2025-05-16: 52}", "0.9"), ("to: 3, readings: {2025-05-16: 2}", "0.78")]
)
def test_a_typed_score_that_does_not_follow_needs_its_reason(tmp_path: Path, result: str, typed: str) -> None:
    bare = f"{result}, score: {{value: {typed}, by: ada}}"
    assert errors(tmp_path, bare) == {"OKR504"}
    explained = f"{result}, score: {{value: {typed}, by: ada, reason: Two of them were the same}}"
    assert errors(tmp_path, explained) == set()
    found = objective(tmp_path, explained)["key_results"][0]
    assert (Fraction(found["score"]), found["by_hand"]) == (Fraction(typed), True)
    assert found["computed"] not in (None, found["score"])


def test_a_typed_score_that_follows_needs_none(tmp_path: Path) -> None:
    assert errors(tmp_path, "to: 4, readings: {2025-05-16: 3}, score: {value: 0.75, by: ada}") == set()
