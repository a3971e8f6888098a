"""Records what a run reads from the disk, so that its answer can be kept until something of that changes.

Everything that a workspace consists of is read in this room, so this is the one place that sees all of it. A file is
recorded by its state when it was opened, before its content can change again; a listing by the paths that it found.
Whoever reads in another way, or writes, makes the record incomplete, and an incomplete record is never trusted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RACY_NANOSECONDS = 3 * 10**9  # two changes of a file within this time may carry the same time stamp

# Size, time of modification, time of change, inode; for a racy file also the hash of its content.
FileState = list[Any]
Listing = tuple[str, tuple[str, ...], tuple[str, ...]]  # the real folder, the patterns included and excluded


class ReadRecord:
    """The files that were read, by their absolute paths, and the listings of folders, while it was open."""

    def __init__(self) -> None:
        self.files: dict[str, FileState | None] = {}
        self.listings: dict[Listing, dict[str, str | None]] = {}
        self.is_complete = True

    def note_file(self, path: str, state: FileState | None) -> None:
        """Note the state of a file, None for a missing one; two different states make the record incomplete.

        A file that is looked at twice may be racy the first time alone: then its hash is kept.
        """
        first = self.files.setdefault(path, state)
        if first == state:
            return
        if first is None or state is None or first[:4] != state[:4] or len(first) == len(state):
            self.is_complete = False
        elif len(state) > len(first):
            self.files[path] = state

    def note_listing(self, listing: Listing, found: dict[str, str | None]) -> None:
        """Note the paths that a folder was found to hold, each with the reason why it cannot be read, if any."""
        if self.listings.setdefault(listing, found) != found:
            self.is_complete = False


_open: list[ReadRecord] = []


@contextmanager
def recorded() -> Iterator[ReadRecord]:
    """Record what is read in the block."""
    record = ReadRecord()
    _open.append(record)
    try:
        yield record
    finally:
        _open.remove(record)


def is_recording() -> bool:
    """Whether something is recorded."""
    return bool(_open)


def note_file(path: str, state: FileState | None) -> None:
    """Note a file that was read, by its absolute path."""
    for record in _open:
        record.note_file(path, state)


def note_unread(path: str, reason: str) -> None:
    """Note a file that is missing or cannot be read, by its absolute path."""
    if _open:
        try:
            note_file(path, state_of(os.stat(path), reason.encode))
        except (OSError, ValueError):
            note_file(path, None)


def note_listing(listing: Listing, found: dict[str, str | None]) -> None:
    """Note what the folder of a workspace was found to hold."""
    for record in _open:
        record.note_listing(listing, found)


def note_unknown() -> None:
    """Note that something was written, or read in a way that is not recorded."""
    for record in _open:
        record.is_complete = False


def state_of(status: os.stat_result, content: Callable[[], bytes]) -> FileState:
    """The state of a file, by what the system says of it when it is opened, before it is read.

    A file that changed just now gets a hash of its content as well: it may change again under the same time.
    """
    state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    if max(state[1], state[2]) > time.time_ns() - RACY_NANOSECONDS:
        return [*state, content_hash(content())]
    return state


def content_hash(content: bytes) -> str:
    """The SHA-256 of a content in hexadecimal."""
    import hashlib

    return hashlib.sha256(content).hexdigest()
