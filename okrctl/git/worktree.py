"""Compares files on disk with what a commit holds, by their own bytes: no filter runs, and no index is trusted."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from okrctl.git.commits import FileChange, Status


def diff_work_tree(
    root: Path, digest: str, held: Mapping[str, str], known: Iterable[str], *, detect_renames: bool = True
) -> list[FileChange]:
    """What differs between `held` (path to blob id) and the files on disk at those paths and at `known`.

    A file that vanished and one that appeared with the same bytes are one rename, unless `moves` is off.
    """
    found = []
    for path in sorted(held.keys() | set(known)):
        before, now = held.get(path), _blob_id(root / path, digest, held.get(path))
        if before != now:
            status: Status = "A" if before is None else "D" if now is None else "M"
            found.append(FileChange(status, path, path if before else None, before, now))
    return _join_renames(found) if detect_renames else found


def _blob_id(file: Path, digest: str, expected: str | None) -> str | None:
    """The id that the file would have as a blob, None for none; `expected` if it differs in nothing but line ends."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        data = file.read_bytes()
    except OSError:
        return None
    name = _hash_blob(data, digest)
    return name if name == expected or _hash_blob(data.replace(b"\r\n", b"\n"), digest) != expected else expected


def _hash_blob(data: bytes, digest: str) -> str:
    return hashlib.new(digest, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _join_renames(found: list[FileChange]) -> list[FileChange]:
    gone = {change.old_id: change for change in found if change.status == "D"}
    sources = {
        change.path: source
        for change in found
        if change.status == "A" and (source := gone.pop(change.new_id, None)) is not None
    }
    moved = {source.path for source in sources.values()}
    joined = []
    for change in found:
        if source := sources.get(change.path):
            joined.append(FileChange("R", change.path, source.path, source.old_id, change.new_id))
        elif change.path not in moved:
            joined.append(change)
    return joined
