"""Describes where an operation works: the folder, its workspace and repository, the day, the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from okrctl.values.errors import NotFoundError, OkrctlError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrctl.files.lock import Lock
    from okrctl.git import Repository
    from okrctl.git.commit import Author
    from okrctl.workspace import Workspace
    from okrctl.workspace.disk import ParsedFiles
    from okrctl.workspace.index import FileIndex


def current_directory() -> Path:
    """Return the current folder; raises OkrctlError where it was deleted."""
    try:
        return Path.cwd()
    except OSError as error:
        raise NotFoundError("the current folder no longer exists", "change to one that exists") from error


@dataclass
class Project:
    """The workspace around a folder, and the circumstances in which an operation works on it.

    `directory` is the folder of the run: paths that a person writes are relative to it. Every front door (the
    terminal, a server, a Python program) hands its own Project to the operations. Without `uses_cache` nothing that an
    earlier run kept is used, and nothing is kept. `lock` is held while it writes. `author` is who commits are by, git's
    own identity by default. `parsed_files` are those that a program has parsed before. `texts` replace the contents of
    files, by their paths from the root, as the buffers of an editor do. With `skips_broken_files` the workspace is what
    can be read; `broken_files` are then the others, with what is wrong with each. With `reads_once` nothing is written
    while the project is used, so that the files are read into a workspace only once.
    """

    directory: Path = field(default_factory=current_directory)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    uses_cache: bool = True
    author: Author | None = None
    parsed_files: ParsedFiles | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)
    skips_broken_files: bool = False
    reads_once: bool = False
    known_workspace: Workspace | None = field(default=None, init=False, repr=False, compare=False)
    broken_files: list[str] = field(default_factory=list, init=False)
    lock: Lock | None = field(default=None, init=False, repr=False, compare=False)

    @cached_property
    def root(self) -> Path:
        """The root of the workspace, absolute; raises OkrctlError where the folder does not exist."""
        from okrctl.files.journal import find_journals
        from okrctl.operations import workspaces

        if not self.directory.is_dir():
            raise NotFoundError(f"no such folder: {self.directory}", "use -C DIR with an existing folder")
        root, reason = workspaces.find_root(self.directory)
        self.trace(f"workspace: {root} ({reason})")
        if find_journals(root):
            from okrctl.operations import transaction

            transaction.recover(self, root)
        return root

    @cached_property
    def repository(self) -> Repository | None:
        """The repository around the workspace, None where there is none; raises OkrctlError where git refuses it."""
        from okrctl import files, git

        repository = git.find_repository(self.root)
        self.trace("git: " + (f"repository {files.git_root(self.root)}" if repository else "no repository found"))
        return repository

    @cached_property
    def index(self) -> FileIndex | None:
        """What earlier runs read of valid files; None where it is not to be used, or the user has no cache folder."""
        try:
            from okrctl.cache.database import open_database
        except ImportError:  # of a Python that was built without SQLite
            return None
        from okrctl.workspace.index import FileIndex

        def explain(reason: str) -> None:
            self.trace(f"index: {reason}")

        database = open_database("files", explain) if self.uses_cache else None
        return FileIndex(database) if database is not None else None

    @cached_property
    def today(self) -> date:
        """The current day, read from the clock here only; OKRCTL_TODAY overrides it, for tests and replays."""
        text = self.environment.get("OKRCTL_TODAY")
        if not text:
            return date.today()
        self.trace(f"today: {text} (OKRCTL_TODAY)")
        return parse_date(text)

    def has_workspace(self) -> bool:
        """Whether the folder has settings or goals for okrctl to read."""
        from okrctl import files

        folders = any((self.root / name).exists() for name in ("okrs", "kpis"))
        return folders or files.has_file(self.root, files.SETTINGS_NAME)

    def notify(self, text: str) -> None:
        """Receive a message about what an operation does; a front door shows it, the default ignores it."""

    def trace(self, text: str) -> None:
        """Receive a detail of what an operation found where, and why; the default ignores it."""


def parse_date(text: str) -> date:
    """Parse a date such as 2026-06-30; raises OkrctlError for anything else."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise OkrctlError(f"{text!r} is not a valid date", "write it as 2026-06-30")
