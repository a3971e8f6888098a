"""`--watch` shows a command again for each change of a file, and progress is shown for slow commands alone."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from okrctl.cli import progress, watch
from okrctl.cli.main import main
from okrctl.cli.session import Session
from okrctl.values.errors import OkrctlError
from tests.running import run, write

OKRS = "period: 2026-Q2\nobjectives: [{id: o, title: O, owner: ada, key_results: [{id: k, title: R, to: 100, %s}]}]\n"
DAY = "2026-05-16"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def values(root: Path, numbers: list[str]) -> object:
    """The changes of a file that gets these values one after the other; then the person presses Ctrl-C."""
    for number in numbers:
        write(root, {"okrs/a.yaml": OKRS % f"readings: {{{DAY}: {number}}}"})
        yield {("modified", "okrs/a.yaml")}
    raise KeyboardInterrupt


def shown_on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """What is printed from now on, as on a terminal."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("OKRCTL_TODAY", DAY)
    monkeypatch.setenv("COLUMNS", "80")
    return stream


@pytest.mark.parametrize("command", ["score", "status"])
def test_it_redraws_for_each_change_and_survives_a_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    root = write(tmp_path, {"okrs/a.yaml": OKRS % f"readings: {{{DAY}: 10}}"})
    monkeypatch.setattr(watch, "file_changes", lambda session: values(root, ["20", "[", "30"]))
    terminal = shown_on_terminal(monkeypatch)
    assert main(["-C", str(root), command, "--watch"]) == 0
    screens = terminal.getvalue().split(watch.CLEAR_SCREEN)[1:]
    assert len(screens) == 4
    assert ["10 %" in screens[0], "20 %" in screens[1], "error: " in screens[2], "30 %" in screens[3]] == [True] * 4


def test_check_redraws_with_its_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path, {"okrs/a.yaml": OKRS % f"readings: {{{DAY}: 10}}"})
    monkeypatch.setattr(watch, "file_changes", lambda session: values(root, ["x"]))
    terminal = shown_on_terminal(monkeypatch)
    assert main(["-C", str(root), "check", "--watch"]) == 1
    screens = terminal.getvalue().split(watch.CLEAR_SCREEN)[1:]
    assert ["OKR012" in screen or "'x'" in screen for screen in screens] == [False, True]


def test_off_a_terminal_it_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {"okrs/a.yaml": OKRS % "cadence: weekly"})
    found = run("score", "--watch", cwd=root, today=DAY)
    assert found.status == 2 and found.err.startswith("error: --watch needs a terminal\n")


def test_without_watchfiles_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(OkrctlError) as failure:
        watch.file_changes(Session(tmp_path))
    assert failure.value.hint == "pip install 'okrctl[watch]'"


def test_progress_counts_seconds_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(progress, "_write", shown.append)
    monkeypatch.setattr(progress, "_is_terminal", lambda: True)
    work = progress.Progress()
    work.start("score")
    work.tick(0, None)
    work.tick(0, None)
    work.stop()
    work.stop()
    assert [text.removeprefix(progress.ERASE_LINE) for text in shown] == [
        "okrctl score: 1 s (Ctrl-C stops)", "okrctl score: 2 s (Ctrl-C stops)", "",
    ]  # fmt: skip


def test_progress_is_silent_within_a_second_and_off_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(progress, "_write", shown.append)
    for is_terminal in (True, False):
        monkeypatch.setattr(progress, "_is_terminal", lambda answer=is_terminal: answer)
        work = progress.Progress()
        work.start("score")
        work.stop()
    assert shown == []
