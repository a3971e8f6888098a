"""What the tests of clones share: the commands that read, a remote that notes its calls, and the fair answers."""

from __future__ import annotations

from pathlib import Path

from tests.repositories import Repo
from tests.running import Result, run

TODAY = "2026-05-20"
COMMANDS = (
    "score 2026-Q2", "score 2026-Q2 --agreed", "score 2026-Q2 --known-at 2026-04-20", "score --known-at HEAD~1",
    "status", "show signups", "show nps", "tree", "kpi", "explain signups", "explain nps", "impact 2026-Q2", "check",
    "check --base HEAD~1", "diff", "diff HEAD~1", "diff HEAD~2..HEAD", "log signups", "log nps", "report 2026-Q2",
    "digest --since 2026-05-01", "export", "verify",
)  # fmt: skip
LIES = ("damaged", "was removed", "gone", "no longer", "joined later", "deleted")


def okrctl(repo: Repo, command: str) -> Result:
    """The answer of one command line in a clone."""
    return run(*command.split(), cwd=repo.path, today=TODAY)


def note_calls(repo: Repo, folder: Path) -> None:
    """Let the remote of a clone, which would answer, note each call in a folder."""
    script = folder / "upload-pack"
    script.write_text(f'#!/bin/sh\necho call >>"{folder}/calls"\nexec git-upload-pack "$@"\n')
    script.chmod(0o755)
    repo.config("remote.origin.uploadpack", str(script))
    repo.config("protocol.allow", "always")
    repo.config("protocol.file.allow", "always")


def calls(repo: Repo) -> bool:
    """Whether the remote of a clone was called."""
    return (repo.path.parent / "calls").exists()


def require_whole_or_named(command: str, expected: Result, result: Result, git_command: str = "git ") -> None:
    """The answer of the whole clone, or a line with the git command that brings what is missing; never a lie."""
    text = result.out + result.err
    if (result.status, result.out) != (expected.status, expected.out):
        assert git_command in text, (command, text, expected)
        assert len(result.err.splitlines()) <= 2, (command, text)
    told = expected.out + expected.err
    assert [word for word in LIES if word in text and word not in told] == [], (command, text)
