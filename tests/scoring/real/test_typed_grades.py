"""A table of typed scores: the final grades come out, a blank leaves the earlier one standing, struck rows count."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.running import run, write
from tests.scoring.real.conversion import Grades, typed_grades, typed_table

ROWS = [rows for _, rows in typed_table()]


def scored(root: Path, day: str) -> Any:
    result = run("score", "2019-Q1", "--as-of", day, "--format", "json", cwd=write(root, typed_grades()))
    assert result.status == 0, result.err
    return result.json


def shown(score: Any) -> Fraction:
    """Grades come back exactly; a mean as JSON carries it."""
    return Fraction(str(score))


def standing(row: Grades) -> Fraction:
    """A blank final score leaves the one of half-time."""
    grade = row.middle if row.final is None else row.final
    assert grade is not None
    return Fraction(grade)


def test_the_table_is_read_whole() -> None:
    assert [len(rows) for rows in ROWS] == [4, 3, 2, 1, 2]
    assert [row.final for rows in ROWS for row in rows].count(None) == 1


def test_final_grades_come_out_as_published(tmp_path: Path) -> None:
    objectives = scored(tmp_path, "2019-03-31")["teams"][0]["objectives"]
    found = [[shown(one["score"]) for one in each["key_results"]] for each in objectives]
    published = [[standing(row) for row in rows] for rows in ROWS]
    assert found == published


def test_grades_at_half_time_and_their_forecasts(tmp_path: Path) -> None:
    objectives = scored(tmp_path, "2019-02-15")["teams"][0]["objectives"]
    results = [one for each in objectives for one in each["key_results"]]
    rows = [row for each in ROWS for row in each]
    assert [shown(one["score"]) for one in results] == [Fraction(row.middle) for row in rows if row.middle is not None]
    forecasts = [None if one["forecast"] is None else shown(one["forecast"]) for one in results]
    assert forecasts == [None if row.projected is None else Fraction(row.projected) for row in rows]


def test_objectives_are_means_of_their_grades(tmp_path: Path) -> None:
    answer = scored(tmp_path, "2019-03-31")
    found = [str(one["score"]) for one in answer["teams"][0]["objectives"]]
    assert found == ["0.7", "0.533333", "0.15", "0.4", "0.45"]
    assert shown(answer["score"]) == Fraction("0.446667")
    assert (answer["measured"], answer["key_results"]) == (12, 12)


def test_priorities_filter_lines_and_leave_figures_alone(tmp_path: Path) -> None:
    write(tmp_path, typed_grades())
    arguments = ("score", "2019-Q1", "--as-of", "2019-03-31", "--format", "json", "--priority", "0")
    answer = run(*arguments, cwd=tmp_path).json
    results = [one for each in answer["teams"][0]["objectives"] for one in each["key_results"]]
    assert [one["priority"] for one in results] == [0] * 5
    assert shown(answer["score"]) == Fraction("0.446667")


def test_check_finds_no_error(tmp_path: Path) -> None:
    result = run("check", cwd=write(tmp_path, typed_grades()))
    assert result.status == 0, result.out
