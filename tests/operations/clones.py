"""A bare remote with clones: two that are synced, as by servers, and one of a person who pushes by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from okrctl.operations.project import Project
from okrctl.operations.sync import SyncResult, require_syncable, sync
from tests.cli.commands.trust import FILES, TODAY
from tests.repositories import LEA, TOM, Person, Repo, isolate
from tests.running import run

PATH = "okrs/trust.yaml"
DAY = "2026-04-05"


def fix_days(patch: pytest.MonkeyPatch) -> None:
    """Keep the machine's settings of git away, and its clock."""
    isolate(patch)
    for who in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{who}_DATE", f"{DAY}T12:00:00+0200")


@dataclasses.dataclass
class Team:
    """A bare remote and three clones of it: two servers, and a person who pushes by hand."""

    remote: Repo
    ada: Repo
    ben: Repo
    tom: Repo


def make_team(folder: Path) -> Team:
    remote = Repo(folder / "remote.git", bare=True)
    first = Repo(folder / "first")
    first.commit("start", files=FILES)
    first.git("push", "-q", str(remote.path), "main")
    return Team(remote, clone(remote, "ada", LEA), clone(remote, "ben", LEA), clone(remote, "tom", TOM))


def clone(remote: Repo, name: str, person: Person) -> Repo:
    made = remote.clone(remote.path.parent / name)
    made.git("remote", "set-url", "origin", str(remote.path))
    made.config("user.name", person[0])
    made.config("user.email", person[1])
    return made


def sync_clone(repo: Repo) -> SyncResult:
    project = Project(repo.path)
    return sync(project, require_syncable(project))


def okrctl(repo: Repo, *words: str) -> str:
    result = run(*words, cwd=repo.path, today=TODAY)
    assert result.status == 0, result.err
    return result.out


def checkin(repo: Repo, what: str, *words: str) -> str:
    """Check in and commit; the id of the commit."""
    okrctl(repo, "checkin", what, *words, "--commit")
    return repo.head


def push_by_hand(repo: Repo, files: dict[str, str], message: str = "by hand") -> str:
    repo.git("pull", "-q", "--rebase")
    repo.commit(message, author=TOM, files=files)
    repo.git("push", "-q")
    return repo.head


def text_of(repo: Repo, path: str = PATH) -> str:
    return repo.git("show", f"HEAD:{path}")


def require_clean(repo: Repo, branch: str = "main") -> None:
    """The clone is on its branch, without changes, with nothing in progress and nothing of ours left."""
    assert repo.git("symbolic-ref", "--short", "HEAD") == branch
    assert repo.git("status", "--porcelain") == ""
    assert repo.git("worktree", "list").count("\n") == 0
    left = {path.name for path in (repo.path / ".git").iterdir()} & {
        "rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "okrctl-sync", "okrctl.journal", "index.lock",
        "okrctl.index",
    }  # fmt: skip
    assert left == set()


def first_parents(repo: Repo, commit: str = "HEAD") -> list[str]:
    return repo.git("rev-list", "--first-parent", "--reverse", commit).splitlines()
