"""A database of the cache gives back what was saved, or nothing, whatever happens to its file."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.cache import database
from okrctl.cache.database import CacheDatabase
from okrctl.cache.store import digest

KEPT = {bytes([number]) * 32: bytes([number]) * 3000 for number in range(1, 40)}
NEW = {b"n" * 32: b"new"}
needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with some entries."""
    path = tmp_path / "cache" / "files.db"
    CacheDatabase(path).save(KEPT)
    return path


def test_entries_come_back(path: Path) -> None:
    assert CacheDatabase(path).load([*KEPT, *NEW]) == KEPT
    CacheDatabase(path).save(NEW)
    assert CacheDatabase(path).load([*KEPT, *NEW]) == KEPT | NEW
    CacheDatabase(path).save({b"n" * 32: b"newer"})
    assert CacheDatabase(path).load(NEW) == {b"n" * 32: b"newer"}


def test_more_keys_than_one_query_takes(path: Path) -> None:
    many = {digest(str(number).encode()): b"content" for number in range(3 * database.MAX_VARIABLES + 1)}
    CacheDatabase(path).save(many)
    assert CacheDatabase(path).load(many) == many


def test_without_a_file_there_is_nothing_and_none_is_made(tmp_path: Path) -> None:
    assert CacheDatabase(tmp_path / "files.db").load(KEPT) == {}
    CacheDatabase(tmp_path / "files.db").save({})
    assert list(tmp_path.iterdir()) == []


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "garbage": lambda content: b"garbage" * 1000,
    "truncated": lambda content: content[: len(content) // 2],
    "no header": lambda content: b"\0" * 100 + content[100:],
    "no schema": lambda content: content[:100] + b"\xff" * 3996 + content[4096:],
    "zeros at the end": lambda content: content[: len(content) // 2] + bytes(len(content) // 2),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_nothing_and_is_replaced(path: Path, damage: str) -> None:
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert CacheDatabase(path).load(KEPT).items() <= KEPT.items()
    for _ in range(2):  # a write may be what finds the damage
        CacheDatabase(path).save(KEPT)
    assert CacheDatabase(path).load(KEPT) == KEPT


@given(data=st.data())
def test_no_damage_gives_other_content(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("cache") / "files.db"
    CacheDatabase(path).save(KEPT)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        noise = data.draw(st.binary(min_size=1, max_size=400))
        content[place : place + len(noise)] = noise
    path.write_bytes(content)
    assert CacheDatabase(path).load(KEPT).items() <= KEPT.items()
    CacheDatabase(path).save(NEW)
    assert CacheDatabase(path).load([*KEPT, *NEW]).items() <= (KEPT | NEW).items()


FORGERIES = [
    "UPDATE entries SET content = (SELECT content FROM entries ORDER BY key LIMIT 1)",
    "UPDATE entries SET content = NULL",
    "UPDATE entries SET content = 'text'",
    "UPDATE entries SET content = 3",
    "UPDATE entries SET week = 'soon'",
    "DROP TABLE entries; CREATE TABLE entries (name TEXT)",
    "DROP TABLE entries; CREATE VIEW entries AS SELECT x'00' AS key, x'00' AS content, 0 AS week",
    "CREATE TRIGGER t AFTER INSERT ON entries BEGIN SELECT load_extension('/tmp/evil.so'); END",
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_other_tables_are_nothing_and_are_replaced(path: Path, forgery: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(forgery)
    assert CacheDatabase(path).load(KEPT).items() <= KEPT.items()
    for _ in range(2):
        CacheDatabase(path).save(KEPT | NEW)
    assert CacheDatabase(path).load([*KEPT, *NEW]) == KEPT | NEW


@pytest.fixture
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another process, which writes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_who_meets_a_writer_reads_and_does_not_write(
    path: Path, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0)
    reasons: list[str] = []
    assert CacheDatabase(path, reasons.append).load(KEPT) == KEPT
    assert not reasons
    kept = CacheDatabase(path, reasons.append)
    for _ in range(2):
        kept.save(NEW)
    assert [reason.rpartition(": ")[2] for reason in reasons] == ["database is locked"]
    locked.execute("COMMIT")
    assert CacheDatabase(path).load([*KEPT, *NEW]) == KEPT


def test_a_file_that_another_process_keeps_for_itself_is_left_alone(
    path: Path, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0)
    locked.execute("COMMIT")
    locked.execute("PRAGMA locking_mode = EXCLUSIVE")
    locked.execute("UPDATE entries SET week = week")
    assert CacheDatabase(path).load(KEPT) == {}
    CacheDatabase(path).save(NEW)
    locked.close()
    assert CacheDatabase(path).load([*KEPT, *NEW]) == KEPT


@pytest.mark.parametrize("place", ["folder", "file in the way"])
def test_what_cannot_be_written_is_left_alone(tmp_path: Path, place: str) -> None:
    path = tmp_path / "way" / "files.db"
    if place == "folder":
        path.mkdir(parents=True)
    else:
        path.parent.write_text("a file")
    reasons: list[str] = []
    kept = CacheDatabase(path, reasons.append)
    kept.save(KEPT)
    assert reasons
    assert kept.load(KEPT) == {}
    assert path.is_dir() == (place == "folder")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who may not write everywhere")
def test_a_folder_that_cannot_be_written_is_left_alone(path: Path) -> None:
    path.parent.chmod(0o500)
    CacheDatabase(path).save(NEW)
    assert CacheDatabase(path).load([*KEPT, *NEW]).items() <= KEPT.items()
    path.parent.chmod(0o700)


def in_child(work: Callable[[], object]) -> int:
    """The status with which a process ends that does this."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@needs_fork
@pytest.mark.parametrize("at", [0, 1, 20, 39])
def test_a_killed_writer_takes_nothing_with_it(path: Path, at: int) -> None:
    def die() -> None:
        entries = iter(range(100))

        def count(content: bytes) -> bytes:
            if next(entries) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return digest(content)

        database.digest = count  # type: ignore[assignment]
        CacheDatabase(path).save({key[::-1] + b"2": content for key, content in KEPT.items()})

    assert in_child(die) == (-signal.SIGKILL if at < len(KEPT) else 0)
    assert CacheDatabase(path).load(KEPT) == KEPT
    CacheDatabase(path).save(NEW)
    assert CacheDatabase(path).load(NEW) == NEW


@needs_fork
def test_a_full_disk_is_no_error(path: Path) -> None:
    def write() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        CacheDatabase(path).save({key + b"2": content for key, content in KEPT.items()})

    assert in_child(write) == 0
    assert CacheDatabase(path).load(KEPT).items() <= KEPT.items()
    CacheDatabase(path).save(KEPT)
    assert CacheDatabase(path).load(KEPT) == KEPT


def test_what_was_not_used_for_long_is_deleted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used, unused = [*KEPT][:3], [*KEPT][3:]
    week = database._this_week()
    monkeypatch.setattr(database, "_this_week", lambda: week + 3)
    again = CacheDatabase(path)
    again.load(used)
    again.save({})
    monkeypatch.setattr(database, "_this_week", lambda: week + 6)
    again.load(used)
    again.save(NEW)
    assert CacheDatabase(path).load(unused) == {}
    assert CacheDatabase(path).load([*used, *NEW]).keys() == {*used, *NEW}


def test_a_database_has_a_largest_size(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_BYTES", 50_000)
    week = database._this_week()
    monkeypatch.setattr(database, "_this_week", lambda: week + 1)
    for number in range(5):
        CacheDatabase(path).save({bytes([100 + number]) * 32: b"x" * 3000})
    assert path.stat().st_size < 200_000
    assert len(CacheDatabase(path).load(KEPT)) < len(KEPT)
    assert CacheDatabase(path).load([bytes([104]) * 32])


def test_a_folder_that_cannot_be_searched_is_no_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    reasons: list[str] = []
    assert CacheDatabase(path, reasons.append).load(KEPT) == {}
    assert len(reasons) == 1
