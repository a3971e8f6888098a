"""Whatever happens while files are written, each is as before or as planned: races, kills, full disks, locks."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from okrctl import files
from okrctl.files import lock
from okrctl.operations import transaction
from okrctl.operations.project import Project
from okrctl.values.errors import OkrctlError
from okrctl.yaml_edit import FileChange, build_plan
from tests.cli.commands.trust import KPIS, TODAY, TRUST, workspace
from tests.repositories import isolate
from tests.running import run, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
WORDS = ("checkin", "signups=91", "profiles=80")


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path)


@pytest.fixture
def meant(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the files hold once the check-in has gone well."""
    other = workspace(tmp_path_factory.mktemp("meant"))
    assert run(*WORDS, cwd=other, today=TODAY).status == 0
    return contents(other)


def contents(root: Path) -> dict[str, bytes]:
    return {path: (root / path).read_bytes() for path in ("okrs/trust.yaml", "kpis/company.yaml")}


OLD = {"okrs/trust.yaml": TRUST.encode(), "kpis/company.yaml": KPIS.encode()}


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.name.endswith(".tmp")]


def in_child(work: Callable[[], int]) -> int:
    """Runs work in a process of its own; its exit status, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        status = 99
        with contextlib.suppress(BaseException):
            status = work()
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# --- killed


def killing(name: str, call: int, after: bool) -> Callable[[], int]:
    """A check-in whose process is killed at the call number `call` of `os.NAME`, before it or right after it."""

    def work() -> int:
        real: Any = getattr(os, name)
        calls = iter(range(1, 1000))

        def deadly(*args: Any, **more: Any) -> Any:
            last = next(calls) == call
            if last and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*args, **more)
            if last:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(os, name, deadly)
        return run(*WORDS, cwd=Path.cwd(), today=TODAY).status

    return work


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("name", ["replace", "fsync"])
def test_a_killed_process_leaves_whole_files(
    root: Path, meant: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, name: str, call: int, after: bool
) -> None:
    monkeypatch.chdir(root)
    assert in_child(killing(name, call, after)) == -signal.SIGKILL
    found = contents(root)
    assert all(found[path] in (OLD[path], meant[path]) for path in found)
    again = run(*WORDS, "--force", cwd=root, today=TODAY)
    assert again.status == 0 and contents(root) == meant, again.err
    assert leftovers(root) == []
    assert run("check", cwd=root, today=TODAY).status in (0, 1)


# --- a full disk, a read-only file


def on_a_full_disk(room: int) -> Callable[[], int]:
    def work() -> int:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        return run(*WORDS, cwd=Path.cwd(), today=TODAY).status

    return work


@pytest.mark.parametrize("room", [0, 100, len(KPIS) + 20])
def test_a_full_disk_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """With room for the first file alone, that one is put back."""
    monkeypatch.chdir(root)
    assert in_child(on_a_full_disk(room)) == 2
    assert contents(root) == OLD and leftovers(root) == []


@pytest.mark.parametrize("path", OLD)
def test_with_a_read_only_file_nothing_is_written(root: Path, path: str) -> None:
    (root / path).chmod(0o444)
    result = run(*WORDS, cwd=root, today=TODAY)
    assert result.status == 2 and f"{path} is read-only" in result.err and result.out == ""
    assert contents(root) == OLD and leftovers(root) == []


def test_permissions_stay(root: Path) -> None:
    (root / "okrs/trust.yaml").chmod(0o640)
    assert run(*WORDS, cwd=root, today=TODAY).status == 0
    assert (root / "okrs/trust.yaml").stat().st_mode & 0o777 == 0o640


# --- two at once


def at_once(ready: int, go: int, words: str) -> Callable[[], int]:
    """A check-in that stops before it takes the lock, says so, and waits for the word."""

    def work() -> int:
        real = lock.Lock.acquire

        def held(self: lock.Lock, wait_seconds: float | None = None) -> None:
            os.write(ready, b".")
            os.read(go, 1)
            real(self, wait_seconds)

        lock.Lock.acquire = held  # type: ignore[method-assign]
        return run("checkin", words, cwd=Path.cwd(), today=TODAY).status

    return work


def test_of_two_simultaneous_checkins_each_is_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr(lock, "WAIT_SECONDS", 60.0)
    said, lines = ("profiles=80", "tracking-codes=5200"), ("2026-05-04: 80%", "2026-05-04: 5200")
    ready, go = os.pipe(), os.pipe()
    children = []
    for words in said:
        child = os.fork()
        if child == 0:
            status = 99
            with contextlib.suppress(BaseException):
                status = at_once(ready[1], go[0], words)()
            os._exit(status)
        children.append(child)
    assert os.read(ready[0], 1) + os.read(ready[0], 1) == b".."
    os.write(go[1], b"..")
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    text = (root / "okrs/trust.yaml").read_text()
    assert all(line in text for line in lines)


def test_a_file_that_changed_meanwhile_is_left_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = transaction.write_changes

    def later(project: Project, changes: Any) -> None:
        (root / "okrs/trust.yaml").write_text(TRUST + "# somebody else\n")
        real(project, changes)

    monkeypatch.setattr(transaction, "write_changes", later)
    result = run(*WORDS, cwd=root, today=TODAY)
    assert result.status == 2 and "changed in the meantime" in result.err
    assert contents(root) == OLD | {"okrs/trust.yaml": (TRUST + "# somebody else\n").encode()}


def test_written_files_are_restored_when_a_later_file_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, written = files.write_atomically, []

    def failing(path: Path, data: bytes, expected: bytes | None) -> None:
        if path.name == "trust.yaml":
            raise OkrctlError("no room", "make some")
        written.append(path.name if path.suffix != ".journal" else "the journal")
        real(path, data, expected)

    monkeypatch.setattr(files, "write_atomically", failing)
    new = write(root, {})
    changes = (
        FileChange("a.txt", None, "new"),
        FileChange("kpis/company.yaml", KPIS, "x"),
        FileChange("okrs/trust.yaml", TRUST, "y"),
    )
    with pytest.raises(OkrctlError, match="no room"):
        transaction.write_changes(Project(new), changes)
    assert written == ["the journal", "a.txt", "company.yaml", "company.yaml"]
    assert contents(root) == OLD and not (root / "a.txt").exists()


# --- plans


def test_a_new_file_never_overwrites(root: Path) -> None:
    with pytest.raises(OkrctlError, match="already exists"):
        transaction.write_changes(Project(root), (FileChange("okrs/trust.yaml", None, "x"),))


def test_a_plan_leaves_out_what_stays_and_shows_the_end_of_a_file() -> None:
    made = build_plan({"a": "1\n2", "b": "x"}, {"a": "1\n3", "b": "x", "c": "new\n"}, (), "message")
    assert [change.path for change in made.changes] == ["a", "c"]
    assert made.diff() == (
        "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+3\n\\ No newline at end of file\n"
        "--- /dev/null\n+++ b/c\n@@ -0,0 +1 @@\n+new\n"
    )
