"""Create the commits and tags that the user asked for, with the user's own name, settings and hooks."""

from __future__ import annotations

import os
from collections.abc import Sequence

from okrctl.git.process import to_printable
from okrctl.git.repository import OBJECT_ID, Repository
from okrctl.values.errors import OkrctlError


def commit(repository: Repository, paths: Sequence[str], message: str) -> str:
    """Commit exactly these files as they are on disk, whatever else is staged; returns the id of the new commit.

    Raises OkrctlError where git or a hook refuses; new files are then untracked as before.
    """
    if repository.work_tree is None:
        raise OkrctlError("a bare repository has no files to commit", "use a clone of it")
    if not repository.uncommitted_paths(paths):
        raise OkrctlError("there is nothing to commit", "the files are unchanged since HEAD")
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
        hint = error.hint or "the files are written; fix the problem, then commit them"
        raise OkrctlError(f"cannot commit: {error.message}", hint) from error
    head = repository.head()
    assert head
    return head.id


def tag(repository: Repository, name: str, commit: str, message: str) -> None:
    """Create an annotated tag at a commit (its id); OkrctlError where the name is taken or not valid."""
    status, _, _ = repository.runner.run("check-ref-format", f"refs/tags/{name}")
    if status or name.startswith("-") or not OBJECT_ID.fullmatch(commit):
        raise OkrctlError(
            f"'{to_printable(name)}' is not a valid tag name", "use letters, digits, '-', '_', '.' and '/'"
        )
    if repository.find_commit_id(f"refs/tags/{name}"):
        raise OkrctlError(f"the tag '{name}' exists already", f"delete it with git tag -d {name}")
    repository.runner.write("tag", "-a", "--cleanup=whitespace", "-F", "-", "--", name, commit, text=message.encode())
