"""The cache answers only if nothing has changed, and a damaged cache never changes a result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from okrctl.cache import CacheStore
from okrctl.check.incremental import scan, workers
from tests.benchmarks import corpus
from tests.running import run, write

ROOT = Path(__file__).parents[2]
LONG_AGO = 1_700_000_000_000_000_000


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with findings and with files that are not new."""
    corpus.write(tmp_path, 10, problems=True)
    write(tmp_path, {"data/visits.csv": "date,value\n2026-01-04,3\nnot a day,4\n"})
    write(
        tmp_path, {"kpis/own.yaml": "kpis:\n  - {id: own, title: Own, better: higher, readings: ../data/visits.csv}\n"}
    )
    return tmp_path


@pytest.fixture
def entries(own_surroundings: Path) -> Path:
    """The folder with the cache entries of `check`."""
    return own_surroundings / "okrctl" / "check"


def check(workspace: Path, *words: str) -> tuple[int, str]:
    found = run("check", *words, cwd=workspace, today=corpus.TODAY)
    return found.status, found.out


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A list that gets one element each time the whole workspace is read."""
    from okrctl.workspace import disk

    read, real = [], disk.load_folder

    def from_disk(*given: object, **named: object) -> object:
        read.append(given)
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(disk, "load_folder", from_disk)
    return read


@pytest.mark.parametrize("words", [[], ["--format", "json"], ["--format", "junit"], ["--format", "sarif"]])
def test_second_run_gives_the_same_bytes_without_reading(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    treat_files_as_old(monkeypatch)
    fresh = check(workspace, *words, "--no-cache")
    assert fresh[0] == 1
    read = count_reads(monkeypatch)
    assert check(workspace, *words) == fresh
    assert len(read) == 1
    assert check(workspace, *words) == fresh
    assert len(read) == 1


def treat_files_as_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat files that were written just now as old ones."""
    monkeypatch.setattr("okrctl.files.record.RACY_NANOSECONDS", -(10**12))


@pytest.mark.parametrize("racy", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root, {"okrs/more.yaml": "objectives: []\n"}),
        lambda root: (root / "kpis/own.yaml").unlink(),
        lambda root: (root / "data/visits.csv").write_text("date,value\n2026-01-04,3\nnot a day,5\n"),
        lambda root: (root / "data/visits.csv").unlink(),
        lambda root: write(root, {"okrctl.yaml": "rules: {unknown-key: ignore}\n"}),
        lambda root: (root / "okrctl.yaml").unlink(),
        lambda root: (root / "kpis/own.yaml").chmod(0),
        lambda root: write(root, {"kpis/own.yaml": (root / "kpis/own.yaml").read_text().replace("higher", "uphill")}),
        lambda root: write(root, {"scorecards/2025-Q1.json": "{}"}),
    ],
)
def test_every_change_is_detected(workspace: Path, monkeypatch: pytest.MonkeyPatch, change: object, racy: bool) -> None:
    if not racy:
        treat_files_as_old(monkeypatch)
    check(workspace)
    assert callable(change)
    change(workspace)
    assert check(workspace) == check(workspace, "--no-cache")


