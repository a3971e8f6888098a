"""A clone that holds less than everything answers as the whole one, or names what is missing; nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.clones import COMMANDS, calls, note_calls, okrctl, require_whole_or_named
from tests.repositories import Repo, isolate

PATH = "okrs/growth.yaml"
GOALS = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: New customers start on their own
    owner: lea
    key_results:
      - id: signups
        title: Signups of new customers
        from: 100
        to: 900
        readings: {2026-04-13: 120}
      - {id: calls, title: Calls about the first steps, from: 90, to: 40, readings: {2026-04-13: 85}}
"""
KPIS = "kpis: [{id: nps, title: NPS, better: higher, readings: {2026-04-13: 40, 2026-05-04: 44}}]\n"
FILTERS = {"blobless": "--filter=blob:none", "treeless": "--filter=tree:0"}
SHAPES = {
    **FILTERS, "shallow": "--depth=1", "single branch": "--single-branch", "no tags": "--no-tags",
}  # fmt: skip


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "whole")
    repo.config("uploadpack.allowFilter", "true")
    repo.commit("Goals", day="2026-04-05", files={PATH: GOALS, "kpis/all.yaml": KPIS})
    easier = GOALS.replace("to: 900", "to: 500")
    repo.commit("Easier", day="2026-05-04", files={PATH: easier})
    repo.commit("A check-in", day="2026-05-12", files={PATH: easier.replace("13: 120", "13: 120, 2026-05-11: 240")})
    return repo


def clone(whole: Repo, folder: Path, shape: str) -> Repo:
    """A clone whose remote notes each call, and would answer it."""
    whole.git("clone", "-q", "--template=", SHAPES[shape], f"file://{whole.path}", str(folder))
    repo = Repo(folder)
    note_calls(repo, folder.parent)
    return repo


@pytest.mark.parametrize("shape", SHAPES)
def test_every_command_gives_the_whole_answer_or_says_what_brings_it(whole: Repo, tmp_path: Path, shape: str) -> None:
    repo = clone(whole, tmp_path / "clone", shape)
    for command in COMMANDS:
        expected, result = okrctl(whole, command), okrctl(repo, command)
        require_whole_or_named(command, expected, result, "git fetch --")
        assert not calls(repo), command


@pytest.mark.parametrize("shape", FILTERS)
def test_what_brings_it_brings_it(whole: Repo, tmp_path: Path, shape: str) -> None:
    repo = clone(whole, tmp_path / "clone", shape)
    result = okrctl(repo, "diff HEAD~1")
    assert result.status == 2 and "this clone is partial, and object " in result.err
    assert result.err.endswith("hint: git fetch --refetch --no-filter gets all of it\n")
    repo.git("fetch", "-q", "--refetch", "--no-filter")
    assert okrctl(repo, "diff HEAD~1").out == okrctl(whole, "diff HEAD~1").out


@pytest.mark.parametrize("shape", SHAPES)
def test_a_check_in_is_committed_without_a_fetch(whole: Repo, tmp_path: Path, shape: str) -> None:
    repo = clone(whole, tmp_path / "clone", shape)
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    result = okrctl(repo, "checkin calls=60 --commit")
    assert result.status == 0, result.err
    assert repo.git("show", "--format=%s", "--name-only").split("\n")[-1] == PATH and not calls(repo)


def test_the_test_would_notice_a_fetch(whole: Repo, tmp_path: Path) -> None:
    repo = clone(whole, tmp_path / "clone", "blobless")
    repo.git("show", "HEAD~2")
    assert calls(repo)


def test_a_linked_work_tree_gives_the_whole_answer(whole: Repo, tmp_path: Path) -> None:
    linked = whole.worktree(tmp_path / "linked" / "whole")
    for command in COMMANDS:
        expected, result = okrctl(whole, command), okrctl(linked, command)
        assert (result.status, result.out) == (expected.status, expected.out), command


@pytest.mark.parametrize("command", ["score 2026-Q2", "status", "show signups", "kpi", "tree", "explain nps"])
def test_a_bare_repository_answers_of_its_commits(whole: Repo, tmp_path: Path, command: str) -> None:
    bare = whole.clone(tmp_path / "bare", bare=True)
    known = f"{command} --known-at HEAD"
    assert okrctl(bare, known).out == okrctl(whole, known).out
