"""Carries out what a command planned to write: says it, shows it, writes all of it or nothing, and commits it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from okrctl import files, git
from okrctl.cli.session import Session
from okrctl.files import lock
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError
from okrctl.yaml_edit import FileChange, WritePlan


def apply_plan(session: Session, plan: WritePlan, *, dry_run: bool = False, commit: bool = False) -> bool:
    """Write the files of a plan, and commit exactly those where asked; whether anything was written.

    With `dry_run` the diff is shown instead. Raises OkrctlError where a file changed meanwhile or cannot be written:
    then no file is other than before.
    """
    if dry_run:
        session.out("\n".join(sanitize(line) for line in plan.diff().split("\n")))
        return False
    if not plan.changes:
        session.say("nothing changes: the files say so already")
        return False
    for sentence in plan.messages:
        session.say(sanitize(sentence))
    repository = _require_repository(session.root) if commit else None
    with lock.lock(session.root):
        write_changes(session.root, plan.changes)
        if repository is not None:
            _commit_locked(session, repository, [change.path for change in plan.changes], plan.message)
    return True


def commit_files(session: Session, paths: Sequence[str], message: str) -> None:
    """Commit exactly these files; OkrctlError where there is no repository or git refuses."""
    with lock.lock(session.root):
        _commit_locked(session, _require_repository(session.root), paths, message)


def _commit_locked(session: Session, repository: git.Repository, paths: Sequence[str], message: str) -> None:
    made = git.commit(repository, paths, message)
    session.say(f"committed as {made[:12]}")


def write_changes(root: Path, changes: Sequence[FileChange]) -> None:
    """Write all files or none; what was written is put back where a later file fails.

    Only for who holds the lock: what a killed process left beside the files is swept away.
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
    found = git.find_repository(root)
    if found is None:
        raise OkrctlError("there is no git repository to commit to", "run git init, or leave out --commit")
    return found


def _require_unchanged(root: Path, change: FileChange) -> None:
    """Whether a file still holds what the plan was made from, and may be written."""
    path = root / change.path
    try:
        current = path.read_bytes()
        writable = bool(stat.S_IMODE(path.stat().st_mode) & 0o222) and os.access(path, os.W_OK)
    except FileNotFoundError:
        current, writable = None, True
    except OSError as error:
        raise OkrctlError(f"cannot write {change.path}: {error.strerror}", "see its permissions") from error
    if current != _encode(change.old):
        what = "changed in the meantime" if change.old is not None else "is there already"
        raise OkrctlError(f"{change.path} {what}", "nothing was written; run the command again")
    if not writable:
        raise OkrctlError(f"{change.path} is read-only", f"chmod u+w {change.path} lets okrctl write it")


def _remove_temporary_files(path: Path) -> None:
    with contextlib.suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(f".{path.name}.") and left.name.endswith(".tmp"):
                left.unlink()


def _restore(root: Path, change: FileChange) -> None:
    path = root / change.path
    with contextlib.suppress(OkrctlError, OSError):
        if change.old is None:
            path.unlink()
        else:
            files.write_atomically(path, change.old.encode(), _encode(change.new))


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
