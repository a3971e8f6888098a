"""Each difference from what was agreed, and from a seal, is named by what really differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.repositories import Repo, isolate
from tests.running import run

PATH = "okrs/growth.yaml"
HEAD = "period: 2026-Q2\nteam: growth\nobjectives:\n  - id: trial\n    title: Strangers stay\n    owner: lea\n"
READINGS = "readings: {2026-04-13: 5, 2026-06-08: 60}"
BASE = f"id: a, title: Demo accounts, to: 100, {READINGS}"
LIMIT = "id: l, title: Complaints, at_most: 4, readings: {2026-04-13: 3}"
STEPS = "id: s, title: Shelves, milestones: [{title: Plan, due: 2026-05-15, done: false}, {title: Build, done: false}]"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    return Repo(tmp_path / "repo")


def file(*results: str, more: str = "") -> str:
    return HEAD + more + "    key_results:\n" + "".join(f"      - {{{result}}}\n" for result in results)


EDITS = [
    (BASE.replace("100", "80"), "growth/trial.a to: 100 -> 80 (easier)"),
    (BASE.replace("100", "120"), "growth/trial.a to: 100 -> 120 (harder)"),
    (BASE + ", due: 2026-06-15", "growth/trial.a due: 2026-06-30 -> 2026-06-15 (harder)"),
    (LIMIT.replace("4,", "6,"), "growth/trial.l at_most: 4 -> 6 (easier)"),
    (STEPS.replace("05-15", "05-20"), "growth/trial.s due of milestone Plan: 2026-05-15 -> 2026-05-20 (easier)"),
    (
        STEPS.replace("due: 2026-05-15, ", ""),
        "growth/trial.s due of milestone Plan: 2026-05-15 -> 2026-06-30 (easier)",
    ),
    (
        STEPS.replace(", {title: Build, done: false}", ""),
        "growth/trial.s milestone Build removed (easier)",
    ),
    ("", "growth/trial.a removed (easier)"),
]


@pytest.mark.parametrize(("new", "words"), EDITS)
def test_score_names_what_moved_since_the_agreement(repo: Repo, new: str, words: str) -> None:
    every = {"a": BASE, "l": LIMIT, "s": STEPS}
    agreed = file(*every.values())
    key = next((key for key, text in every.items() if new[:5] == text[:5]), "a")
    results = [new if key == name else text for name, text in every.items()]
    repo.commit(day="2026-04-14", files={PATH: agreed, "okrctl.yaml": "organisation: Kontor\n"})
    repo.commit(day="2026-05-25", files={PATH: file(*filter(None, results))})
    result = run("score", "2026-Q2", cwd=repo.path, today="2026-06-30")
    assert words in result.out
    assert result.out.count("(easier)") + result.out.count("(harder)") == 1


@pytest.mark.parametrize(
    ("edit", "field", "sealed", "now"),
    [
        (("2026-06-08: 60", "2026-06-08: 70"), "value", 60, 70),
        (("to: 100", "to: 80"), "to", 100, 80),
        (("done: false}]", "done: 2026-06-01}]"), "progress", 0, 0.5),
        (("due: 2026-05-15", "due: 2026-05-20"), "steps.1.due", "2026-05-15", "2026-05-20"),
        (("title: Demo accounts,", "title: Demo accounts, owner: tom,"), "owner", "lea", "tom"),
    ],
)
def test_verify_names_the_field_that_differs(
    repo: Repo, edit: tuple[str, str], field: str, sealed: Any, now: Any
) -> None:
    text = file(BASE, LIMIT, STEPS, more="    outcome: reached\n    retrospective: Fine\n")
    repo.git("config", "user.name", "Kim")
    repo.git("config", "user.email", "kim@kontor.example")
    repo.commit(day="2026-04-14", files={PATH: text, "okrctl.yaml": "organisation: Kontor\n"})
    closed = run("close", "2026-Q2", "--commit", cwd=repo.path, today="2026-07-20")
    assert closed.status == 0, closed.err
    assert run("verify", "2026-Q2", "--format", "json", cwd=repo.path, today="2026-07-21").json["holds"]
    repo.write(PATH, text.replace(*edit))
    answer = run("verify", "2026-Q2", "--format", "json", cwd=repo.path, today="2026-07-21").json
    found = {one["field"]: (one["sealed"], one["now"]) for one in answer["differences"] if "." in one["ref"]}
    assert field in found and (str(found[field][0]), str(found[field][1])) == (str(sealed), str(now))
