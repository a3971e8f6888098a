"""Tells whether files have changed since they were last read, mostly without reading them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from okrctl import files
from okrctl.files import record
from okrctl.files.record import FileState


def file_states(root: Path | str, paths: Iterable[str]) -> dict[str, FileState | None]:
    """The state of each file, by its path from the root or its absolute path; None for a file that is missing.

    A file that changed just now may change again under the same time, so its state includes a hash of its content.
    """
    return {path: _file_state(os.path.join(root, path)) for path in paths}


def is_racy(state: FileState) -> bool:
    """Whether the file had changed so recently that its state includes a hash of its content."""
    return len(state) > 4


def is_unchanged(root: Path | str, before: dict[str, FileState | None]) -> bool:
    """Whether these files still have the states they had."""
    return is_same_state(root, before, file_states(root, before))


def is_same_state(root: Path | str, before: dict[str, FileState | None], now: dict[str, FileState | None]) -> bool:
    """Whether two states list the same files in the same order, none of them changed."""
    return [*before] == [*now] and not changed_files(root, before, now)


def changed_files(
    root: Path | str, before: Mapping[str, FileState | None], now: Mapping[str, FileState | None]
) -> list[str]:
    """The files of the second state that are new or changed since the first."""
    new = [path for path in now if path not in before]
    different = [path for path, state in now.items() if path in before and state != before[path]]
    return [*new, *(path for path in different if not _is_same_file(root, path, before[path], now[path]))]


def _is_same_file(root: Path | str, path: str, before: FileState | None, now: FileState | None) -> bool:
    """Whether two different states describe one unchanged file: one of them has a hash, the other has none."""
    if before is None or now is None or before[:4] != now[:4] or is_racy(before) == is_racy(now):
        return False
    return is_racy(now) or before[-1] == _content_hash(os.path.join(root, path))


def _file_state(name: str) -> FileState | None:
    state: FileState | None
    try:
        state = record.state_of(os.stat(name), lambda: _content(name))
    except (OSError, ValueError):
        state = _state_left_out(name)
    record.note_file(name, state)
    return state


def _state_left_out(name: str) -> FileState | None:
    if not files.is_left_out(name):
        return None
    from okrctl.files import sparse

    return sparse.state_of(name)


def _content_hash(name: str) -> str:
    return record.content_hash(_content(name))


def _content(name: str) -> bytes:
    content = files.read(Path(), name)
    return content if isinstance(content, bytes) else content.message.encode()
