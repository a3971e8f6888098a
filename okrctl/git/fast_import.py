"""Creation of a repository with commits of any date and author, in one run of `git fast-import`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from okrctl.git.discover import find_repository
from okrctl.git.process import GitRunner, git_missing_error, is_git_available
from okrctl.git.repository import Repository

BRANCH = "main"
NO_CONVERSION = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false")


class PlannedCommit(NamedTuple):
    """A commit to create: its time with offset, its author, and the texts of the files that it writes, by path."""

    committed_at: datetime
    author: str
    email: str
    message: str
    files: Mapping[str, str]


def create_repository(folder: Path) -> Repository:
    """Create a repository in an existing folder, without hooks; OkrctlError where there is no git."""
    if not is_git_available():
        raise git_missing_error()
    GitRunner(folder).write("init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
    repository = find_repository(folder)
    assert repository is not None
    return repository


def import_commits(repository: Repository, commits: Iterable[PlannedCommit]) -> None:
    """Add these commits to the branch and check out the last one; git needs no user name for it."""
    head = repository.head()
    parent = head.id if head else None
    stream = []
    for commit in commits:
        stream.append(_commit_command(commit, parent))
        parent = None
    runner = repository.runner
    runner.write("fast-import", "--quiet", text=b"".join(stream))
    runner.write(*NO_CONVERSION, "reset", "--quiet", "--hard", f"refs/heads/{BRANCH}")


def _commit_command(commit: PlannedCommit, parent: str | None) -> bytes:
    moment = f"{int(commit.committed_at.timestamp())} {commit.committed_at:%z}"
    who = f"{commit.author} <{commit.email}> {moment}"
    lines = [f"commit refs/heads/{BRANCH}\nauthor {who}\ncommitter {who}\n".encode(), _data_command(commit.message)]
    if parent:
        lines.append(f"from {parent}\n".encode())
    for path, text in commit.files.items():
        lines += [f"M 100644 inline {path}\n".encode(), _data_command(text)]
    return b"".join(lines)


def _data_command(text: str) -> bytes:
    data = text.encode()
    return b"data %d\n%s\n" % (len(data), data)
