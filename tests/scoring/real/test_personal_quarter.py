"""One person's quarter, current of total and beyond it, scores as the numbers say."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.running import run, write
from tests.scoring.real.conversion import personal_metrics, personal_quarter

PROGRESS = [
    [Fraction(str(one["current"])) / Fraction(str(one["total"])) for one in each] for each in personal_metrics()
]


def scored(root: Path, settings: str = "") -> Any:
    write(root, personal_quarter(settings))
    result = run("score", "2018-Q1", "--as-of", "2018-03-31", "--format", "json", cwd=root)
    assert result.status == 0, result.err
    return result.json


def six(value: Fraction) -> Fraction:
    return Fraction(int(value * 10**6 + Fraction(1, 2)), 10**6)


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def test_the_data_are_all_there() -> None:
    assert [len(each) for each in PROGRESS] == [3, 4, 5]
    assert max(max(each) for each in PROGRESS) == Fraction(4, 3)


def test_each_key_result_keeps_its_progress_and_scores_at_most_1(tmp_path: Path) -> None:
    objectives = scored(tmp_path)["teams"][0]["objectives"]
    found = [[Fraction(one["progress"]) for one in each["key_results"]] for each in objectives]
    assert found == [[six(value) for value in each] for each in PROGRESS]
    scores = [[Fraction(one["score"]) for one in each["key_results"]] for each in objectives]
    assert scores == [[six(min(value, Fraction(1))) for value in each] for each in PROGRESS]


@pytest.mark.parametrize(("settings", "cap"), [("", Fraction(1)), ("scoring: {cap: none}\n", Fraction(10))])
def test_objectives_team_and_period_are_means_of_unrounded_scores(tmp_path: Path, settings: str, cap: Fraction) -> None:
    answer = scored(tmp_path, settings)
    expected = [mean([min(value, cap) for value in each]) for each in PROGRESS]
    assert [Fraction(one["score"]) for one in answer["teams"][0]["objectives"]] == [six(one) for one in expected]
    assert Fraction(answer["teams"][0]["score"]) == Fraction(answer["score"]) == six(mean(expected))
    assert (answer["measured"], answer["key_results"]) == (12, 12)


def test_check_finds_no_error(tmp_path: Path) -> None:
    result = run("check", cwd=write(tmp_path, personal_quarter()))
    assert result.status == 0, result.out


def test_the_table_shows_the_way_beyond_the_target(tmp_path: Path) -> None:
    result = run("score", "2018-Q1", "--as-of", "2018-03-31", cwd=write(tmp_path, personal_quarter()))
    assert result.status == 0, result.err
    assert "133 %" in result.out
    assert "12 of 12 key results measured" in result.out


FOUND_ELSEWHERE = [
    # A software company's review: 45 % to 60 %, reached 56.87 %, published as 79.13 %.
    ("from: 45%, to: 60%, readings: {2018-03-31: 56.87%}", "0.7913"),
    # A network lab's review: 383 to 750, reached 424, published as 0.1; current over target would say 0.57.
    ("from: 383, to: 750, readings: {2018-03-31: 424}", "0.1"),
    # 52 of 50, published as 110 % by a slip; it is 104 %.
    ("to: 50, readings: {2018-03-31: 52}", "1.04"),
]


@pytest.mark.parametrize(("measure", "published"), FOUND_ELSEWHERE)
def test_published_scores_follow_from_their_numbers(tmp_path: Path, measure: str, published: str) -> None:
    objective = f"{{id: o, title: T, owner: ada, key_results: [{{id: k, title: R, {measure}}}]}}"
    text = f"period: 2018-Q1\nobjectives: [{objective}]\n"
    result = run(
        "score", "2018-Q1", "--as-of", "2018-03-31", "--format", "json", cwd=write(tmp_path, {"okrs/a.yaml": text})
    )
    assert result.status == 0, result.err
    progress = Fraction(result.json["teams"][0]["objectives"][0]["key_results"][0]["progress"])
    places = len(published.partition(".")[2])
    assert Fraction(int(progress * 10**places + Fraction(1, 2)), 10**places) == Fraction(published)
