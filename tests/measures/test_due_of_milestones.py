"""A milestone may have a day of its own: what is expected, what is late, and what an edit of the day does."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.check.rules.pages import found, marked, okr
from tests.history.test_diff import effects
from tests.running import run, write

HEAD = "period: 2026-Q2\nteam: ops\nobjectives:\n  - id: o\n    title: Parcels\n    owner: kim\n    key_results:\n"


def workspace(root: Path, steps: str, more: str = "") -> Path:
    line = f"      - {{id: k, title: Streets, milestones: [{steps}]{more}}}\n"
    write(root, {"okrctl.yaml": "organisation: Kontor\n", "okrs/a.yaml": HEAD + line})
    return root


def result(root: Path, day: str) -> dict[str, Any]:
    answer = run("score", "2026-Q2", "--as-of", day, "--format", "json", cwd=root)
    assert answer.status == 0, answer.err
    found: dict[str, Any] = answer.json["teams"][0]["objectives"][0]["key_results"][0]
    return found


BOTH = "{title: Draft, due: 2026-05-15, done: false}, {title: Book, due: 2026-06-15, done: false}"
HALF = "{title: Draft, due: 2026-05-16, done: false}, {title: Book, done: false}"
WEIGHED = "{title: Draft, due: 2026-05-16, weight: 3, done: false}, {title: Book, done: false}"


@pytest.mark.parametrize(
    ("steps", "more", "day", "expected"),
    [
        (BOTH, "", "2026-05-15", Fraction(0)),  # on its due day nothing is late yet
        (BOTH, "", "2026-05-16", Fraction(1, 2)),
        (BOTH, "", "2026-06-15", Fraction(1, 2)),
        (BOTH, "", "2026-06-16", Fraction(1)),
        (HALF, "", "2026-05-16", Fraction(1, 4)),  # 45 of 90 days for the half of the weight that has no day
        (HALF, "", "2026-05-17", Fraction(1, 2) + Fraction(46, 180)),
        (HALF, "", "2026-06-30", Fraction(1)),
        (HALF, ", due: 2026-05-31", "2026-05-01", Fraction(30, 120)),  # 30 of 60 days to the key result's own day
        (WEIGHED, "", "2026-05-17", Fraction(3, 4) + Fraction(46, 360)),
        (HALF, ", added: 2026-05-01", "2026-05-11", Fraction(10, 120)),  # ten of 60 days since it was added
    ],
)
def test_what_is_expected(tmp_path: Path, steps: str, more: str, day: str, expected: Fraction) -> None:
    known = Fraction(str(result(workspace(tmp_path, steps, more), day)["expected"]))
    assert abs(known - expected) <= Fraction(1, 2 * 10**6)


@pytest.mark.parametrize(
    ("steps", "day", "status"),
    [
        (BOTH, "2026-05-15", "stale"),  # not a word since April 1, but nothing is due
        (BOTH, "2026-05-16", "at risk"),
        (BOTH.replace("done: false}, ", "done: 2026-05-12}, "), "2026-05-16", "on track"),
        (BOTH.replace("done: false", "done: 2026-05-12"), "2026-05-16", "achieved"),
    ],
)
def test_the_status_follows_the_days(tmp_path: Path, steps: str, day: str, status: str) -> None:
    assert result(workspace(tmp_path, steps), day)["status"] == status


def test_people_see_the_days(tmp_path: Path) -> None:
    root = workspace(tmp_path, BOTH)
    shown = run("show", "ops/o.k", "--as-of", "2026-05-20", cwd=root).out
    assert "Draft: open, due 2026-05-15" in shown and "Book: open, due 2026-06-15" in shown
    status = run("status", "--as-of", "2026-05-20", cwd=root).out
    assert "0 % complete, 50 % expected, overdue: Draft (2026-05-15)" in status
    explained = run("explain", "ops/o.k", "--as-of", "2026-05-20", cwd=root).out
    assert "expected on 2026-05-20: 0.50, 1 of 2 milestones past their due day\n" in explained


def test_explain_names_the_line_of_those_without_a_day(tmp_path: Path) -> None:
    explained = run("explain", "ops/o.k", "--as-of", "2026-05-20", cwd=workspace(tmp_path, HALF)).out
    assert "1 of 2 milestones past their due day, the others without one from 2026-04-01 to 2026-06-30" in explained


@pytest.mark.parametrize(
    ("steps", "more", "marks", "words"),
    [
        (BOTH, "", [], ""),
        (BOTH.replace("06-15", "06-30"), "", [], ""),
        (BOTH.replace("06-15", "07-01"), "", ["2026-07-01"], "after the last day"),
        (BOTH.replace("05-15", "03-31"), "", ["2026-03-31"], "before the first day"),
        (BOTH, ", due: 2026-06-15", [], ""),
        (BOTH, ", due: 2026-06-14", ["2026-06-15"], "due after its key result, which is due on 2026-06-14"),
        (BOTH.replace("06-15", "07-01"), ", due: 2026-06-14", ["2026-07-01"], "after the last day"),
    ],
)
def test_okr112_holds_the_days(steps: str, more: str, marks: list[str], words: str) -> None:
    text = okr(f"{{id: k, title: K, milestones: [{steps}]{more}}}")
    findings = found(text, "OKR112")
    assert [marked(text, one) for one in findings] == marks
    assert all(words in one.message for one in findings)


@pytest.mark.parametrize("due", ["soon", "2026-02-30", "[2026-05-01]"])
def test_a_day_that_is_none_is_refused(due: str) -> None:
    text = okr(f"{{id: k, title: K, milestones: [{{title: Draft, due: {due}, done: false}}]}}")
    assert len(found(text, "OKR004")) == 1


def steps(first: str, more: str = "") -> str:
    return f"milestones: [{{title: Draft, {first}done: false}}, {{title: Book, done: false}}]{more}"


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (steps("due: 2026-05-15, "), steps("due: 2026-05-20, "), {("milestones.Draft.due", "relaxed")}),
        (steps("due: 2026-05-15, "), steps("due: 2026-05-10, "), {("milestones.Draft.due", "tightened")}),
        (steps(""), steps("due: 2026-05-10, "), {("milestones.Draft.due", "tightened")}),  # before it, June 30
        (steps("due: 2026-05-10, "), steps(""), {("milestones.Draft.due", "relaxed")}),
        (steps(""), steps("due: 2026-06-30, "), set()),  # what it was all along
        (steps("", ", due: 2026-05-10"), steps("due: 2026-05-10, ", ", due: 2026-05-10"), set()),
        (steps("", ", due: 2026-05-31"), steps("", ", due: 2026-06-10"), {("due", "relaxed")}),
        (
            steps("due: 2026-05-15, "),
            "milestones: [{title: Draft, due: 2026-05-20, done: 2026-05-18}, {title: Book, done: false}]",
            {("milestones.Draft.due", "relaxed"), ("milestones.Draft.done", None)},
        ),
    ],
)
def test_a_later_day_is_easier(old: str, new: str, changes: set[tuple[str, str | None]]) -> None:
    assert effects(old, new) == changes


def test_the_next_period_takes_no_day_along(tmp_path: Path) -> None:
    root = workspace(tmp_path, BOTH.replace("done: false}, ", "done: 2026-05-12}, "))
    made = run("new", "2026-Q3", "--carry-over", "2026-Q2", "--all", "--dry-run", cwd=root)
    assert made.status == 0, made.err
    assert "Book" in made.out and "Draft" not in made.out and "due:" not in made.out
