"""A sync that is killed leaves the clone as before or synced; the next run of okrctl settles what is half done."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from okrctl.files.journal import Journal, has_journal
from okrctl.git import branch_move, find_repository
from okrctl.git.branch_move import BranchMove
from okrctl.git.process import GitRunner
from okrctl.operations import sync as operation
from okrctl.operations.project import Project
from okrctl.operations.transaction import hold_lock
from okrctl.values.errors import OkrctlError
from tests.cli.commands.trust import FILES
from tests.operations.clones import (
    PATH,
    Team,
    checkin,
    make_team,
    okrctl,
    push_by_hand,
    require_clean,
    sync_clone,
    text_of,
)
from tests.repositories import Repo

pytestmark = [
    pytest.mark.usefixtures("own_git"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork"),
]

METHODS = ("_run", "connect")  # what starts git to change something; in between, nothing changes but by them


def in_child(work: Callable[[], object]) -> int:
    """The exit status of a process that does some work; the number of a signal that killed it, negative."""
    child = os.fork()
    if child == 0:
        status = 99
        with contextlib.suppress(BaseException):
            work()
            status = 0
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def sync_until(repo: Repo, deadly: int) -> None:
    """Sync, and be killed before the nth command of git that may change something."""
    count = 0

    def counted(real: Any) -> Any:
        def method(*arguments: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **more)

        return method

    for name in METHODS:
        setattr(GitRunner, name, counted(getattr(GitRunner, name)))
    sync_clone(repo)


def make_conflict(made: Team) -> list[str]:
    """Two commits to be joined and one to be taken back; the ids of those on both sides before the sync."""
    checkin(made.ben, "tracking-codes=5200")
    checkin(made.ben, "profiles=81%", "--date", "2026-04-27")
    sync_clone(made.ben)
    push_by_hand(
        made.tom, {"notes.txt": "hello\n", "okrs/orders.csv": FILES["okrs/orders.csv"] + "2026-05-02;7;tom\r\n"}
    )
    checkin(made.ada, "profiles=80%")
    checkin(made.ada, "tracking-codes=5300")
    checkin(made.ada, "complaints=2")
    return [made.ada.head, made.tom.head]


@pytest.mark.slow
def test_after_a_kill_at_any_command_of_git_the_next_sync_ends(tmp_path: Path) -> None:
    made = make_team(tmp_path / "team")
    before, _ = make_conflict(made)
    shutil.copytree(tmp_path / "team", tmp_path / "copy", symlinks=True)
    ends = set()
    for number in range(1, 500):
        status = in_child(lambda number=number: sync_until(made.ada, number))
        assert status in (-signal.SIGKILL, 0), number
        if status == 0:
            break
        okrctl(made.ada, "score", "2026-Q2")  # any command settles the files
        assert made.ada.git("status", "--porcelain") == "", number
        assert made.ada.git("symbolic-ref", "HEAD") == "refs/heads/main"
        ends.add(made.ada.head == before)
        sync_clone(made.ada)
        require_synced(made)
        shutil.rmtree(tmp_path / "team")
        shutil.copytree(tmp_path / "copy", tmp_path / "team", symlinks=True)
    assert status == 0 and number > 20 and ends == {True, False}


def require_synced(made: Team) -> None:
    require_clean(made.ada)
    assert made.remote.git("rev-parse", "main") == made.ada.head
    text = text_of(made.ada)
    for line in ("2026-05-04: 5200", "2026-04-27: 81%", "2026-05-04: 80%", "2026-05-04: 2"):
        assert line in text, line
    [kept] = operation.list_taken_back(Project(made.ada.path))
    assert kept.conflicts[0].ours == "5300"


# --- a move of the branch that git itself did not finish

OLD = {
    "okrctl.yaml": FILES["okrctl.yaml"],
    PATH: FILES[PATH],
    "a.txt": "a\n",
    "gone/b.txt": "b\n",
    "c.txt": "c\n",
    "s": "s\n",
}
NEW = {**OLD, PATH: FILES[PATH] + "# new\n", "a.txt": "new a\n", "c.txt": "a long new text\n", "new/d.txt": "d\n"}


@pytest.fixture
def moved(tmp_path: Path) -> tuple[Repo, BranchMove]:
    """A repository at the first of two commits, and the move to the second one."""
    repo = Repo(tmp_path / "ä repo")
    old = repo.commit("old", files=OLD)
    shutil.rmtree(repo.path / "gone")
    repo.path.joinpath("s").unlink()
    repo.path.joinpath("s").symlink_to("a.txt")
    new = repo.commit("new", files={path: text for path, text in NEW.items() if path not in ("gone/b.txt", "s")})
    repo.git("reset", "-q", "--hard", old)
    return repo, BranchMove("refs/heads/main", old, new)


def leave_half(repo: Repo, move: BranchMove) -> None:
    """What a move leaves that was killed while git wrote the files: some are new, one is cut off, some are old."""
    Journal(repo.path, (), {"move": move}).begin()
    repo.write("a.txt", NEW["a.txt"])
    repo.write("c.txt", NEW["c.txt"][:7])
    repo.write("new/d.txt", NEW["new/d.txt"])
    repo.path.joinpath("s").unlink()


def settle(repo: Repo) -> list[str]:
    """Take the lock, as any command that writes; the messages."""
    told: list[str] = []

    class Listener(Project):
        def notify(self, text: str) -> None:
            told.append(text)

    with hold_lock(Listener(repo.path)):
        pass
    assert not has_journal(repo.path)
    return told


def test_a_half_move_is_undone_where_the_branch_has_not_moved(moved: tuple[Repo, BranchMove]) -> None:
    repo, move = moved
    leave_half(repo, move)
    assert settle(repo) == []
    assert repo.head == move.old
    require_clean(repo)
    assert not (repo.path / "new").exists()


def test_a_half_move_is_finished_where_the_branch_has_moved(moved: tuple[Repo, BranchMove]) -> None:
    repo, move = moved
    leave_half(repo, move)
    repo.git("update-ref", move.branch, move.new)
    assert settle(repo) == []
    assert repo.head == move.new
    require_clean(repo)
    assert not (repo.path / "gone").exists() and (repo.path / "s").is_symlink()


@pytest.mark.parametrize("has_moved", [False, True])
def test_an_edit_since_the_kill_is_kept_and_named(moved: tuple[Repo, BranchMove], has_moved: bool) -> None:
    repo, move = moved
    leave_half(repo, move)
    if has_moved:
        repo.git("update-ref", move.branch, move.new)
    repo.write(PATH, "# an edit\n")
    assert settle(repo) == [f"{PATH} changed while it was written, and is left as it is"]
    assert repo.git("status", "--porcelain") == f" M {PATH}"
    assert (repo.path / PATH).read_text() == "# an edit\n"


def test_a_branch_that_went_elsewhere_since_the_kill_is_left_alone(moved: tuple[Repo, BranchMove]) -> None:
    repo, move = moved
    leave_half(repo, move)
    before = repo.git("status", "--porcelain")
    tree = f"{move.old}^{{tree}}"
    repo.git("update-ref", move.branch, repo.git("commit-tree", "-m", "x", tree, **repo.moment("2026-04-06")))
    assert settle(repo) == []
    assert repo.git("status", "--porcelain") == before


def test_a_move_is_refused_whole(moved: tuple[Repo, BranchMove]) -> None:
    """A file that nobody committed is in the way of one of several."""
    repo, move = moved
    repo.write("new/d.txt", "mine\n")
    repository = find_repository(repo.path)
    assert repository is not None
    with pytest.raises(OkrctlError, match=r"new/d\.txt would be overwritten"):
        branch_move.move_branch(repository, move)
    assert repo.head == move.old and repo.git("status", "--porcelain") == "?? new/"


def test_another_git_at_work_is_said_and_only_writers_wait_for_it(team: Team) -> None:
    make_conflict(team)
    before = team.ada.head
    team.ada.write(".git/index.lock", "")
    with pytest.raises(OkrctlError, match="another git process is using the repository"):
        sync_clone(team.ada)
    okrctl(team.ada, "score", "2026-Q2")
    assert team.ada.head == before and not has_journal(team.ada.path)
    team.ada.remove(".git/index.lock")
    sync_clone(team.ada)
    require_synced(team)


def test_a_lock_that_a_killed_git_left_in_the_middle_is_named(moved: tuple[Repo, BranchMove]) -> None:
    repo, move = moved
    leave_half(repo, move)
    repo.write(".git/index.lock", "")
    with pytest.raises(OkrctlError, match="another git process is using the repository"):
        settle(repo)
    repo.remove(".git/index.lock")
    assert settle(repo) == []
    require_clean(repo)


@pytest.mark.parametrize("signal_at", ["read-tree", "update-ref"])
def test_an_interrupt_leaves_everything_as_before_or_synced(
    team: Team, signal_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_conflict(team)
    real = GitRunner.try_write
    interrupts = [KeyboardInterrupt]

    def interrupted(self: GitRunner, *words: str, **more: Any) -> Any:
        result = real(self, *words, **more)
        if signal_at in words and interrupts:
            raise interrupts.pop()
        return result

    monkeypatch.setattr(GitRunner, "try_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sync_clone(team.ada)
    monkeypatch.undo()
    require_clean(team.ada)
