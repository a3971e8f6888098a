"""Keeps results between runs in the user's cache folder; whatever happens to it, no answer depends on it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from okrctl import __version__, files

FORMAT = 1
RACY_NANOSECONDS = 3 * 10**9  # nanoseconds within which two changes of a file may bear the same time
MAX_BYTES = 128 * 2**20  # bytes that all entries together may take
MAX_AGE_SECONDS = 30 * 86400  # seconds after which an entry is swept away, unless it was used

FileState = list[Any]  # size, time of change, time of change of the entry in its folder, inode, a hash where in doubt


class CacheStore(NamedTuple):
    """The entries of one kind, each a file that names its own hash."""

    folder: Path

    def load(self, key: str) -> bytes | None:
        """What was saved under a key; None where that is nothing, or no longer whole."""
        try:
            content = (self.folder / key).read_bytes()
        except OSError:
            return None
        if content[:64] != _digest(content[65:]):
            return None
        with contextlib.suppress(OSError):  # used just now
            os.utime(self.folder / key)
        return content[65:]

    def save(self, key: str, content: bytes) -> None:
        """Keep some bytes as far as that is possible, and sweep away what is old."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{key}.{os.getpid()}.tmp"
            try:
                temporary.write_bytes(_digest(content) + b"\n" + content)
                os.replace(temporary, self.folder / key)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._sweep(key)

    def _sweep(self, newest: str) -> None:
        """Delete entries that nobody has used for a month, and the oldest beyond what all may take."""
        with os.scandir(self.folder) as entries:
            found = sorted(((one.stat().st_mtime, one.stat().st_size, one.name) for one in entries), reverse=True)
        room, now = MAX_BYTES, time.time()
        for used, size, name in found:
            room -= size
            if name != newest and (room < 0 or now - used > MAX_AGE_SECONDS):
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()


def open_store(kind: str) -> CacheStore | None:
    """The place for entries of one kind; None where the user has no folder for such things."""
    folder = files.cache_dir()
    return None if folder is None else CacheStore(folder / kind)


def cache_key(*parts: object) -> str:
    """The name of an entry: the same only for the same parts, edition of okrctl, and version of Python."""
    whole = repr((FORMAT, __version__, _source_timestamp(), sys.version, parts))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def file_states(root: Path, paths: Iterable[str]) -> dict[str, FileState | None]:
    """What tells whether files are still the same, None for one that is not there.

    A file that changed only just now may change again under the same time, so that its content speaks for it.
    """
    doubtful = time.time_ns() - RACY_NANOSECONDS
    return {path: _file_state(root, path, doubtful) for path in paths}


def is_racy(look: FileState) -> bool:
    """Whether the content of a file had to speak for it."""
    return len(look) > 4


def is_unchanged(root: Path, before: dict[str, FileState | None]) -> bool:
    """Whether these files are as they were when they were looked at."""
    return is_same_state(root, before, file_states(root, before))


def is_same_state(root: Path, before: dict[str, FileState | None], now: dict[str, FileState | None]) -> bool:
    """Whether files that were looked at twice are the same and were the same then, in the same order."""
    return [*before] == [*now] and not changed_files(root, before, now)


def changed_files(root: Path, before: Mapping[str, FileState | None], now: Mapping[str, FileState | None]) -> list[str]:
    """Those of the files looked at now that were others before, or not there."""
    new = [path for path in now if path not in before]
    other = [path for path, look in now.items() if path in before and look != before[path]]
    return [*new, *(path for path in other if not _is_same_file(root, path, before[path], now[path]))]


def _is_same_file(root: Path, path: str, was: FileState | None, now: FileState | None) -> bool:
    """Whether two looks that are not alike see one file: only one of them had to read it."""
    if was is None or now is None or was[:4] != now[:4] or is_racy(was) == is_racy(now):
        return False
    return is_racy(now) or was[-1] == _content_hash(root, path)


def _file_state(root: Path, path: str, doubtful: int) -> FileState | None:
    found = _stat_file(root, path)
    if found is not None and max(found[1], found[2]) > doubtful:
        return [*found, _content_hash(root, path)]
    return found


def _stat_file(root: Path, path: str) -> FileState | None:
    try:
        found = os.stat(f"{root}/{path}")
    except (OSError, ValueError):
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _content_hash(root: Path, path: str) -> str:
    content = files.read(root, path)
    return _digest(content).decode() if isinstance(content, bytes) else content.message


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _source_timestamp() -> int:
    """The newest change of okrctl's own code, for those who work on it."""
    newest = 0
    for folder, _, names in os.walk(Path(__file__).parent):
        newest = max([newest, *(os.stat(f"{folder}/{name}").st_mtime_ns for name in names if name.endswith(".py"))])
    return newest
