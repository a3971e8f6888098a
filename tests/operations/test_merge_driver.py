"""The merge driver inside real git; whatever fails, the file has markers, the status is 1, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from okrctl.cli import merge_driver
from okrctl.cli.main import main
from okrctl.operations import merge_file
from okrctl.operations.merge_install import driver_line
from tests.goals import GOALS, PATH
from tests.repositories import TOM, Repo, isolate
from tests.running import place, run, write

TEXT = GOALS
OURS, THEIRS = "          2026-04-27: 30\n", "          2026-04-20: 20\n"
MARKERS = f"<<<<<<< ours\n{OURS}=======\n{THEIRS}>>>>>>> theirs\n"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "repo")
    made.config("user.name", "Lea")
    made.config("user.email", "lea@acme.example")
    run("merge", "--install", cwd=made.path)
    made.commit("base", files={PATH: TEXT})
    made.branch("tom")
    made.commit("theirs", author=TOM, files={PATH: TEXT + THEIRS})
    made.switch("main")
    made.commit("ours", files={PATH: TEXT + OURS})
    return made


def stop(repo: Repo, *words: str) -> str:
    """Runs git, which stops at a conflict, and returns the file."""
    with pytest.raises(RuntimeError):
        repo.git(*words)
    assert repo.git("status", "--porcelain") == f"UU {PATH}"
    return text_of(repo)


def text_of(repo: Repo) -> str:
    return (repo.path / PATH).read_text("utf-8")


def test_a_merge_joins_both_check_ins(repo: Repo) -> None:
    repo.git("merge", "-q", "-m", "joined", "tom")
    assert text_of(repo) == TEXT + THEIRS + OURS
    assert repo.git("status", "--porcelain") == ""


def test_rebase_cherry_pick_and_stash_pop_join_both_check_ins(repo: Repo) -> None:
    start = repo.head
    repo.git("cherry-pick", "tom")
    assert text_of(repo) == TEXT + THEIRS + OURS
    repo.git("reset", "-q", "--hard", start)
    repo.write(PATH, TEXT + OURS + "          2026-05-04: 40\n")
    repo.git("stash", "-q")
    repo.git("merge", "-q", "-m", "joined", "tom")
    repo.git("stash", "pop", "-q")
    assert text_of(repo) == TEXT + THEIRS + OURS + "          2026-05-04: 40\n"
    repo.git("checkout", "-q", "--", ".")
    repo.git("rebase", "-q", start, "tom")
    assert text_of(repo) == TEXT + THEIRS + OURS


def test_a_conflict_has_markers_around_just_its_lines(repo: Repo) -> None:
    repo.commit("more", files={PATH: (TEXT + THEIRS.replace("20\n", "21\n")).replace("60", "70")})
    text = stop(repo, "merge", "-q", "tom")
    lines = f"<<<<<<< ours\n{THEIRS.replace(': 20', ': 21')}=======\n{THEIRS}>>>>>>> theirs\n"
    assert text == TEXT.replace("60", "70") + lines


def test_the_size_of_the_markers_is_that_of_git(repo: Repo) -> None:
    with (repo.path / ".gitattributes").open("a") as file:
        file.write(f"{PATH} conflict-marker-size=12\n")
    repo.commit("more", files={PATH: TEXT + THEIRS.replace("20\n", "21\n")})
    assert "<<<<<<<<<<<< ours\n" in stop(repo, "merge", "-q", "tom")


def test_invalid_settings_leave_markers(repo: Repo) -> None:
    repo.commit("settings", files={"okrctl.yaml": "profile: [\n"})
    assert stop(repo, "merge", "-q", "tom") == TEXT + MARKERS


def test_a_file_that_is_no_yaml_leaves_markers(repo: Repo) -> None:
    repo.commit("broken", files={PATH: TEXT.replace("owner: lea", "owner: [") + OURS})
    assert stop(repo, "merge", "-q", "tom") == TEXT.replace("owner: lea", "owner: [") + MARKERS


def test_a_text_merge_that_is_clean_is_still_left_to_a_person(repo: Repo) -> None:
    """The lines do not meet, but nobody can vouch for a file that cannot be read."""
    repo.git("reset", "-q", "--hard", "tom~1")
    repo.commit("broken", files={PATH: TEXT.replace("period: 2026-Q2", "period: [")})
    assert stop(repo, "merge", "-q", "tom") == TEXT.replace("period: 2026-Q2", "period: [") + THEIRS


def test_okrctl_or_its_python_removed_since_leaves_the_merge_of_git(repo: Repo, tmp_path: Path) -> None:
    start = repo.head
    repo.config("merge.okrctl.driver", driver_line(str(tmp_path / "no" / "python")))
    assert stop(repo, "merge", "-q", "tom") == TEXT + MARKERS
    repo.git("merge", "--abort")
    bare = tmp_path / "a python" / "python"
    bare.parent.mkdir()
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')  # without site packages: okrctl is not there
    bare.chmod(0o755)
    repo.config("merge.okrctl.driver", driver_line(str(bare)))
    assert stop(repo, "merge", "-q", "tom") == TEXT + MARKERS
    repo.git("merge", "--abort")
    assert repo.head == start


def test_the_line_of_shell_is_the_one_of_the_manual() -> None:
    assert driver_line('/a "b"/$x/100%/python') == (
        'if "/a \\"b\\"/\\$x/100%%/python" -c "import okrctl" 2>/dev/null; then exec "/a \\"b\\"/\\$x/100%%/python" '
        "-m okrctl merge %O %A %B --path %P --marker-size %L; fi; "
        "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    )


def driver(tmp_path: Path, *words: str, ours: str | bytes = TEXT + OURS, env: dict[str, str] | None = None) -> int:
    """Runs the driver on three files as git does; the result is in the file `ours`."""
    for name, text in (("base", TEXT), ("ours", ours), ("theirs", TEXT + THEIRS)):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return run("merge", "base", "ours", "theirs", "--path", PATH, *words, cwd=tmp_path, env=env).status


@pytest.mark.parametrize(
    "fault", [ZeroDivisionError("a fault"), KeyboardInterrupt(), MemoryError(), SystemExit(0), RecursionError()]
)
def test_a_fault_leaves_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    def fail(*arguments: object) -> None:
        raise fault

    monkeypatch.setattr(merge_file, "merge_texts", fail)
    assert driver(tmp_path) == 1
    assert (tmp_path / "ours").read_text() == TEXT + MARKERS


def test_a_merge_that_is_not_what_was_meant_leaves_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okrctl.merge.assemble", lambda *arguments: ["period: 2026-Q2\n"])
    assert driver(tmp_path) == 1
    assert (tmp_path / "ours").read_text() == TEXT + MARKERS


def test_a_result_that_cannot_be_written_leaves_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("okrctl.files.write_atomically", fail)
    assert driver(tmp_path) == 1
    assert (tmp_path / "ours").read_text() == TEXT + MARKERS


def test_variables_of_other_commands_do_not_matter(tmp_path: Path) -> None:
    assert driver(tmp_path, env={"OKRCTL_FORMAT": "csv", "OKRCTL_COLOR": "pink"}) == 0
    assert (tmp_path / "ours").read_text() == TEXT + THEIRS + OURS


def test_a_marker_size_that_is_no_number_leaves_markers(tmp_path: Path) -> None:
    assert driver(tmp_path, "--marker-size", "x") == 1
    assert (tmp_path / "ours").read_text() == TEXT + MARKERS


def test_binary_files_stay_as_ours(tmp_path: Path) -> None:
    assert driver(tmp_path, ours=b"\0binary\xff") == 1
    assert (tmp_path / "ours").read_bytes() == b"\0binary\xff"


def test_without_git_both_texts_are_in_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("base", TEXT), ("ours", "objectives: [\n"), ("theirs", TEXT)):
        (tmp_path / name).write_text(text)
    with place(tmp_path, {"PATH": str(tmp_path / "nowhere")}):
        call = merge_driver.parse_call(["merge", "base", "ours", "theirs"])
        assert call is not None
        assert merge_driver.run_driver(call) == 1
    assert (tmp_path / "ours").read_text() == f"<<<<<<< ours\nobjectives: [\n=======\n{TEXT}>>>>>>> theirs\n"


def test_a_missing_file_is_a_conflict(tmp_path: Path) -> None:
    assert run("merge", "base", "ours", "theirs", cwd=tmp_path).status == 1


@pytest.mark.parametrize("name", ["base", "ours", "theirs"])
def test_a_missing_file_is_named_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    write(tmp_path, {each: TEXT for each in ("base", "ours", "theirs") if each != name})
    base, ours, theirs = (tmp_path / each for each in ("base", "ours", "theirs"))
    assert merge_driver.run_driver(merge_driver.DriverCall(base, ours, theirs, PATH, "7")) == 1
    assert capfd.readouterr().err == f"okrctl merge: {tmp_path / name}: no such file; nothing was merged\n"
    assert (tmp_path / "theirs").exists() == (name != "theirs")


def test_one_line_says_what_failed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text("objectives: [\n")
    with place(tmp_path, {"PATH": "/usr/bin:/bin"}):
        assert main(["merge", "base", "ours", "theirs", "--path", "okrs/a.yaml"]) == 1
    line = capfd.readouterr().err
    assert line.count("\n") == 1
    assert line.startswith("okrctl merge: okrs/a.yaml: base, line 1: the bracket [ is never closed; git's merge of")


def test_the_driver_runs_as_a_program(tmp_path: Path) -> None:
    driver(tmp_path, ours=TEXT)
    (tmp_path / "ours").write_text(TEXT + OURS)
    words = [sys.executable, "-m", "okrctl", "merge", "base", "ours", "theirs", "--path", PATH, "--marker-size", "7"]
    assert subprocess.run(words, cwd=tmp_path, check=False).returncode == 0
    assert (tmp_path / "ours").read_text() == TEXT + THEIRS + OURS


def test_an_error_that_neither_side_has_is_a_conflict(tmp_path: Path) -> None:
    """Ours adds a weight, theirs a sibling without one."""
    for name, text in (
        ("base", TEXT),
        ("ours", TEXT.replace("        to: 60\n", "        to: 60\n        weight: 2\n")),
        ("theirs", TEXT + "      - {id: shops, title: Shops, to: 12}\n"),
    ):
        (tmp_path / name).write_text(text)
    result = run("merge", "base", "ours", "theirs", "--path", PATH, cwd=tmp_path)
    assert result.status == 1
    lines = "<<<<<<< ours\n=======\n      - {id: shops, title: Shops, to: 12}\n>>>>>>> theirs\n"
    assert (tmp_path / "ours").read_text() == TEXT.replace("to: 60\n", "to: 60\n        weight: 2\n") + lines
    assert "some of these key results have a weight" in result.err


def test_an_error_that_was_there_before_is_no_conflict_where_both_sides_rename_its_goal(tmp_path: Path) -> None:
    wrong = TEXT.replace("        from: 0\n", "        from: 0\n        aggregate: sum\n")
    ours = wrong.replace("id: origin\n", "id: source\n    formerly: origin\n")
    theirs = wrong.replace("id: codes\n", "id: requests\n        formerly: codes\n")
    repo = Repo(tmp_path / "renamed")
    run("merge", "--install", cwd=repo.path)
    repo.commit("base", files={PATH: wrong})
    repo.branch("tom")
    repo.commit("theirs", author=TOM, files={PATH: theirs})
    repo.switch("main")
    repo.commit("ours", files={PATH: ours})
    repo.git("merge", "-q", "-m", "joined", "tom", **repo.moment("2026-04-05"))
    assert text_of(repo) == ours.replace("id: codes\n", "id: requests\n        formerly: codes\n")