def test_same_size_and_time_are_detected_in_a_racy_file(workspace: Path) -> None:
    (workspace / "data/visits.csv").unlink()
    file = workspace / "kpis/own.yaml"
    file.write_text("kpis:\n  - {id: own, title: Own, better: higher}\n")
    before = file.stat()
    check(workspace)
    with file.open("r+b") as stream:
        stream.write(file.read_bytes().replace(b"title", b"titel"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    status, out = check(workspace, "--select", "unknown-key", "kpis/own.yaml")
    assert (status, "titel" in out) == (1, True)


def test_day_and_rules_are_part_of_the_key(workspace: Path) -> None:
    write(workspace, {"kpis/own.yaml": "kpis:\n  - {id: own, title: A, better: higher, readings: {2026-11-25: 1}}\n"})
    for day in ("2026-11-22", "2026-11-24"):
        found = run("check", "kpis/own.yaml", "--format", "concise", cwd=workspace, today=day)
        assert ("OKR501" in found.out) == (day == "2026-11-22")
    assert "OKR316" not in check(workspace, "--select", "OKR316")[1]
    assert check(workspace, "--select", "no-leading-kpi") == check(
        workspace, "--select", "no-leading-kpi", "--no-cache"
    )


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 500, None])
def test_damaged_entries_are_ignored(
    workspace: Path, entries: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    treat_files_as_old(monkeypatch)
    fresh = check(workspace, "--no-cache")
    check(workspace)
    for entry in entries.iterdir():
        entry.write_bytes(entry.read_bytes()[: entry.stat().st_size // 2] if content is None else content)
    assert check(workspace) == fresh
    assert check(workspace) == fresh


def test_entries_of_the_wrong_shape_are_ignored(
    workspace: Path, entries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    treat_files_as_old(monkeypatch)
    fresh = check(workspace, "--no-cache")
    check(workspace)
    for value in ([], {}, {"settings": 3}, {"settings": {}, "patterns": [[], []], "files": {}}):
        for entry in entries.iterdir():
            CacheStore(entries).save(entry.name, json.dumps(value).encode())
        assert check(workspace) == fresh


def test_unwritable_cache_is_ignored(workspace: Path, own_surroundings: Path) -> None:
    fresh = check(workspace, "--no-cache")
    (own_surroundings / "okrctl").write_text("a file where the folder should be")
    assert check(workspace) == fresh
    assert check(workspace) == fresh


def test_no_cache_writes_nothing(workspace: Path, entries: Path) -> None:
    check(workspace, "--no-cache")
    assert not entries.exists()


def test_parallel_runs_give_the_same_result(workspace: Path, own_surroundings: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(own_surroundings), "OKRCTL_TODAY": str(corpus.TODAY)}
    command = [sys.executable, "-m", "okrctl", "-C", str(workspace), "check", "--format", "json"]
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    out = [process.communicate(timeout=60)[0] for process in both]
    assert out[0] == out[1] == check(workspace, "--format", "json", "--no-cache")[1]


def test_old_entries_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = CacheStore(tmp_path)
    for name in ("old", "used"):
        store.save(name, name.encode())
    os.utime(tmp_path / "old", ns=(LONG_AGO, LONG_AGO))
    store.save("new", b"1")
    assert (store.load("old"), store.load("used"), store.load("new")) == (None, b"used", b"1")
    monkeypatch.setattr("okrctl.cache.store.MAX_BYTES", 100)
    store.save("newest", b"x" * 1000)
    assert [path.name for path in tmp_path.iterdir()] == ["newest"]


def test_entry_is_read_from_a_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CacheStore(tmp_path).save("kept", b"1")

    def deny(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", deny)
    assert CacheStore(tmp_path).load("kept") == b"1"


@pytest.mark.parametrize("damage", [None, b"", b"garbage"])
def test_unchanged_files_are_not_read_again(
    workspace: Path, own_surroundings: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    treat_files_as_old(monkeypatch)
    monkeypatch.setattr(workers, "MIN_PARALLEL", 5)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    read, real = [], scan.IncrementalCheck._read_changed

    def count(sweep: scan.IncrementalCheck) -> object:
        read.append(len(sweep.changed))
        return real(sweep)

    monkeypatch.setattr(scan.IncrementalCheck, "_read_changed", count)
    (workspace / "kpis/own.yaml").unlink()
    check(workspace)
    for entry in (own_surroundings / "okrctl/files").iterdir() if damage is not None else ():
        entry.write_bytes(damage or b"")
    write(workspace, {"kpis/own.yaml": "kpis:\n  - {id: gauge-00000-1, title: Own, better: higher}\n"})
    again = check(workspace)
    assert read == [10, 1 if damage is None else 11]
    assert again == check(workspace, "--no-cache")
    assert "duplicate-id" in again[1]


def cut(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:1000])


def corrupt(entry: Path) -> None:
    entry.write_bytes(b"0" * 64 + b"\n" + entry.read_bytes()[65:][::-1])


@pytest.mark.parametrize("damage", [Path.unlink, cut, corrupt])
@pytest.mark.parametrize("part", ["whole", "largest", "others"])
def test_partly_damaged_cache_gives_the_same_result(
    workspace: Path, own_surroundings: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None], part: str
) -> None:
    monkeypatch.setattr(workers, "MIN_PARALLEL", 5)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    check(workspace)
    entries = sorted((own_surroundings / "okrctl/files").iterdir(), key=lambda path: -path.stat().st_size)
    assert len(entries) > 5
    for entry in {"whole": entries, "largest": entries[:1], "others": entries[1:]}[part]:
        damage(entry)
    write(workspace, {"kpis/own.yaml": "kpis:\n  - {id: gauge-00000-1, title: Own, better: higher}\n"})
    again = check(workspace)
    assert again == check(workspace, "--no-cache")
    assert "duplicate-id" in again[1]
