"""Stores the entries of the cache, one checksummed file for each key."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from okrctl import __version__, files

FORMAT = 1
MAX_BYTES = 128 * 2**20  # size of all entries of one kind
MAX_AGE_SECONDS = 30 * 86400  # since an entry was last used
MAX_TEMPORARY_SECONDS = 3600  # of what a killed process was writing


class CacheStore(NamedTuple):
    """The entries of one kind. Each entry is a file: the hash of its content, a line break, the content."""

    folder: Path

    def load(self, key: str) -> bytes | None:
        """The content saved under a key, or None if there is none or its hash does not match."""
        try:
            content = (self.folder / key).read_bytes()
        except OSError:
            return None
        if content[:64] != digest(content[65:]):
            return None
        with contextlib.suppress(OSError):  # the time of the last use, for `_sweep`
            os.utime(self.folder / key)
        return content[65:]

    def save(self, key: str, content: bytes) -> None:
        """Save content under a key and delete old entries. Errors of the file system are ignored."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{key}.{os.getpid()}.tmp"
            try:
                temporary.write_bytes(digest(content) + b"\n" + content)
                os.replace(temporary, self.folder / key)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._sweep(key)

    def _sweep(self, newest: str) -> None:
        """Delete entries that were not used for a month, and the least recently used ones beyond the size limit."""
        with os.scandir(self.folder) as entries:
            stats = ((entry.stat().st_mtime, entry.stat().st_size, entry.name) for entry in entries)
            by_age = sorted(stats, reverse=True)
        room, now = MAX_BYTES, time.time()
        for last_used, size, name in by_age:
            room -= size
            most = MAX_TEMPORARY_SECONDS if name.endswith(".tmp") else MAX_AGE_SECONDS
            if name != newest and (room < 0 or now - last_used > most):
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()


def open_store(kind: str) -> CacheStore | None:
    """The store for entries of one kind, or None if the user has no cache folder."""
    folder = files.cache_dir()
    return None if folder is None else CacheStore(folder / kind)


def cache_key(*parts: object) -> str:
    """The name of an entry: a hash of the parts, the version and code of okrctl, and the version of Python."""
    text = repr((FORMAT, __version__, _source_timestamp(), sys.version, parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest(content: bytes) -> bytes:
    """The SHA-256 of some content in hexadecimal, 64 bytes."""
    return hashlib.sha256(content).hexdigest().encode()


@cache
def _source_timestamp() -> int:
    """The newest change of okrctl's own files, so that developers never see results of older code."""
    newest = 0
    for folder, folders, names in os.walk(Path(__file__).parents[1]):
        folders[:] = [name for name in folders if name != "__pycache__"]
        newest = max([newest, *(os.stat(f"{folder}/{name}").st_mtime_ns for name in names)])
    return newest
