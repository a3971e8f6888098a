"""A process that is killed at any write, rename or removal leaves every file old or new, and the next run tidies up."""

from __future__ import annotations

import builtins
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from okrctl import files
from tests.repositories import Repo, isolate
from tests.running import TODAY, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")

OKRS = """\
period: 2025-Q2
team: trust
objectives:
  - id: chain
    title: Users trace their products
    owner: lea
    key_results:
      - id: codes
        title: Codes requested
        from: 0
        to: 25000
        readings:
          2025-04-14: 1200
      - {id: kept, title: Kept as CSV, from: 0, to: 10, readings: kept.csv}
      - {id: fetched, title: Fetched, from: 0, to: 10, source: {csv: data/f.csv}}
      - id: page
        title: The page is online
        done: 2025-04-20 # okrctl: ignore[title-disagrees]
"""
PAST = """\
period: 2025-Q1
team: trust
objectives:
  - id: origin
    title: Users see where things are from
    owner: lea
    key_results: [{id: page, title: The page is there, done: 2025-02-03}, {id: more, title: More, from: 0, to: 3}]
"""
WORKSPACE = {
    "okrctl.yaml": "organisation: Acme\nteams: {trust: {}}\npeople: {lea: {}}\n",
    "okrs/2025-Q2/trust.yaml": OKRS,
    "okrs/2025-Q2/kept.csv": "date,value\n2025-04-14,3\n",
    "okrs/2025-Q2/data/f.csv": "date,value\n2025-04-14,3\n2025-05-14,4\n",
    "data/f.csv": "date,value\n2025-04-14,3\n2025-05-14,4\n",
    "okrs/2025-Q1/trust.yaml": PAST,
    "kpis/a.yaml": "kpis:\n  - {id: happy, title: Happy, better: higher, readings: {2025-04-01: 7}}\n",
    "goals.csv": "Objective,Key result,Owner,Start,Target\nGrow the shop,Orders,lea,0,100\n",
}  # fmt: skip
COMMANDS = """
checkin codes=4100 kept=4 happy=8
checkin codes=4100 kept=4 --commit
amend codes --to 20000 --reason Season
amend codes --to 20000 --reason Season --commit
new 2025-Q3 --carry-over 2025-Q2 --all
new 2025-Q3 --carry-over 2025-Q2 --all --commit
close 2025-Q1 --yes --outcome origin=reached --retrospective origin=Fine
close 2025-Q1 --yes --outcome origin=reached --commit
import goals.csv --period 2025-Q3 --team trust
check --fix
check --add-ignore
refresh
init --force --organisation New --team growth
merge --install
report -o out/report.md
report --site site
export -o rows.csv
digest --each digests
check --format sarif=found.sarif
""".strip().splitlines()
FAST = (COMMANDS[0], COMMANDS[1], COMMANDS[14])

Point = Callable[..., Any]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):  # so that each run makes the same commit
        monkeypatch.setenv(name, "2025-06-30T12:00:00+0200")
    repo = Repo(tmp_path / "repo")
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit(day="2025-01-10", files=WORKSPACE)
    return repo


@pytest.mark.parametrize("command", FAST)
def test_killed_at_some_points(repo: Repo, command: str) -> None:
    kill_everywhere(repo, command, every=8)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_every_point(repo: Repo, command: str) -> None:
    kill_everywhere(repo, command, every=1)


@pytest.mark.slow
def test_reopen_killed_at_every_point(repo: Repo) -> None:
    assert run("close", "2025-Q1", "--yes", "--commit", cwd=repo.path).status == 0
    kill_everywhere(repo, "reopen 2025-Q1 --reason Error", every=1)
    kill_everywhere(repo, "reopen 2025-Q1 --reason Error --commit", every=1)


