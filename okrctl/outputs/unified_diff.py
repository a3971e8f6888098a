"""Changes of files as a unified diff, which `git apply` takes where the text is harmless."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from okrctl.outputs.terminal import Look, painted, safe

COLORS = {"+": "green", "-": "red", "@": "cyan"}
_BREAK = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def render(changes: Mapping[str, tuple[str, str]], look: Look) -> str:
    """The old and new texts by path, line against line."""
    return "".join(f"{line}\n" for path in sorted(changes) for line in _file(path, *changes[path], look))


def _file(path: str, old: str, new: str, look: Look) -> Iterator[str]:
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}", lineterm="\n")
    for number, line in enumerate(lines):
        text = safe(line.rstrip("\r\n"))
        yield painted(text, "bold" if number < 2 else COLORS.get(line[0], "dim"), look)
        if number > 1 and line[0] != "@" and not line.endswith(("\n", "\r")):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    return [line for line in _BREAK.split(text) if line]
