"""Plain okrctl says so where agreed targets are read along a line that leaves out the upstream branch."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.commands.trust import TODAY
from tests.operations.clones import Team, checkin, push_by_hand
from tests.repositories import TOM, Repo
from tests.running import run

pytestmark = pytest.mark.usefixtures("own_git")
NOTE = "the first parents of HEAD, along which agreed targets are read, leave out commits of its upstream branch"


def notes(repo: Repo, *words: str) -> str:
    result = run(*(words or ("score", "2026-Q2", "--agreed")), cwd=repo.path, today=TODAY)
    assert result.status == 0, result.err
    return result.err


def test_a_merge_with_own_commits_first_is_named(team: Team) -> None:
    made = push_by_hand(team.tom, {"notes.txt": "hello\n"})
    assert NOTE not in notes(team.ada)
    checkin(team.ada, "tracking-codes=5200")
    assert NOTE not in notes(team.ada)
    team.ada.git("pull", "-q", "--no-rebase", "--no-edit")
    assert notes(team.ada).count(NOTE) == 1
    assert notes(team.ada).count(NOTE) == 1  # and again, from what is kept
    assert NOTE in notes(team.ada, "status")
    assert NOTE not in notes(team.ada, "score", "2026-Q2", "--known-at", made)
    team.ada.git("rebase", "-q")
    assert NOTE not in notes(team.ada)


def test_a_merge_into_the_upstream_line_is_right(team: Team) -> None:
    push_by_hand(team.tom, {"notes.txt": "hello\n"})
    team.ada.branch("feature")
    checkin(team.ada, "tracking-codes=5200")
    team.ada.switch("main")
    team.ada.git("pull", "-q")
    team.ada.merge("feature")
    assert NOTE not in notes(team.ada)


def test_a_branch_that_upstream_has_merged_is_right(team: Team) -> None:
    checkin(team.ada, "tracking-codes=5200")
    team.ada.git("push", "-q", "origin", "HEAD:side")
    team.tom.commit("mine", author=TOM, files={"notes.txt": "hello\n"})
    team.tom.git("fetch", "-q")
    team.tom.merge("origin/side")
    team.tom.git("push", "-q")
    team.ada.git("fetch", "-q")
    checkin(team.ada, "complaints=2")
    assert NOTE not in notes(team.ada)


def test_packed_branches_of_the_remote_count_too(team: Team) -> None:
    push_by_hand(team.tom, {"notes.txt": "hello\n"})
    checkin(team.ada, "tracking-codes=5200")
    team.ada.git("pull", "-q", "--no-rebase", "--no-edit")
    team.ada.git("pack-refs", "--all")
    shutil.rmtree(team.ada.path / ".git/refs/remotes")
    assert NOTE in notes(team.ada)
