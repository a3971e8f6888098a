"""Stores many small entries in one SQLite database of the cache folder, so that thousands are read at once.

How it works. A row is a key, the content with a checksum of both, and the week in which it was last used. A run opens
the database, reads what it needs in one query, and closes it; what is new it writes in one transaction at the end.
SQLite keeps readers and writers apart, of any number of processes, and a killed one leaves nothing half written.

Why not simpler. A file for each entry, as in `store.py`, costs a system call and more for each of ten thousand files;
one file for all of them has to be written again after each edit, and of two processes one loses what it wrote.

As in `store.py`, what is lost or damaged costs time and changes no result: every error of SQLite counts as "not
cached", a row whose checksum differs counts as missing, and a file that is no database is deleted. The schema in a file
is not trusted: it may run none of SQLite's functions that have effects.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from okrctl import files
from okrctl.cache.store import MAX_AGE_SECONDS, digest

MAX_BYTES = 512 * 2**20  # of one database
WEEK_SECONDS = 7 * 86400
LOCK_SECONDS = 0.2  # to wait for another process that writes
MAX_VARIABLES = 500  # of one query; old releases of SQLite allow 999
OUTER_ERRORS = (  # of what surrounds a database, not of its content
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
)  # fmt: skip


class CacheDatabase:
    """The entries of one kind. Where the database cannot be used there are none, and `explain` is told why, once."""

    def __init__(self, path: Path, explain: Callable[[str], None] = lambda reason: None) -> None:
        self.path = path
        self._explain = explain
        self._is_usable = True
        self._used: list[bytes] = []  # keys of entries that were last used in an earlier week

    def load(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the contents of the entries with these keys, as far as there are any."""
        found: dict[bytes, bytes] = {}
        if not self._is_usable:
            return found
        with self._errors_ignored():
            if not self.path.exists():
                return found
            with self._open() as database:
                for part in _batches(list(keys)):
                    marks = ",".join("?" * len(part))
                    query = f"SELECT key, content, week FROM entries WHERE key IN ({marks})"
                    for key, content, week in database.execute(query, part):
                        if content[:64] == digest(key + content[64:]):
                            found[key] = content[64:]
                            if week != _this_week():
                                self._used.append(key)
        return found

    def save(self, contents: Mapping[bytes, bytes]) -> None:
        """Keep these entries, and delete old ones."""
        if not self._is_usable or not (contents or self._used):
            return
        with self._errors_ignored():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as database:
                database.execute("BEGIN IMMEDIATE")
                week = _this_week()
                rows = ((key, digest(key + content) + content, week) for key, content in contents.items())
                database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
                used = ((week, key) for key in self._used)
                database.executemany("UPDATE entries SET week = ? WHERE key = ?", used)
                if self._used:  # the first run of a week looks at every entry
                    self._delete_unused(database)
                self._limit_size(database)
                database.execute("COMMIT")
        self._used.clear()

    def _delete_unused(self, database: sqlite3.Connection) -> None:
        """Delete entries that were not used for a month."""
        oldest = _this_week() - MAX_AGE_SECONDS // WEEK_SECONDS
        database.execute("DELETE FROM entries WHERE week < ?", (oldest,))

    def _limit_size(self, database: sqlite3.Connection) -> None:
        """Delete the half of the entries that was not used longest, where all are beyond the limit."""
        [(pages,)], [(size,)] = database.execute("PRAGMA page_count"), database.execute("PRAGMA page_size")
        [(free,)] = database.execute("PRAGMA freelist_count")
        if (pages - free) * size > MAX_BYTES:
            database.execute(
                "DELETE FROM entries WHERE key IN (SELECT key FROM entries ORDER BY week"
                " LIMIT (SELECT count(*) / 2 FROM entries))"
            )

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=LOCK_SECONDS, isolation_level=None)
        try:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = OFF")  # after a power failure, checksums tell what is damaged
            database.execute("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, content BLOB, week INTEGER)")
            yield database
        finally:
            database.close()

    @contextlib.contextmanager
    def _errors_ignored(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, TypeError, ValueError) as error:
            self._is_usable = False  # nor is it tried again, which would wait again
            self._explain(f"{self.path} is not used: {error}")
            if not isinstance(error, OSError) and getattr(error, "sqlite_errorcode", 0) & 0xFF not in OUTER_ERRORS:
                self._delete()

    def _delete(self) -> None:
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self.path.with_name(self.path.name + ending).unlink()


def open_database(kind: str, explain: Callable[[str], None] = lambda reason: None) -> CacheDatabase | None:
    """The database for entries of one kind, or None if the user has no cache folder."""
    folder = files.cache_dir()
    return None if folder is None else CacheDatabase(folder / f"{kind}.db", explain)


def _batches(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[start : start + MAX_VARIABLES] for start in range(0, len(keys), MAX_VARIABLES))


def _this_week() -> int:
    return int(time.time()) // WEEK_SECONDS