@pytest.mark.slow
def test_merge_killed_at_every_point(repo: Repo) -> None:
    repo.branch("theirs")
    repo.commit(
        day="2025-04-21", files={"okrs/2025-Q2/trust.yaml": OKRS.replace("1200", "1200\n          2025-04-21: 2")}
    )
    repo.switch("main")
    repo.commit(
        day="2025-04-22", files={"okrs/2025-Q2/trust.yaml": OKRS.replace("1200", "1200\n          2025-04-22: 3")}
    )
    with pytest.raises(RuntimeError):
        repo.git("merge", "-q", "theirs")
    kill_everywhere(repo, "merge", every=1)


def kill_everywhere(repo: Repo, command: str, every: int) -> None:
    """Kill the command at each point; each time every file is old or new, and a second run does all of it."""
    old, git = tree(repo.path), repo.path / ".git"
    kept = {path: path.read_bytes() for path in git.rglob("*") if path.is_file()}
    points, _ = killed(repo.path, command, -1)
    new = tree(repo.path)
    assert new != old
    assert points > 2
    for point in range(0, points, every):
        restore(repo.path, old, kept)
        killed(repo.path, command, point)
        found = tree(repo.path, with_temporary=False)
        for path in found.keys() | old.keys() | new.keys():
            assert found.get(path) in (old.get(path), new.get(path)), (point, path)
        run("score", "--no-cache", cwd=repo.path)  # settles what was left
        run(*command.split(), cwd=repo.path)
        last = tree(repo.path)
        temporary = [path for path in last if path.endswith(".tmp")]
        assert temporary == [], point
        for path in last.keys() | new.keys():
            assert last.get(path) == new.get(path) or path.endswith(("goals.csv", ".okrctl-site")), (point, path)
        assert not (git / "okrctl.journal").exists()
        assert repo.git("status", "--porcelain").count("UU") == 0
    restore(repo.path, old, kept)


def tree(root: Path, *, with_temporary: bool = True) -> dict[str, bytes]:
    """The files of the work tree; those of git are its own."""
    found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
    named = {str(path.relative_to(root)): path.read_bytes() for path in found}
    return {
        path: data for path, data in named.items() if with_temporary or ".okrctl-" not in path.rpartition("/")[2][:8]
    }


def restore(root: Path, old: dict[str, bytes], kept: dict[Path, bytes]) -> None:
    for path in tree(root).keys() - old.keys():
        (root / path).unlink()
    for folder in sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True):
        if ".git" not in folder.parts and not any(folder.iterdir()):
            folder.rmdir()
    for path in [path for path in (root / ".git").rglob("*") if path.is_file() and path not in kept]:
        path.unlink()
    for path, data in kept.items():
        if path.read_bytes() != data if path.exists() else True:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
    for name, data in old.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def killed(root: Path, command: str, point: int) -> tuple[int, int]:
    """Run a command in a process that is killed at a point; the number of points met, and the signal."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        count = [0]

        def met() -> None:
            if count[0] == point:
                os.kill(os.getpid(), signal.SIGKILL)
            count[0] += 1

        try:
            watch(met)
            result = run(*command.split(), cwd=root, today=TODAY)
            os.write(writer, f"{count[0]} {result.status} {result.err[-300:]}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader) as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if point < 0:
        number, result, *_ = said.split(" ", 2)
        assert result in "01", said
        return int(number), 0
    return 0, os.WTERMSIG(status)


def watch(met: Callable[[], None]) -> None:
    """Make each call that changes a file, in the files room or elsewhere, a point."""
    for module, name in ((os, "replace"), (os, "rename"), (os, "unlink"), (os, "fsync"), (os, "mkdir"), (os, "chmod")):
        setattr(module, name, pointed(getattr(module, name), met))
    original = builtins.open

    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if set(mode) & {*"wax"}:
            met()
        return original(file, mode, *arguments, **options)

    builtins.open = opened
    files.open = opened  # type: ignore[attr-defined]


def pointed(function: Point, met: Callable[[], None]) -> Point:
    def call(*arguments: Any, **options: Any) -> Any:
        met()
        return function(*arguments, **options)

    return call
