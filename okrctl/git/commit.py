"""Create the commits and tags that the user asked for, with the user's own name, settings and hooks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from okrctl.git.process import GitRunner, git_error, locked_error, to_printable
from okrctl.git.repository import OBJECT_ID, Repository
from okrctl.values.errors import ConflictError, DiskError, GitError, OkrctlError, RefusedError, UsageError

REFUSING_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")
UNFINISHED = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


class Author(NamedTuple):
    """Who a commit is by, where it is not the person that git knows."""

    name: str
    email: str


class IndexEntry(NamedTuple):
    """A file of a commit or of git's index: its mode, the id of its blob."""

    mode: str
    blob: str


class PathVersions(NamedTuple):
    """A file as HEAD and as git's index have it, None where they do not."""

    committed: IndexEntry | None
    staged: IndexEntry | None


def require_committable(repository: Repository) -> None:
    """Raise OkrctlError where git would not commit now: it is busy, in the middle of something, or knows no name."""
    if repository.work_tree is None:
        raise GitError("a bare repository has no files to commit", "use a clone of it")
    require_finished(repository, "commit")
    if (repository.folder / "index.lock").exists():
        raise locked_error()
    if repository.runner.read("ls-files", "--unmerged"):
        raise RefusedError("cannot commit: files are in conflict", "run okrctl merge, or resolve them and git add them")
    for person in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        try:
            repository.runner.write("var", person)
        except GitError as error:
            raise _commit_error(repository, error) from error


def require_finished(repository: Repository, purpose: str) -> None:
    """Raise RefusedError in the middle of a merge, rebase, cherry-pick or revert; `purpose` is what cannot be done."""
    for name, action in UNFINISHED.items():
        if (repository.folder / name).exists():
            hint = f"finish it with git {action} --continue, or end it with git {action} --abort"
            raise RefusedError(f"cannot {purpose}: a {action} is in progress", hint)


def read_versions(repository: Repository, paths: Sequence[str]) -> dict[str, PathVersions]:
    """The versions of files that git has, by path from the root."""
    in_head = repository.runner.read("ls-tree", "-z", "HEAD", "--", *paths) if repository.head() else b""
    committed = _parse_entries(in_head)
    staged = _parse_entries(repository.runner.read("ls-files", "--stage", "-z", "--", *paths))
    return {path: PathVersions(committed.get(path), staged.get(path)) for path in paths}


def _parse_entries(output: bytes) -> dict[str, IndexEntry]:
    """The files of `git ls-tree -z` and `git ls-files --stage -z`, by path."""
    entries = {}
    for line in output.split(b"\0")[:-1]:
        metadata, _, name = line.partition(b"\t")
        words = metadata.decode().split(" ")
        entries[os.fsdecode(name)] = IndexEntry(words[0], words[2] if words[1] == "blob" else words[1])
    return entries


def read_as_file(repository: Repository, path: str, entry: IndexEntry) -> bytes:
    """The content that a version would have on disk: with the line ends and filters of the user's settings."""
    return repository.runner.write("cat-file", "--filters", f"--path={repository.prefix}{path}", entry.blob)


def store_file(repository: Repository, path: str, data: bytes) -> str:
    """Store a content as git would add the file; returns the id of its blob."""
    output = repository.runner.write("hash-object", "-w", "--stdin", f"--path={repository.prefix}{path}", text=data)
    return output.decode().strip()


def commit_entries(
    repository: Repository,
    entries: Mapping[str, IndexEntry | None],
    message: str,
    report: Callable[[str], None],
    lock: int | None = None,
    author: Author | None = None,
) -> None:
    """Commit HEAD with these files changed (None: removed), whatever is staged.

    Git commits an index of its own for this, so that hooks see what is committed and the user's index stays as it is.
    Git and its hooks hold `lock`, an open file, until they end. The commit is by `author`, else by the person that git
    knows, who is the committer in any case. Raises OkrctlError where git or a hook refuses, after `report` got each
    line of what they said.
    """
    index = _commit_index(repository)
    person = {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email} if author is not None else {}
    runner = GitRunner(repository.runner.folder, {**repository.runner.extra, **person, "GIT_INDEX_FILE": str(index)})
    try:
        remove_commit_index(repository)
        if repository.head():
            own = Path(repository.runner.extra.get("GIT_INDEX_FILE", repository.folder / "index"))
            if own.exists():
                index.write_bytes(own.read_bytes())
            runner.write("read-tree", "-i", "-m", "HEAD")
        _set_entries(runner, repository, entries)
        options = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")  # nothing in the background may keep the lock
        words = (*options, "commit", "--quiet", "-F", "-")
        status, _, error_text = runner.try_write(*words, text=message.encode(), lock=lock)
        if status:
            for line in filter(str.strip, error_text.splitlines()):
                report(to_printable(line))
            raise git_error(error_text)
    except (OkrctlError, OSError) as error:
        raise _commit_error(repository, error) from error


def _commit_index(repository: Repository) -> Path:
    return repository.folder / "okrctl.index"


def remove_commit_index(repository: Repository) -> None:
    """Remove the index that `commit_entries` makes, which a killed process may leave too."""
    index = _commit_index(repository)
    for path in (index, index.with_name(f"{index.name}.lock")):
        path.unlink(missing_ok=True)


def stage_entries(repository: Repository, entries: Mapping[str, IndexEntry | None]) -> None:
    """Put files into git's index (None: take them out), whatever is on disk."""
    _set_entries(repository.runner, repository, entries)
    repository.runner.run("update-index", "-q", "--refresh")


def _set_entries(runner: GitRunner, repository: Repository, entries: Mapping[str, IndexEntry | None]) -> None:
    nothing = "0" * hashlib.new(repository.hash_name, usedforsecurity=False).digest_size * 2
    lines = [
        f"{entry.mode} {entry.blob}\t{repository.prefix}{path}\0"
        if entry
        else f"0 {nothing}\t{repository.prefix}{path}\0"
        for path, entry in entries.items()
    ]
    runner.write("update-index", "-z", "--index-info", text="".join(lines).encode("utf-8", "surrogateescape"))


def _commit_error(repository: Repository, error: OkrctlError | OSError) -> OkrctlError:
    """The error of a commit that failed: a refusal where git gives no reason that is known, and there are hooks."""
    if isinstance(error, OSError):
        return DiskError(f"cannot commit: {error.strerror}", "check the free space on the disk; nothing was written")
    message = f"cannot commit: {error.message}"
    is_refusal = error.message.startswith("git: ") and _has_hook(repository)
    hint = "nothing was written; fix the problem, then run the command again"
    return RefusedError(message, hint) if is_refusal else error.rephrase(message)


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
