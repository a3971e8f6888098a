"""Carries out a plan: announces it, shows its diff, writes all of its files or none, and commits them."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from okrctl import files, git
from okrctl.files import lock
from okrctl.operations.project import Project
from okrctl.values.errors import ConflictError, DiskError, GitError, OkrctlError
from okrctl.yaml_edit import FileChange, WritePlan


class WriteOptions(NamedTuple):
    """What becomes of a plan: only shown as a diff, or written and perhaps committed; `force` overrides refusals.

    `confirm_value` writes values that look like slips, which `force` does not.
    """

    commit: bool = False
    force: bool = False
    dry_run: bool = False
    confirm_value: bool = False


class WriteResult(NamedTuple):
    """The result of a plan: whether files were written, the commit where one was made, the diff of a dry run.

    `plan` is what was or would be written, None where there was nothing to plan.
    """

    is_written: bool
    commit: str | None = None
    diff: str | None = None
    plan: WritePlan | None = None

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """The files that were or would be written."""
        return self.plan.changes if self.plan is not None else ()


def apply_plan(project: Project, plan: WritePlan, options: WriteOptions) -> WriteResult:
    """Write the files of a plan, and commit exactly those if the options say so.

    Raises OkrctlError where a file changed meanwhile or cannot be written; then every file is as it was before.
    """
    if options.dry_run:
        return WriteResult(False, diff=plan.diff(), plan=plan)
    if not plan.changes:
        project.notify("nothing to change: the files are up to date")
        return WriteResult(False, plan=plan)
    for message in plan.messages:
        project.notify(message)
    repository = _require_repository(project.root) if options.commit else None
    commit = None
    with lock.lock(project.root):
        write_changes(project.root, plan.changes)
        if repository is not None:
            commit = _commit(project, repository, [change.path for change in plan.changes], plan.message)
    return WriteResult(True, commit, plan=plan)


def commit_files(project: Project, paths: Sequence[str], message: str) -> str:
    """Commit exactly these files and return the commit; raises OkrctlError without a repository or if git refuses."""
    with lock.lock(project.root):
        return _commit(project, _require_repository(project.root), paths, message)


def _commit(project: Project, repository: git.Repository, paths: Sequence[str], message: str) -> str:
    commit = git.commit(repository, paths, message)
    project.notify(f"committed as {commit[:12]}")
    return commit


def write_changes(root: Path, changes: Sequence[FileChange]) -> None:
    """Write all files or none; files already written are restored where a later one fails.

    The caller must hold the lock: temporary files that a killed process left are removed.
    """
    for change in changes:
        _require_unchanged(root, change)
        _remove_temporary_files(root / change.path)
    written: list[FileChange] = []
    try:
        for change in changes:
            _write_change(root / change.path, change)
            written.append(change)
    except BaseException:
        for change in reversed(written):
            _restore(root, change)
        raise


def _write_change(path: Path, change: FileChange) -> None:
    if change.new is None:
        files.remove(path, _encode(change.old))
    else:
        files.write_atomically(path, change.new.encode(), _encode(change.old))


def _require_repository(root: Path) -> git.Repository:
    repository = git.find_repository(root)
    if repository is None:
        raise GitError("no git repository to commit to", "run git init, or leave out --commit")
    return repository


def _require_unchanged(root: Path, change: FileChange) -> None:
    """Raise OkrctlError where a file is not as the plan expects it, or is read-only."""
    path = root / change.path
    try:
        current = path.read_bytes()
        writable = bool(stat.S_IMODE(path.stat().st_mode) & 0o222) and os.access(path, os.W_OK)
    except FileNotFoundError:
        current, writable = None, True
    except OSError as error:
        raise DiskError(f"cannot write {change.path}: {error.strerror}", "check its permissions") from error
    if current != _encode(change.old):
        problem = "changed in the meantime" if change.old is not None else "already exists"
        raise ConflictError(f"{change.path} {problem}", "nothing was written; run the command again")
    if not writable:
        raise DiskError(f"{change.path} is read-only", f"chmod u+w {change.path} makes it writable")


def _remove_temporary_files(path: Path) -> None:
    with contextlib.suppress(OSError):
        for entry in path.parent.iterdir():
            if entry.name.startswith(f".{path.name}.") and entry.name.endswith(".tmp"):
                entry.unlink()


def _restore(root: Path, change: FileChange) -> None:
    path = root / change.path
    with contextlib.suppress(OkrctlError, OSError):
        if change.old is None:
            path.unlink()
        else:
            files.write_atomically(path, change.old.encode(), _encode(change.new))


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
