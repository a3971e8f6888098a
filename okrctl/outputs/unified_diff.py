"""Changes of files as a unified diff, which `git apply` accepts where the text has no control characters."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from okrctl.outputs.terminal import TerminalStyle, paint, sanitize

COLORS = {"+": "green", "-": "red", "@": "cyan"}
_LINE_BREAK = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def render(changes: Mapping[str, tuple[str, str]], style: TerminalStyle) -> str:
    """The diff of all files, by path; `changes` are the old and the new text."""
    return "".join(f"{line}\n" for path in sorted(changes) for line in _file_lines(path, *changes[path], style))


def _file_lines(path: str, old: str, new: str, style: TerminalStyle) -> Iterator[str]:
    lines = difflib.unified_diff(_split_lines(old), _split_lines(new), f"a/{path}", f"b/{path}", lineterm="\n")
    for number, line in enumerate(lines):
        text = sanitize(line.rstrip("\r\n"))
        yield paint(text, "bold" if number < 2 else COLORS.get(line[0], "dim"), style)
        if number > 1 and line[0] != "@" and not line.endswith(("\n", "\r")):
            yield "\\ No newline at end of file"


def _split_lines(text: str) -> list[str]:
    return [line for line in _LINE_BREAK.split(text) if line]
