"""Files in conflict: their three versions in the index, git's own merge of texts, and whose the two sides are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from okrctl.git.process import git_error
from okrctl.git.repository import Repository

# What git writes when an operation stops at a conflict: the file that names the other side's commit.
OTHER_SIDES = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD", "REVERT_HEAD", "refs/stash")
BLOB_MODES = ("100644", "100755")


class UnmergedFile(NamedTuple):
    """A path with the ids of its versions in the index, None where a side does not have it."""

    path: str
    base: str | None
    ours: str | None
    theirs: str | None


class MergeSides(NamedTuple):
    """What the two sides are called, their commits, and the commit where they parted, as far as git knows them."""

    names: tuple[str, str]
    commits: tuple[str | None, str | None]
    base: str | None


def unmerged_files(repository: Repository) -> list[UnmergedFile]:
    """The files below the root that are in conflict, in order of path; links and submodules are left out."""
    found: dict[str, dict[str, str]] = {}
    for entry in repository.runner.read("ls-files", "--unmerged", "-z").split(b"\0")[:-1]:
        metadata, _, name = entry.partition(b"\t")
        mode, blob, stage = metadata.decode().split(" ")
        if mode in BLOB_MODES:
            found.setdefault(os.fsdecode(name), {})[stage] = blob
    return [UnmergedFile(path, *(stages.get(number) for number in "123")) for path, stages in sorted(found.items())]


def merge_sides(repository: Repository) -> MergeSides:
    """The sides of the merge, rebase, cherry-pick, revert or stash that is in progress."""
    head = repository.find_commit_id("HEAD")
    other_name = next((name for name in OTHER_SIDES if repository.find_commit_id(name)), None)
    other = repository.find_commit_id(other_name) if other_name else None
    base = repository.merge_base(head, other) if head and other else None
    if other_name not in ("MERGE_HEAD", None):
        base = repository.find_commit_id(f"{other}^")
    rebased = _read_line(repository.folder / "rebase-merge" / "head-name")
    theirs = rebased.removeprefix("refs/heads/") if rebased else _name(repository, other)
    return MergeSides(
        (_current_branch(repository) or _name(repository, head), "stash" if other_name == "refs/stash" else theirs),
        (head, other),
        base,
    )


def merge_text(repository: Repository, texts: tuple[bytes, bytes, bytes], options: Sequence[str] = ()) -> bytes:
    """Base, ours and theirs merged by `git merge-file`, with markers where it found conflicts; its `options` may vary.

    Raises OkrctlError where git cannot merge them, as with binary files.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, data in zip(("base", "ours", "theirs"), texts, strict=True):
            path = Path(folder, name)
            path.write_bytes(data)
            names.append(str(path))
        base, ours, theirs = names
        status, output, error_text = repository.runner.run("merge-file", "-p", *options, ours, base, theirs)
    if status > 127 or status < 0:
        raise git_error(error_text)
    return output


def is_left_as_ours(repository: Repository, path: str) -> bool:
    """Whether git is told to merge no text of a file (`-merge`, `binary`), so that a conflict leaves ours as it is."""
    status, output, _ = repository.runner.run("check-attr", "-z", "merge", "--", path)
    return not status and output.split(b"\0")[2:3] in ([b"unset"], [b"binary"])


def stage_files(repository: Repository, written: Iterable[str], removed: Iterable[str] = ()) -> None:
    """Take files as they are on disk into the index, which ends their conflict."""
    if paths := list(written):
        repository.runner.write("add", "--", *paths)
    if paths := list(removed):
        repository.runner.write("rm", "--quiet", "--cached", "--ignore-unmatch", "--", *paths)


def unstage_file(repository: Repository, path: str, versions: Sequence[bytes | None]) -> None:
    """Mark a file as in conflict, with its three versions in the index."""
    lines = [f"0 {'0' * len(repository.find_commit_id('HEAD') or '')}\t{path}\n"]
    for stage, data in enumerate(versions, 1):
        if data is not None:
            blob = repository.runner.write("hash-object", "-w", "--stdin", text=data).decode().strip()
            lines.append(f"100644 {blob} {stage}\t{repository.prefix}{path}\n")
    lines[0] = lines[0].replace(f"\t{path}", f"\t{repository.prefix}{path}")
    repository.runner.write("update-index", "--index-info", text="".join(lines).encode("utf-8", "surrogateescape"))


def _current_branch(repository: Repository) -> str:
    status, output, _ = repository.runner.run("symbolic-ref", "--quiet", "--short", "HEAD")
    return "" if status else output.decode("utf-8", "replace").strip()


def _name(repository: Repository, commit: str | None) -> str:
    """A branch at a commit, else its short id."""
    if commit is None:
        return "theirs"
    arguments = ("--points-at", commit, "--format=%(refname:short)", "refs/heads", "refs/remotes")
    status, output, _ = repository.runner.run("for-each-ref", *arguments)
    names = output.decode("utf-8", "replace").splitlines()
    return commit[:10] if status or not names else names[0]


def _read_line(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""
