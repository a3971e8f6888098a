"""The frame around every command: exit statuses, common options, the environment, streams, completion."""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from okrctl import __version__
from okrctl.cli.commands import COMMANDS, GROUPS
from okrctl.cli.main import main

ROOT = Path(__file__).parents[2]
PROBE = "from okrctl.cli.commands import COMMANDS; COMMANDS['probe'] = ('tests.probe', 'A probe.');"
RUN = "import sys; from okrctl.cli.main import main; sys.exit(main())"

Told = dict[str, Any]
Ask = Callable[..., Told]


@pytest.fixture(autouse=True)
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "probe", ("tests.probe", "A probe."))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def told(*words: str) -> Told:
        assert main(list(words)) == 0, capsys.readouterr().err
        answer: Told = json.loads(capsys.readouterr().out)
        return answer

    return told


def process(*words: str, before: str = PROBE, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """One whole run in a process of its own, where the streams are real."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("env", {})}
    command = [sys.executable, "-c", before + RUN, *words]
    return subprocess.run(command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, **more)


# Exit statuses


@pytest.mark.parametrize("status", [0, 1])
def test_the_status_is_what_the_command_returns(status: int) -> None:
    assert main(["probe", "--status", str(status)]) == status


def test_what_comes_to_no_end_collects_garbage_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thresholds for short runs would let a server keep a gigabyte of garbage."""
    before = gc.get_threshold()
    monkeypatch.setattr("okrctl.cli.app.ENDLESS", ("probe",))
    try:
        gc.set_threshold(1_000_000, 50, 100)
        assert main(["probe"]) == 0
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.set_threshold(*before)


def test_an_error_is_one_line_and_its_hint_another(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--fail", "hint"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ("error: no such period\\x1b[31m '2026-Q9'\nhint: the quarters of a year are Q1 to Q4\n")


@pytest.mark.parametrize("fail", ["fault", "deep"])
def test_an_internal_error_shows_a_traceback_and_asks_for_a_report(
    fail: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", "--fail", fail]) == 3
    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert "raise FAILURES[fail]" in error
    assert "please report" in error.splitlines()[-1] and "https://" in error.splitlines()[-1]


@pytest.mark.parametrize("fail", ["interrupt", "abort"])
def test_an_interrupted_run_prints_nothing(fail: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--fail", fail]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (["probes"], "no such command 'probes'", "did you mean 'probe'?"),
        (["xyzzy"], "no such command 'xyzzy'", "see okrctl --help"),
        (["lint"], "no such command 'lint'", "did you mean 'check'?"),
        (["validate", "okrs"], "no such command 'validate'", "did you mean 'check'?"),
        (["--colr", "never"], "no such option: --colr", "did you mean --color?"),
        (["probe", "--as-off", "x"], "no such option: --as-off", "did you mean --as-of?"),
        (["probe", "--as-of"], "option '--as-of' requires an argument", "see okrctl probe --help"),
        (["probe", "--as-of", "2026-02-30"], "'2026-02-30' is not a valid date", "write it as 2026-06-30"),
        (["probe", "--as-of", "20260230"], "'20260230' is not a valid date", "write it as 2026-06-30"),
        (["kpi", "margin"], "unexpected argument 'margin'", "one KPI: okrctl show margin"),
        (["status", "margin"], "unexpected argument 'margin'", "see okrctl status --help"),
        (["--color", "red", "probe"], "'red' is not a valid value for --color", "choose one of auto, always, never"),
        (["probe", "--format", "xml"], "invalid value for '--format': 'xml' is not one of 'table', 'json'", ""),
    ],
)
def test_a_usage_error_has_one_line_and_a_hint(
    words: list[str], error: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"error: {error}")
    assert second.startswith(f"hint: {hint}")


def test_every_command_is_suggested_for_a_typing_error(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        assert main([name + "x"]) == 2
        assert f"'{name}'" in capsys.readouterr().err.splitlines()[1]


# Common options and the environment


def test_common_options_work_before_and_after_the_command(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for words in (
        ["-C", str(tmp_path), "probe"],
        ["probe", "-C", str(tmp_path)],
        ["-C", "/", "probe", "-C", str(tmp_path)],
    ):
        assert ask(*words)["directory"] == str(tmp_path)
    for words in (["--color", "always", "probe"], ["probe", "--color", "always"], ["probe", "--color=always"]):
        assert ask(*words)["color"] is True


def test_the_help_lists_every_command_in_its_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    sections = re.split(r"^([A-Z][a-z ]+):\n", capsys.readouterr().out, flags=re.MULTILINE)
    listed = {
        title: tuple(re.findall(r"^  ([a-z]+)  +", text, flags=re.MULTILINE))
        for title, text in zip(sections[1::2], sections[2::2], strict=True)
    }
    assert {title: listed[title] for title in GROUPS} == GROUPS
    assert listed["Other"] == ("probe",)


def test_every_command_is_in_one_group() -> None:
    names = [name for group in GROUPS.values() for name in group]
    assert sorted(names) == sorted(COMMANDS.keys() - {"probe"})


def test_verbose_tells_what_was_found_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OKRCTL_TODAY", "2026-05-04")
    (tmp_path / "okrctl.yaml").write_text("")
    for words in (["-v", "check"], ["check", "--verbose"], ["-q", "check", "-v"]):
        main(["-C", str(tmp_path), *words])
        lines = capsys.readouterr().err.splitlines()
        assert f"workspace: {tmp_path} (the nearest folder with okrctl.yaml)" in lines
        assert "today: 2026-05-04 (OKRCTL_TODAY)" in lines
    main(["-C", str(tmp_path), "check"])
    assert "workspace:" not in capsys.readouterr().err


def test_an_option_before_the_command_outranks_a_variable(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKRCTL_COLOR", "always")
    assert ask("probe")["color"] is True
    assert ask("--color", "never", "probe")["color"] is False


def test_a_variable_of_the_version_is_not_an_option(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKRCTL_VERSION", "0.1.0")
    ask("probe")


def test_q_suppresses_messages_and_not_data(capsys: pytest.CaptureFixture[str]) -> None:
    main(["probe"])
    assert capsys.readouterr().err == "talk\n"
    for words in (["-q", "probe"], ["probe", "-q"], ["--quiet", "probe"]):
        assert main(words) == 0
        captured = capsys.readouterr()
        assert captured.err == "" and captured.out != ""


@pytest.mark.parametrize("words", [["--version"], ["probe", "--version"], ["-q", "--version"]])
def test_version(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out == f"okrctl {__version__}\n"


@pytest.mark.parametrize("words", [["-h"], ["--help"], ["probe", "-h"], ["probe", "--help"]])
def test_help_names_the_common_options(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    text = capsys.readouterr().out
    for option in ("-C DIR", "--color auto|always|never", "-q, --quiet", "--version", "-h, --help"):
        assert option in text


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for name in COMMANDS:
        assert any(line.startswith(name) for line in lines)


def test_each_option_has_its_variable(ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = {
        "AS_OF": "2026-05-01",
        "TEAM": "trust,growth",
        "OWNER": "Lea",
        "FORMAT": "json",
        "DRY_RUN": "1",
        "COLOR": "always",
        "DIRECTORY": str(tmp_path),
        "TODAY": "2026-06-30",
    }
    for name, value in said.items():
        monkeypatch.setenv(f"OKRCTL_{name}", value)
    told = ask("probe")
    assert told["as_of"] == "2026-05-01" and told["today"] == "2026-06-30"
    assert told["teams"] == ["trust", "growth"] and told["owners"] == ["Lea"]
    assert (told["format"], told["dry_run"], told["color"], told["directory"]) == ("json", True, True, str(tmp_path))
    assert ask("probe", "--team", "sales", "--format", "table", "--color", "never")["teams"] == ["sales"]


def test_a_wrong_variable_is_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKRCTL_TODAY", "yesterday")
    assert main(["probe"]) == 2
    assert "'yesterday' is not a valid date" in capsys.readouterr().err


def test_repeated_options_and_arguments_arrive_in_order(ask: Ask) -> None:
    told = ask("probe", "2026-Q2", "--team", "b", "2026-Q1", "--team", "a")
    assert told["periods"] == ["2026-Q2", "2026-Q1"] and told["teams"] == ["b", "a"]


def test_piped_output_has_no_width(ask: Ask) -> None:
    assert ask("probe")["width"] is None


# Without a command


def test_without_a_command_or_a_workspace_there_is_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COMMANDS, "status", ("tests.probe", "A probe."))
    assert main(["-C", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Usage: okrctl")


def test_without_a_command_a_workspace_shows_its_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "okrctl.yaml").touch()
    monkeypatch.setitem(COMMANDS, "status", ("tests.probe", "A probe."))
    assert main(["-C", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["directory"] == str(tmp_path)


# Streams


def test_output_goes_to_the_file_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.json").write_text("old")
    assert main(["-C", str(tmp_path), "probe", "-o", "page.json"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "" and "wrote page.json" in captured.err
    assert json.loads((tmp_path / "page.json").read_text())["format"] == "json"


def test_output_to_an_impossible_place_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["probe", "-o", str(tmp_path / "file" / "page")]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with a pipe")
@pytest.mark.parametrize("lines", ["1", "200000"])
def test_a_reader_that_closes_early_is_no_error(lines: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:
        command = [sys.executable, "-c", PROBE + RUN, "-q", "probe", "--lines", lines]
        ended = subprocess.run(
            command, stdout=closed, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60
        )
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("lines", ["1", "200000"])
def test_a_full_disk_is_an_error_and_not_an_internal_one(lines: str) -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-c", PROBE + RUN, "-q", "probe", "--lines", lines]
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"error: cannot write the output: ")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_is_not_utf8_never_fails(encoding: str) -> None:
    ended = process("probe", "-q", "--lines", "1", env={"PYTHONIOENCODING": encoding})
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, b"a line ?", b"")


def test_a_closed_output_is_not_an_internal_error() -> None:
    ended = process("probe", before=PROBE + "import sys; sys.stdout = None;")
    assert ended.returncode == 0


def test_python_m_okrctl_is_okrctl() -> None:
    ended = subprocess.run([sys.executable, "-m", "okrctl", "nonsense"], cwd=ROOT, capture_output=True, timeout=60)
    assert ended.returncode == 2 and ended.stderr.startswith(b"error: no such command 'nonsense'")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no folder that somebody is in")
def test_a_deleted_current_folder_is_not_an_internal_error(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = 'rmdir "$PWD"; exec "$0" -m okrctl score'
    told = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(["sh", "-c", shell, sys.executable], cwd=gone, env=told, capture_output=True, timeout=60)
    assert (ended.returncode, ended.stderr[:42]) == (2, b"error: the current folder no longer exists")


# Completion


def complete(words: str, **more: str) -> list[str]:
    environment = {"_OKRCTL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    ended = process(env={**environment, **more})
    assert ended.stderr == b""
    return ended.stdout.decode().split()


def test_completion_knows_commands_without_importing_them() -> None:
    assert "probe" in complete("okrctl pro")
    guarded = PROBE.replace("tests.probe", "tests.no_such_module")
    ended = process(
        before=guarded, env={"_OKRCTL_COMPLETE": "complete_bash", "COMP_WORDS": "okrctl pr", "COMP_CWORD": "1"}
    )
    assert ended.stdout.split() == [b"probe"]


def test_completion_knows_options_and_their_values() -> None:
    assert set(complete("okrctl probe --d")) == {"--dry-run"}
    assert set(complete("okrctl probe --format ")) == {"table", "json"}
    assert set(complete("okrctl --color a")) == {"auto", "always"}
    assert set(complete("okrctl probe --color n")) == {"never"}


def test_completion_works_after_an_invalid_line() -> None:
    assert complete("okrctl --color red prob") == ["probe"]
    assert complete("okrctl nonsense --x") == []
    assert "--dry-run" in complete("okrctl probe --as-of nonsense --dry")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_can_be_shown(shell: str) -> None:
    ended = process(env={"_OKRCTL_COMPLETE": f"source_{shell}"})
    assert ended.returncode == 0 and b"_OKRCTL_COMPLETE" in ended.stdout


def test_a_folder_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["-C", str(tmp_path / "gone")]) == 2
    assert capsys.readouterr().err.startswith(f"error: no such folder: {tmp_path / 'gone'}\nhint: ")


@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_each_help_fits_one_screen(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*filter(None, [name]), "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 80


def test_options_are_grouped_by_purpose(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    main(["score", "--help"])
    sections = re.split(r"^([A-Z][a-z ]+):\n", capsys.readouterr().out, flags=re.MULTILINE)
    found = {
        title: re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, flags=re.MULTILINE)
        for title, text in zip(sections[1::2], sections[2::2], strict=True)
    }
    assert found["Selection"] == ["--team", "--owner", "--priority", "--tag", "--level"]
    assert found["Dates"] == ["--as-of", "--known-at"]
    assert {"--format", "--output", "--ids", "--wide", "--bands"} <= set(found["Output"])
    assert found["Exit status"] == ["--fail-under", "--fail-if"]


def test_choices_and_their_default_are_part_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    main(["score", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "--format FORMAT Output format: table (default), markdown, csv, json." in text
