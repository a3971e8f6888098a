"""Puts a history of plain data into a real repository, by one stream of `git fast-import`."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from tests.oracle.files import files
from tests.oracle.values import Commit
from tests.repositories import Repo


def commit_all(folder: Path, history: tuple[Commit, ...]) -> tuple[Commit, ...]:
    """Commits every version on its day and checks out the newest; the history with the commits' ids."""
    repo = Repo(folder)
    repo.git("fast-import", "--quiet", text="".join(_commit(one) for one in history))
    repo.git("reset", "-q", "--hard", "main")
    ids = repo.git("rev-list", "--reverse", "main").split()
    return tuple(Commit(one.day, one.workspace, id) for one, id in zip(history, ids, strict=True))


def _commit(one: Commit) -> str:
    seconds = int(datetime.combine(one.day, time(12), UTC).timestamp())
    lines = [
        f"commit refs/heads/main\ncommitter Lea <lea@acme.example> {seconds} +0000\n",
        _data("Change"),
        "deleteall\n",
    ]
    for path, text in files(one.workspace).items():
        lines.append(f"M 100644 inline {path}\n{_data(text)}")
    return "".join(lines)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"
