"""Comparison of files on disk with a commit by their bytes: no filter runs, and the index is not used."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from okrctl.git.commits import FileChange, Status, join_changes
from okrctl.git.process import GitRunner


class TreeChange(NamedTuple):
    """A file that is not as in HEAD, by its path from the top, with git's code: `??` where it is not tracked."""

    code: str
    path: str


def list_changes(runner: GitRunner) -> list[TreeChange]:
    """What is staged, changed or new in the whole work tree, as git tells it, with the filters of the user."""
    words = ("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty")
    output = runner.write("-c", f"core.hooksPath={os.devnull}", *words)
    return [TreeChange(entry[:2].decode(), os.fsdecode(entry[3:])) for entry in output.split(b"\0") if entry]


def diff_work_tree(
    root: Path, hash_name: str, committed: Mapping[str, str], known: Iterable[str], skipped: Mapping[str, str],
    *, detect_renames: bool = True,
) -> list[FileChange]:  # fmt: skip
    """The changes from `committed` (path to blob id) to the files on disk at those paths and at `known`.

    `skipped` are the blobs of files that a sparse checkout leaves out of the work tree. A deleted file and a new one
    with the same bytes are one rename, unless `detect_renames` is off.
    """
    changes = []
    for path in sorted(committed.keys() | set(known)):
        before, now = committed.get(path), _blob_id(root / path, hash_name, committed.get(path))
        now = skipped.get(path) if now is None else now
        if before != now:
            status: Status = "A" if before is None else "D" if now is None else "M"
            changes.append(FileChange(status, path, path if before else None, before, now))
    return join_changes(changes, detect_renames=detect_renames)


def _blob_id(file: Path, hash_name: str, expected: str | None) -> str | None:
    """The id that the file would have as a blob, None for none; `expected` if it differs in nothing but line ends."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        data = file.read_bytes()
    except OSError:
        return None
    name = _hash_blob(data, hash_name)
    return name if name == expected or _hash_blob(data.replace(b"\r\n", b"\n"), hash_name) != expected else expected


def _hash_blob(data: bytes, hash_name: str) -> str:
    return hashlib.new(hash_name, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
