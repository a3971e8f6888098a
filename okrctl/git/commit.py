"""Create the commits and tags that the user asked for, with the user's own name, settings and hooks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from okrctl.git.process import to_printable
from okrctl.git.repository import OBJECT_ID, Repository
from okrctl.values.errors import ConflictError, GitError, OkrctlError, RefusedError, UsageError

REFUSING_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")


def commit(repository: Repository, paths: Sequence[str], message: str) -> str:
    """Commit exactly these files as they are on disk, whatever else is staged; returns the id of the new commit.

    Raises OkrctlError where git or a hook refuses; new files are then untracked as before.
    """
    if repository.work_tree is None:
        raise GitError("a bare repository has no files to commit", "use a clone of it")
    if not repository.uncommitted_paths(paths):
        raise ConflictError("there is nothing to commit", "the files are unchanged since HEAD")
    output = repository.runner.read("ls-files", "-z", "--cached", "--", *paths)
    tracked = {os.fsdecode(name) for name in output.split(b"\0")}
    new = [path for path in paths if path not in tracked]
    try:
        if new:
            repository.runner.write("add", "--intent-to-add", "--", *new)
        repository.runner.write("commit", "--quiet", "--only", "-F", "-", "--", *paths, text=message.encode())
    except OkrctlError as error:
        if new:
            repository.runner.run("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--", *new)
        raise _commit_error(repository, error) from error
    head = repository.head()
    assert head
    return head.id


def _commit_error(repository: Repository, error: OkrctlError) -> OkrctlError:
    """The error of a commit that failed: a refusal where git gives no reason that is known, and there are hooks."""
    hint = error.hint or "the files are written; fix the problem, then commit them"
    message = f"cannot commit: {error.message}"
    is_refusal = error.message.startswith("git: ") and _has_hook(repository)
    return RefusedError(message, hint) if is_refusal else error.rephrase(message, hint)


def _has_hook(repository: Repository) -> bool:
    """Whether a hook of the user may refuse a commit; git does not tell whether it was the hook that did."""
    output = repository.runner.write("rev-parse", "--git-path", "hooks")  # reading commands are told of no hooks
    folder = Path(repository.runner.folder, os.fsdecode(output.rstrip(b"\n")))
    return any(os.access(folder / name, os.X_OK) for name in REFUSING_HOOKS)


def tag(repository: Repository, name: str, commit: str, message: str) -> None:
    """Create an annotated tag at a commit (its id); OkrctlError where the name is taken or not valid."""
    status, _, _ = repository.runner.run("check-ref-format", f"refs/tags/{name}")
    if status or name.startswith("-") or not OBJECT_ID.fullmatch(commit):
        raise UsageError(
            f"'{to_printable(name)}' is not a valid tag name", "use letters, digits, '-', '_', '.' and '/'"
        )
    if repository.find_commit_id(f"refs/tags/{name}"):
        raise ConflictError(f"the tag '{name}' exists already", f"delete it with git tag -d {name}")
    repository.runner.write("tag", "-a", "--cleanup=whitespace", "-F", "-", "--", name, commit, text=message.encode())
