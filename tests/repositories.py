"""Builds real repositories with real, dated commits for tests, apart from the machine's own git settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

Person = tuple[str, str]

LEA: Person = ("Lea", "lea@acme.example")
TOM: Person = ("Tom", "tom@acme.example")

SETTINGS = ("-c", "gc.auto=0", "-c", "core.autocrlf=false", "-c", "protocol.file.allow=always", "-c", "core.fsync=none")


class Patch(Protocol):
    """The part of pytest's `monkeypatch` that `isolate` needs."""

    def setenv(self, name: str, value: str) -> None: ...
    def delenv(self, name: str, raising: bool = True) -> None: ...


def clean_environment() -> dict[str, str]:
    """The environment without a trace of git, so that neither the machine nor a running hook decides a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "CI_"))}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def isolate(patch: Patch) -> None:
    """Gives the test's own process `clean_environment` too; for code under test that starts git itself."""
    clean = clean_environment()
    for name in set(os.environ) - set(clean):
        patch.delenv(name)
    for name, value in clean.items():
        patch.setenv(name, value)


class Repo:
    """A repository at `path`, made unless there is one; each commit has the day, offset and author asked for."""

    def __init__(self, path: Path, *, bare: bool = False, object_format: str = "sha1") -> None:
        self.path = path
        self.environment = clean_environment()
        path.mkdir(parents=True, exist_ok=True)
        if not (path / ".git").exists() and not (path / "HEAD").exists():
            shape = ["--bare"] if bare else []
            self.git("init", "-q", "--template=", "-b", "main", f"--object-format={object_format}", *shape)

    def git(self, *arguments: str, text: str | None = None, **environment: str) -> str:
        """Runs git here with `text` as its input and hands back what it printed, without the last line break."""
        done = subprocess.run(
            ["git", *SETTINGS, *arguments],
            cwd=self.path,
            env=self.environment | environment,
            input=None if text is None else text.encode(),
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode(errors="surrogateescape").removesuffix("\n")

    def write(self, path: str, text: str | bytes) -> Path:
        """Writes a file with its folders, line ends as given; nothing is committed."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def remove(self, path: str) -> None:
        """Deletes a file; nothing is committed."""
        (self.path / path).unlink()

    def move(self, old: str, new: str) -> None:
        """Renames a file, with the folders of its new place; nothing is committed."""
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        (self.path / old).rename(self.path / new)

    def commit(
        self,
        message: str = "Change",
        day: str = "2026-04-05",
        author: Person = LEA,
        tz: str = "+0200",
        time: str = "12:00:00",
        files: Mapping[str, str | bytes] | None = None,
    ) -> str:
        """Commits everything that differs (and `files`, written first) at that moment; the new commit's id."""
        for path, text in (files or {}).items():
            self.write(path, text)
        self.git("add", "-A")
        moment = self.moment(day, author, tz, time)
        self.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-F", "-", text=message, **moment)
        return self.head

    def moment(self, day: str, author: Person = LEA, tz: str = "+0200", time: str = "12:00:00") -> dict[str, str]:
        """The variables that make the next commit or tag `author`'s at that moment."""
        fields = {"NAME": author[0], "EMAIL": author[1], "DATE": f"{day}T{time}{tz}"}
        return {f"GIT_{who}_{field}": value for who in ("AUTHOR", "COMMITTER") for field, value in fields.items()}

    @property
    def head(self) -> str:
        """The id of the commit that HEAD names."""
        folder = self.path / ".git"
        name = (folder / "HEAD").read_text().strip().removeprefix("ref: ") if folder.is_dir() else ""
        loose = folder / name
        return (
            loose.read_text().strip() if name.startswith("refs/") and loose.is_file() else self.git("rev-parse", "HEAD")
        )

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Makes a branch at `start` and switches to it."""
        self.git("checkout", "-q", "-b", name, start)

    def switch(self, name: str) -> None:
        """Checks out a branch, or a commit with a detached HEAD."""
        self.git("checkout", "-q", name)

    def merge(self, name: str, day: str = "2026-04-05", author: Person = LEA, tz: str = "+0200") -> str:
        """Merges `name` into the branch checked out, always with a merge commit; its id."""
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {name}", name, **self.moment(day, author, tz))
        return self.head

    def tag(self, name: str, commit: str = "HEAD") -> None:
        """Sets a plain tag."""
        self.git("tag", name, commit)

    def config(self, key: str, value: str) -> None:
        """Sets one of the repository's own settings."""
        self.git("config", key, value)

    def clone(self, path: Path, *, depth: int | None = None, bare: bool = False, mirror: bool = False) -> Repo:
        """A clone at `path`, shallow where a depth is given."""
        shape = [f"--depth={depth}"] if depth else []
        shape += ["--bare"] if bare else []
        shape += ["--mirror"] if mirror else []
        self.git("clone", "-q", "--template=", *shape, f"file://{self.path}", str(path))
        return Repo(path)

    def worktree(self, path: Path, commit: str = "HEAD") -> Repo:
        """A linked work tree at `path` with a detached HEAD."""
        self.git("worktree", "add", "-q", "--detach", str(path), commit)
        return Repo(path)
