"""A diff can be applied, and carries nothing harmful to the terminal."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.unified_diff import render

OLD = "a: 1\nb: 2\nc: 3"
NEW = "a: 1\nb: 4\nc: 3"


def test_a_diff_names_the_file_and_the_lines() -> None:
    expected = "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,3 +1,3 @@\n a: 1\n-b: 2\n+b: 4\n c: 3\n\\ No newline at end of file\n"
    assert render({"x.yaml": (OLD, NEW)}, TerminalStyle()) == expected
    assert render({}, TerminalStyle()) == ""


def test_files_are_shown_in_order_and_line_breaks_do_not_show() -> None:
    text = render({"b": ("x\r\n", "y\r\n"), "a": ("x\r", "y\r")}, TerminalStyle())
    assert text.index("a/a") < text.index("a/b")
    assert "\r" not in text


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b[2J" not in render({"a": ("x\n", "\x1b[2J\n")}, TerminalStyle(color=True))


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_applies_a_diff(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(OLD)
    text = render({"x.yaml": (OLD, NEW)}, TerminalStyle())
    subprocess.run(["git", "apply", "-"], input=text.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "x.yaml").read_text() == NEW
