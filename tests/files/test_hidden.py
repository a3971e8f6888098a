"""Nothing that a pattern means is passed over in silence: folders, pipes and sockets in the place of a file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from okrctl import files
from tests.repositories import Repo, isolate
from tests.running import run, write

GOALS = "period: 2025-Q2\nobjectives: [{id: a, title: A, owner: ada, key_results: [{id: k, title: K, done: false}]}]\n"


def problems(root: Path) -> dict[str, str]:
    found = files.read_workspace(root, ["okrs/**/*.y{a,}ml"], ["okrs/old/**"])
    return {path: content.message for path, content in found if not isinstance(content, bytes)}


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "exclude: okrs/old/**\n"})
    write(
        tmp_path, {"okrs/a.yaml": GOALS, "okrs/b.yaml/c.yaml": GOALS, "okrs/old/d.yaml/e": "", "okrs/f.d/g.yml": GOALS}
    )
    assert problems(tmp_path) == {"okrs/b.yaml": "a folder with the name of a file"}
    done = run("check", "--format", "json", cwd=tmp_path)
    assert done.status == 1
    assert [(one["path"], one["code"]) for one in done.json["diagnostics"] if one["code"] == "OKR009"] == [
        ("okrs/b.yaml", "OKR009")
    ]
    assert run("check", "okrs/b.yaml", cwd=tmp_path).status == 1


def test_patterns_for_any_name_take_folders_as_folders(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/2025/a.yaml": GOALS})
    found = files.read_workspace(tmp_path, ["okrs/**"])
    assert [path for path, content in found if isinstance(content, bytes)] == ["okrs/2025/a.yaml"]


def test_pipes_and_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"okrctl.yaml": "exclude: okrs/old/**\n"})
    write(tmp_path, {"okrs/a.yaml": GOALS})
    os.mkfifo(tmp_path / "okrs/pipe.yaml")
    monkeypatch.chdir(tmp_path)  # the name of a socket has little room
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("okrs/socket.yaml")
        assert sorted(problems(tmp_path)) == ["okrs/pipe.yaml", "okrs/socket.yaml"]
        assert run("check", cwd=tmp_path).status == 1


@pytest.mark.parametrize("words", [("check",), ("check", "."), ("check", "--whole"), ("check", "--base", "HEAD")])
def test_a_bare_repository_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str]) -> None:
    isolate(monkeypatch)
    work = Repo(tmp_path / "work")
    work.commit(files={"okrctl.yaml": "", "okrs/a.yaml": GOALS})
    work.clone(tmp_path / "bare", bare=True)
    done = run(*words, cwd=tmp_path / "bare")
    assert done.status == 2
    assert done.err.startswith("error: ")
