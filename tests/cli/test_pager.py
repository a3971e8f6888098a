"""Long output on a terminal goes through the pager, all other output does not."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from okrctl.cli import pager
from tests.running import write

pty = pytest.importorskip("pty")
ROOT = Path(__file__).parents[2]


class Terminal(io.StringIO):
    """Standard output as a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"PAGER": "cat"}, None),
        ({"PAGER": ""}, None),
        ({"PAGER": "no-such-pager-anywhere"}, None),
        ({"PAGER": "'"}, None),
        ({"PAGER": "sh -c 'x y'"}, ["sh", "-c", "x y"]),
        ({"PAGER": "sh", "TERM": "dumb"}, None),
    ],
)
def test_the_pager_is_that_of_the_environment(environment: dict[str, str], command: list[str] | None) -> None:
    assert pager.pager_command(environment) == command


@pytest.mark.parametrize(("lines", "is_long"), [(9, False), (10, True), (50, True)])
def test_only_what_is_longer_than_the_screen_is_long(
    monkeypatch: pytest.MonkeyPatch, lines: int, is_long: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert pager.is_long("x\n" * lines, {"LINES": "10"}) is is_long
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not pager.is_long("x\n" * lines, {"LINES": "10"})


def on_terminal(root: Path, *words: str, **environment: str) -> str:
    """What a command prints on a terminal of 24 lines."""
    main, end = pty.openpty()
    code = "import sys; from okrctl.cli.main import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=root, stdin=end, stdout=end, stderr=end,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OKRCTL_TODAY": "2026-05-16", "LINES": "24"} | environment,
    ):  # fmt: skip
        os.close(end)
        shown = bytearray()
        try:
            while part := os.read(main, 65536):
                shown += part
        except OSError:  # the program ended
            pass
    os.close(main)
    return shown.decode().replace("\r\n", "\n")


def test_long_output_reaches_the_pager_with_its_settings(tmp_path: Path) -> None:
    results = ", ".join(f"{{id: k{number}, title: R{number}, to: 9}}" for number in range(30))
    text = f"period: 2026-Q2\nobjectives: [{{id: o, title: O, owner: ada, key_results: [{results}]}}]\n"
    root = write(tmp_path, {"okrs/a.yaml": text})
    script = tmp_path / "page.py"
    script.write_text("import os, sys; print('PAGED', os.environ['LESS'], len(sys.stdin.read().splitlines()) > 30)")
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"
    assert on_terminal(root, "-q", "score", PAGER=command) == "PAGED FRX True\n"
    assert "PAGED" not in on_terminal(root, "score", "--level", "team", PAGER=command)
    assert "R29" in on_terminal(root, "score", PAGER="cat")
    assert "R29" in on_terminal(root, "score", PAGER="false", TERM="dumb")
