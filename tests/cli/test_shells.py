"""Tab in real shells: what is typed, with Tab as `\\t`, and the words that okrctl is then called with."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_completion import build_workspace
from tests.running import write

pty = pytest.importorskip("pty")
pytestmark = [pytest.mark.shell, pytest.mark.slow]

TYPED = [
    ("checki\tsig\t5", ["checkin", "signups", "5"]),
    ("amend onb\t--to 5", ["amend", "onboarding", "--to", "5"]),
    ("refresh arr\t", ["refresh", "arrivals"]),
    ("tree marg\t", ["tree", "margin"]),
    ("verify 20\t", ["verify", "2026-Q1"]),
    ("report --known-at rel\t", ["report", "--known-at", "release"]),
    ("diff main..rel\t", ["diff", "main..release"]),
    ("check --base rel\t--select goalpost-m\t", ["check", "--base", "release", "--select", "goalpost-moved"]),
    ("score --what-if sig\t--fail-if at\t", ["score", "--what-if", "signups=100", "--fail-if", "at-risk"]),
    ("close 2026-Q2 --outcome onboarding=r\t", ["close", "2026-Q2", "--outcome", "onboarding=reached"]),
    ("new 2026-Q3 --carry-over 2026-Q2 --ref onb\t", "new 2026-Q3 --carry-over 2026-Q2 --ref onboarding".split()),
    ("-C /nowhere show sig\tx", ["-C", "/nowhere", "show", "sigx"]),
]  # fmt: skip
PROMPT, DONE = "READY> ", "DONE."
SHELLS = {
    "bash": (
        ["--norc", "--noprofile", "-i"],
        f"PS1='{PROMPT}'; eval \"$(okrctl --show-completion bash)\"; okrctl ready",
    ),
    "zsh": (
        ["-f", "-i"],
        f"PS1='{PROMPT}'; autoload -Uz compinit; compinit -uD; eval \"$(okrctl --show-completion zsh)\"; okrctl ready",
    ),
    "fish": (
        ["--no-config", "-i"],
        f"function fish_prompt; printf '{PROMPT}'; end; okrctl --show-completion fish | source; okrctl ready",
    ),
}  # fmt: skip
PROGRAM = f"""#!/bin/sh
case "$*" in --show-completion*) exec {sys.executable} -m okrctl "$@" ;; esac
[ -n "$_OKRCTL_COMPLETE" ] && exec {sys.executable} -m okrctl "$@"
for word in "$@"; do printf '%s\\n' "$word"; done >> "$RECORD"
echo >> "$RECORD"
echo {DONE}
"""
# A shell edits lines only on the terminal that controls it.
CONTROLLED = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
PATIENCE = 120.0


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, shell: str, folder: Path) -> None:
        outer, inner = pty.openpty()
        command = [sys.executable, "-c", CONTROLLED, shell, *SHELLS[shell][0]]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=inner, stdout=inner, stderr=inner, start_new_session=True
        )
        os.close(inner)
        self.terminal = outer
        self.shown = ""

    def type(self, text: str) -> None:
        """Type a line, and wait until okrctl was called and the shell asks for the next one."""
        os.write(self.terminal, f"{text}\r".encode())
        seen = ""
        while PROMPT not in seen.rpartition(DONE)[2] or DONE not in seen:
            ready, _, _ = select.select([self.terminal], [], [], PATIENCE)
            assert ready, f"the shell does not answer: {(self.shown + seen)[-2000:]!r}"
            seen += os.read(self.terminal, 1 << 16).decode("utf-8", "replace")
        self.shown += seen

    def end(self) -> None:
        """End the shell."""
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_in_a_real_shell(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    workspace = build_workspace(tmp_path / "goals", monkeypatch)
    record = tmp_path / "record"
    write(tmp_path, {"bin/okrctl": PROGRAM})
    (tmp_path / "bin/okrctl").chmod(0o755)
    for name, value in {
        "PATH": f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(Path(__file__).parents[2]),
        "RECORD": str(record), "TERM": "dumb", "HOME": str(tmp_path),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    terminal = Terminal(shell, workspace)
    try:
        for line in (SHELLS[shell][1], *(f"okrctl {typed}" for typed, _ in TYPED)):
            terminal.type(line)
    finally:
        terminal.end()
    called = [block.split("\n") for block in record.read_text().rstrip("\n").split("\n\n")]
    assert called == [["ready"], *(words for _, words in TYPED)], terminal.shown
    assert not re.search(r"Traceback|error:|hint:", terminal.shown)
    assert not (workspace / "pwned").exists()
