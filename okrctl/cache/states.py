"""Tells whether files have changed since they were last read, mostly without reading them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from okrctl import files
from okrctl.cache.store import digest

RACY_NANOSECONDS = 3 * 10**9  # two changes of a file within this time may carry the same time stamp

FileState = list[Any]  # size, time of modification, time of change, inode; for a racy file also the hash of its content


def file_states(root: Path, paths: Iterable[str]) -> dict[str, FileState | None]:
    """The state of each file, None for a file that is missing.

    A file that changed just now may change again under the same time, so its state includes a hash of its content.
    """
    racy_since = time.time_ns() - RACY_NANOSECONDS
    return {path: _file_state(root, path, racy_since) for path in paths}


def is_racy(state: FileState) -> bool:
    """Whether the file had changed so recently that its state includes a hash of its content."""
    return len(state) > 4


def is_unchanged(root: Path, before: dict[str, FileState | None]) -> bool:
    """Whether these files still have the states they had."""
    return is_same_state(root, before, file_states(root, before))


def is_same_state(root: Path, before: dict[str, FileState | None], now: dict[str, FileState | None]) -> bool:
    """Whether two states list the same files in the same order, none of them changed."""
    return [*before] == [*now] and not changed_files(root, before, now)


def changed_files(root: Path, before: Mapping[str, FileState | None], now: Mapping[str, FileState | None]) -> list[str]:
    """The files of the second state that are new or changed since the first."""
    new = [path for path in now if path not in before]
    different = [path for path, state in now.items() if path in before and state != before[path]]
    return [*new, *(path for path in different if not _is_same_file(root, path, before[path], now[path]))]


def _is_same_file(root: Path, path: str, before: FileState | None, now: FileState | None) -> bool:
    """Whether two different states describe one unchanged file: one of them has a hash, the other has none."""
    if before is None or now is None or before[:4] != now[:4] or is_racy(before) == is_racy(now):
        return False
    return is_racy(now) or before[-1] == _content_hash(root, path)


def _file_state(root: Path, path: str, racy_since: int) -> FileState | None:
    state = _stat_file(root, path)
    if state is not None and max(state[1], state[2]) > racy_since:
        return [*state, _content_hash(root, path)]
    return state


def _stat_file(root: Path, path: str) -> FileState | None:
    try:
        status = os.stat(f"{root}/{path}")
    except (OSError, ValueError):
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _content_hash(root: Path, path: str) -> str:
    content = files.read(root, path)
    return digest(content).decode() if isinstance(content, bytes) else content.message
