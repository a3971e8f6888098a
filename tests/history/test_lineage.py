"""Goals that were renamed on the way are the same in diff, in the agreed version, in the log and against a base."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.repositories import Repo, isolate
from tests.running import run

PATH = "okrs/growth.yaml"
READINGS = "2026-04-13: 5"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def file(ident: str, title: str = "Demo accounts", to: int = 100, readings: str = READINGS, more: str = "",
         objective: str = "id: trial, title: Strangers stay", team: str = "growth") -> str:  # fmt: skip
    result = f"{{id: {ident}, title: {title}, to: {to}, readings: {{{readings}}}{more}}}"
    return f"period: 2026-Q2\nteam: {team}\nobjectives:\n  - {{{objective}, owner: lea, key_results: [{result}]}}\n"


def commits(repo: Repo, *texts: str) -> list[str]:
    """One commit a day from April 14 on; only the first is agreed."""
    days = ("2026-04-14", "2026-04-21", "2026-04-28", "2026-05-05")
    return [repo.commit(day=day, files={PATH: text}) for day, text in zip(days, texts, strict=False)]


def answer(repo: Repo, *words: str) -> Any:
    result = run(*words, "--format", "json", cwd=repo.path, today="2026-06-30")
    assert result.status in (0, 1), result.err
    return result.json


LAST = "2026-04-13: 5, 2026-06-08: 60"
HISTORIES = {
    "twice": [file("a"), file("b", more=", formerly: a"), file("c", to=80, readings=LAST, more=", formerly: b")],
    "twice with other titles": [
        file("a"),
        file("b", "Trials", more=", formerly: a"),
        file("c", "Visitors who try", to=80, readings=LAST, more=", formerly: b"),
    ],
    "without a word": [file("a"), file("b"), file("b", to=80, readings=LAST)],
    "without a word, then with": [
        file("a"),
        file("b"),
        file("c", "Trials", to=80, readings=LAST, more=", formerly: b"),
    ],
    "with its objective": [
        file("a"),
        file("a", objective="id: test, title: Strangers stay, formerly: trial"),
        file(
            "b",
            to=80,
            readings=LAST,
            more=", formerly: a",
            objective="id: probe, title: Strangers come, formerly: test",
        ),
    ],
    "and another takes the id": [
        file("a"),
        file("b", "Trials", more=", formerly: a"),
        file("c", "Visitors", to=80, readings=LAST, more=", formerly: b").replace(
            "key_results: [", "key_results: [{id: a, title: Something new, to: 10, added: 2026-04-28}, "
        ),
    ],
}


@pytest.mark.parametrize("texts", HISTORIES.values(), ids=HISTORIES)
@pytest.mark.parametrize("is_committed", [True, False])
def test_the_goal_goes_on(repo: Repo, texts: list[str], is_committed: bool) -> None:
    """60 of the agreed 100 is 0.6; of 80 it would be 0.75; with the readings of before 0.05."""
    names = commits(repo, *texts[: 3 if is_committed else 2])
    repo.write(PATH, texts[2])
    new = ["and another takes the id"] if "Something new" in texts[2] else []
    found = answer(repo, "score", "2026-Q2")
    assert found["agreed"]["score"] == Decimal("0.6")
    fields = {(one["field"], one["effect"]) for one in found["agreed"]["differences"]}
    assert ("to", "relaxed") in fields and ("id", "neutral") in fields
    assert ((None, "tightened") in fields) == bool(new) and (None, "relaxed") not in fields
    changes = answer(repo, "diff", names[0])["changes"]
    kinds = [change["kind"] for change in changes]
    assert "removed" not in kinds and kinds.count("added") == len(new)
    assert [(one["old"], one["new"], one["effect"]) for one in changes if one["field"] == "to"] == [
        (100, 80, "relaxed")
    ]
    codes = {one["code"] for one in answer(repo, "check", "--base", names[0])["diagnostics"]}
    assert "OKR601" in codes and "OKR606" not in codes


@pytest.mark.parametrize("name", [name for name in HISTORIES if "another" not in name])
def test_the_log_goes_back_to_the_beginning(repo: Repo, name: str) -> None:
    texts = HISTORIES[name]
    commits(repo, *texts)
    last = "c" if "id: c" in texts[2] else "b"
    entries = answer(repo, "log", last)["entries"]
    assert entries[-1]["field"] is None and entries[-1]["commit"] == commits_of(repo)[-1]
    assert [(one["old"], one["new"]) for one in entries if one["field"] == "to"] == [(100, 80)]


def commits_of(repo: Repo) -> list[str]:
    return repo.git("log", "--format=%H").splitlines()


def test_renamed_twice_and_then_dropped_keeps_its_last_value(repo: Repo) -> None:
    """`b` was agreed to be 100 and was last read as 40, when it was called something else."""
    other = "key_results: [{id: other, title: Others, to: 10, readings: {2026-05-04: 10}}, "
    both = [file("a"), file("b", "Trials", readings="2026-04-13: 5, 2026-04-27: 40", more=", formerly: a")]
    gone = file("c", "Visitors", readings="2026-04-13: 5, 2026-04-27: 40", more=", formerly: b")
    texts = [text.replace("key_results: [", other) for text in (*both, gone)]
    commits(repo, *texts, texts[2].partition(", {id: c")[0] + "]}\n")
    assert answer(repo, "score", "2026-Q2")["agreed"]["score"] == Decimal("0.7")  # (0.4 + 1) / 2


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        ([file("a"), file("b", "Trials")], {"removed", "added"}),  # nothing says that it is the same
        ([file("a"), file("b", readings="2026-04-13: 6")], {"removed", "added"}),
        ([file("a"), file("b", more=", formerly: z")], {"changed"}),  # the title says it, whatever is written
    ],
)
def test_what_nothing_ties_together_is_not_the_same(repo: Repo, texts: list[str], kinds: set[str]) -> None:
    names = commits(repo, *texts)
    assert {change["kind"] for change in answer(repo, "diff", f"{names[0]}..{names[1]}")["changes"]} == kinds


def test_a_rename_is_said_as_neutral(repo: Repo) -> None:
    names = commits(repo, file("a"), file("b"))
    text = run("diff", f"{names[0]}..{names[1]}", cwd=repo.path).out
    assert "id: a -> b" in text
