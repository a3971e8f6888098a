"""Whatever happens to the index of the workspace, commands say the same as without it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from okrctl.cache import database
from okrctl.files.lock import Lock
from tests.benchmarks import corpus
from tests.repositories import Repo
from tests.running import Result, run, write

COMMANDS = ["status", "score 2025-Q1", "kpi", "tree", "export", "show team-00001/steady-0.kr-0"]
FILE = "okrs/2025-Q1/team-00001.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that the index knows."""
    root = corpus.write(tmp_path, 12)
    ask(root, "tree")
    return root


@pytest.fixture
def index(own_surroundings: Path) -> Path:
    """The file of the index."""
    return own_surroundings / "okrctl/files.db"


def ask(root: Path, command: str, *more: str) -> Result:
    return run(*command.split(), *more, cwd=root, today=corpus.TODAY)


def edit(root: Path) -> None:
    text = (root / FILE).read_text("utf-8")
    write(root, {FILE: text + "# edited\n"})


def lock(path: Path, stack: ExitStack) -> None:
    connection = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("UPDATE entries SET week = week")


def make_folder(path: Path, stack: ExitStack) -> None:
    path.unlink()
    path.mkdir()


STATES: dict[str, Callable[[Path, ExitStack], object]] = {
    "as it was": lambda path, stack: None,
    "deleted": lambda path, stack: path.unlink(),
    "empty": lambda path, stack: path.write_bytes(b""),
    "truncated": lambda path, stack: path.write_bytes(path.read_bytes()[:5000]),
    "noise": lambda path, stack: path.write_bytes(os.urandom(9000)),
    "noise inside": lambda path, stack: path.write_bytes(path.read_bytes()[:6000] + os.urandom(9000)),
    "locked": lock,
    "a folder": make_folder,
}
EXPLAINED = {"truncated", "noise", "noise inside", "locked", "a folder"}


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, root: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What happened to the index."""
    monkeypatch.setattr(database, "LOCK_SECONDS", 0)
    with ExitStack() as stack:
        STATES[request.param](index, stack)
        yield request.param


@pytest.mark.parametrize("command", COMMANDS)
def test_an_answer_is_the_same(root: Path, state: str, command: str) -> None:
    edit(root)
    assert ask(root, command) == ask(root, command, "--no-cache")
    edit(root)
    assert ask(root, command) == ask(root, command, "--no-cache")


def test_the_reason_is_told_once_and_only_on_request(root: Path, state: str, index: Path) -> None:
    edit(root)
    told = [line for line in ask(root, "tree", "-v").err.splitlines() if str(index) in line]
    assert len(told) == (state in EXPLAINED)


def test_a_run_without_the_cache_leaves_no_index(tmp_path: Path, index: Path) -> None:
    root = corpus.write(tmp_path, 3)
    ask(root, "tree", "--no-cache")
    assert not index.exists()


def start(root: Path, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"OKRCTL_TODAY": str(corpus.TODAY)}
    return subprocess.Popen(
        [sys.executable, "-m", "okrctl", "-C", str(root), *words],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_processes_at_the_same_time_say_the_same(root: Path, index: Path) -> None:
    index.unlink()
    expected = ask(root, "tree", "--no-cache")
    running = [start(root, "tree") for _ in range(4)]
    for process in running:
        out, err = process.communicate()
        assert (process.returncode, out, err) == (expected.status, expected.out, expected.err)


def require_old_or_new(root: Path, value: str) -> None:
    """Start a writer between two readers; each of them sees the old scorecard or the new one."""
    before = ask(root, "score 2025-Q1", "--no-cache").out
    words = ("checkin", "2025-Q1/team-00001/steady-0.kr-0", value, "--date", "2025-03-03", "--confirm-value", "--force")
    running = [start(root, "score", "2025-Q1"), start(root, *words), start(root, "score", "2025-Q1")]
    outputs = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], outputs
    after = ask(root, "score 2025-Q1").out
    assert before != after == ask(root, "score 2025-Q1", "--no-cache").out
    assert {outputs[0][0], outputs[2][0]} <= {before, after}


def test_who_reads_beside_a_writer_sees_the_old_or_the_new(root: Path) -> None:
    require_old_or_new(root, "77")


@pytest.mark.slow
def test_a_hundred_writers_beside_readers(root: Path) -> None:
    for number in range(100):
        require_old_or_new(root, str(50 + number % 2 * 20))


def test_a_reader_waits_for_no_writer(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Repo(root).commit("Goals")
    edit(root)
    expected = ask(root, "score 2025-Q1", "--no-cache")
    writer = Lock(root)
    writer.acquire()
    assert writer.descriptor is not None
    monkeypatch.setattr(Lock, "acquire", None)
    assert ask(root, "score 2025-Q1") == expected
    writer.release()
