"""The cache: it answers only where nothing has changed, and whatever happens to it changes no answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from okrctl import cache
from okrctl.cache import CacheStore
from okrctl.check.incremental import scan, workers
from tests.benchmarks import corpus
from tests.running import run, write

ROOT = Path(__file__).parents[2]
LONG_AGO = 1_700_000_000_000_000_000


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with findings, whose files have not changed for long."""
    corpus.write(tmp_path, 10, problems=True)
    write(tmp_path, {"data/visits.csv": "date,value\n2026-01-04,3\nnot a day,4\n"})
    write(
        tmp_path, {"kpis/own.yaml": "kpis:\n  - {id: own, title: Own, better: higher, readings: ../data/visits.csv}\n"}
    )
    return tmp_path


@pytest.fixture
def entries(own_surroundings: Path) -> Path:
    """The folder that the entries of `check` lie in."""
    return own_surroundings / "okrctl" / "check"


def checked(workspace: Path, *words: str) -> tuple[int, str]:
    found = run("check", *words, cwd=workspace, today=corpus.TODAY)
    return found.status, found.out


def read_again(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Fills up with each reading of the whole workspace from now on."""
    from okrctl.workspace import disk

    read, real = [], disk.load_folder

    def from_disk(*given: object) -> object:
        read.append(given)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(disk, "load_folder", from_disk)
    return read


@pytest.mark.parametrize("words", [[], ["--format", "json"], ["--format", "junit"], ["--format", "sarif"]])
def test_the_second_answer_is_the_first_byte_for_byte_and_reads_nothing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    settle(monkeypatch)
    fresh = checked(workspace, *words, "--no-cache")
    assert fresh[0] == 1
    read = read_again(monkeypatch)
    assert checked(workspace, *words) == fresh
    assert len(read) == 1
    assert checked(workspace, *words) == fresh
    assert len(read) == 1


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets files that were written just now pass for old ones."""
    monkeypatch.setattr(cache, "RACY_NANOSECONDS", -(10**12))


@pytest.mark.parametrize("doubtful", [False, True])
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
def test_every_change_is_seen(workspace: Path, monkeypatch: pytest.MonkeyPatch, change: object, doubtful: bool) -> None:
    if not doubtful:
        settle(monkeypatch)
    checked(workspace)
    assert callable(change)
    change(workspace)
    assert checked(workspace) == checked(workspace, "--no-cache")


def test_a_change_of_the_same_size_under_the_same_time_is_seen_where_the_file_is_new(workspace: Path) -> None:
    (workspace / "data/visits.csv").unlink()
    file = workspace / "kpis/own.yaml"
    file.write_text("kpis:\n  - {id: own, title: Own, better: higher}\n")
    before = file.stat()
    checked(workspace)
    with file.open("r+b") as stream:
        stream.write(file.read_bytes().replace(b"title", b"titel"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    status, out = checked(workspace, "--select", "unknown-key", "kpis/own.yaml")
    assert (status, "titel" in out) == (1, True)


def test_another_day_and_other_rules_are_other_questions(workspace: Path) -> None:
    write(workspace, {"kpis/own.yaml": "kpis:\n  - {id: own, title: A, better: higher, readings: {2026-11-25: 1}}\n"})
    for day in ("2026-11-22", "2026-11-24"):
        found = run("check", "kpis/own.yaml", "--format", "concise", cwd=workspace, today=day)
        assert ("OKR501" in found.out) == (day == "2026-11-22")
    assert "OKR316" not in checked(workspace, "--select", "OKR316")[1]
    assert checked(workspace, "--select", "no-leading-kpi") == checked(
        workspace, "--select", "no-leading-kpi", "--no-cache"
    )


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 500, None])
def test_a_damaged_cache_is_no_cache(
    workspace: Path, entries: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    settle(monkeypatch)
    fresh = checked(workspace, "--no-cache")
    checked(workspace)
    for entry in entries.iterdir():
        entry.write_bytes(entry.read_bytes()[: entry.stat().st_size // 2] if content is None else content)
    assert checked(workspace) == fresh
    assert checked(workspace) == fresh


def test_an_entry_of_the_wrong_shape_is_no_answer(
    workspace: Path, entries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    fresh = checked(workspace, "--no-cache")
    checked(workspace)
    for value in ([], {}, {"settings": 3}, {"settings": {}, "patterns": [[], []], "files": {}}):
        for entry in entries.iterdir():
            CacheStore(entries).save(entry.name, json.dumps(value).encode())
        assert checked(workspace) == fresh


def test_a_cache_that_cannot_be_written_is_no_cache(workspace: Path, own_surroundings: Path) -> None:
    fresh = checked(workspace, "--no-cache")
    (own_surroundings / "okrctl").write_text("a file where the folder should be")
    assert checked(workspace) == fresh
    assert checked(workspace) == fresh


def test_without_a_cache_nothing_is_kept(workspace: Path, entries: Path) -> None:
    checked(workspace, "--no-cache")
    assert not entries.exists()


def test_two_runs_at_once_answer_alike(workspace: Path, own_surroundings: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(own_surroundings), "OKRCTL_TODAY": str(corpus.TODAY)}
    command = [sys.executable, "-m", "okrctl", "-C", str(workspace), "check", "--format", "json"]
    both = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    out = [one.communicate(timeout=60)[0] for one in both]
    assert out[0] == out[1] == checked(workspace, "--format", "json", "--no-cache")[1]


def test_old_entries_are_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = CacheStore(tmp_path)
    for name in ("old", "used"):
        store.save(name, name.encode())
    os.utime(tmp_path / "old", ns=(LONG_AGO, LONG_AGO))
    store.save("new", b"1")
    assert (store.load("old"), store.load("used"), store.load("new")) == (None, b"used", b"1")
    monkeypatch.setattr(cache, "MAX_BYTES", 100)
    store.save("newest", b"x" * 1000)
    assert [one.name for one in tmp_path.iterdir()] == ["newest"]


def test_an_entry_is_read_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CacheStore(tmp_path).save("kept", b"1")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    assert CacheStore(tmp_path).load("kept") == b"1"


@pytest.mark.parametrize("damage", [None, b"", b"garbage"])
def test_files_that_have_not_changed_are_not_read_again(
    workspace: Path, own_surroundings: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    settle(monkeypatch)
    monkeypatch.setattr(workers, "MIN_PARALLEL", 5)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    read, real = [], scan.IncrementalCheck._read_changed

    def counted(sweep: scan.IncrementalCheck) -> object:
        read.append(len(sweep.changed))
        return real(sweep)

    monkeypatch.setattr(scan.IncrementalCheck, "_read_changed", counted)
    (workspace / "kpis/own.yaml").unlink()
    checked(workspace)
    for entry in (own_surroundings / "okrctl/files").iterdir() if damage is not None else ():
        entry.write_bytes(damage or b"")
    write(workspace, {"kpis/own.yaml": "kpis:\n  - {id: gauge-00000-1, title: Own, better: higher}\n"})
    again = checked(workspace)
    assert read == [10, 1 if damage is None else 11]
    assert again == checked(workspace, "--no-cache")
    assert "duplicate-id" in again[1]


def cut(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:1000])


def spoil(entry: Path) -> None:
    entry.write_bytes(b"0" * 64 + b"\n" + entry.read_bytes()[65:][::-1])


@pytest.mark.parametrize("damage", [Path.unlink, cut, spoil])
@pytest.mark.parametrize("part", ["whole", "largest", "others"])
def test_what_is_left_of_a_large_check_answers_alike(
    workspace: Path, own_surroundings: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None], part: str
) -> None:
    monkeypatch.setattr(workers, "MIN_PARALLEL", 5)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    checked(workspace)
    entries = sorted((own_surroundings / "okrctl/files").iterdir(), key=lambda one: -one.stat().st_size)
    assert len(entries) > 5
    for entry in {"whole": entries, "largest": entries[:1], "others": entries[1:]}[part]:
        damage(entry)
    write(workspace, {"kpis/own.yaml": "kpis:\n  - {id: gauge-00000-1, title: Own, better: higher}\n"})
    again = checked(workspace)
    assert again == checked(workspace, "--no-cache")
    assert "duplicate-id" in again[1]
