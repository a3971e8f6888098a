"""Puts replacements into a text whose line breaks, byte order mark and all else stay as they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from okrctl.check.report import CheckReport
from okrctl.values.diagnostic import Diagnostic, Replacement

_LINE_BREAK = re.compile(r"\r\n|[\r\n]")

CheckTexts = Callable[[Mapping[str, str]], CheckReport]
"""The report of the workspace where these texts stand in for those of their paths."""


@dataclass(frozen=True)
class FixResult:
    """What was done: old and new texts by path, the findings dealt with and those that could not be, both reports."""

    texts: Mapping[str, tuple[str, str]]
    fixed: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]
    before: CheckReport
    after: CheckReport


class SourceLines:
    """Where the lines of a text begin and end, as offsets; lines count from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [int(text.startswith("\ufeff")), *(found.end() for found in _LINE_BREAK.finditer(text))]
        self.ends = [*(found.start() for found in _LINE_BREAK.finditer(text)), len(text)]

    def offset(self, line: int, column: int) -> int:
        """The offset of a place, within its line."""
        line = min(line, len(self.starts))
        return min(self.starts[line - 1] + column - 1, self.ends[line - 1])

    def line_of(self, offset: int) -> int:
        """The line of an offset."""
        return max(bisect_right(self.starts, offset), 1)

    def content(self, line: int) -> str:
        """The text of a line without its break."""
        return self.text[self.starts[line - 1] : self.ends[line - 1]]

    @property
    def newline(self) -> str:
        """How the text breaks its lines."""
        found = _LINE_BREAK.search(self.text)
        return found[0] if found else "\n"


def compatible_fixes(fixes: Iterable[tuple[Replacement, ...]], lines: SourceLines) -> list[int]:
    """The numbers of the fixes that can be made together: none touches one before it."""
    taken: list[tuple[int, int]] = []
    chosen = []
    for number, fix in enumerate(fixes):
        stretches = [_offsets(part, lines) for part in fix]
        if all(end < start or past < begin for start, past in stretches for begin, end in taken):
            taken += stretches
            chosen.append(number)
    return chosen


def apply_replacements(lines: SourceLines, parts: Iterable[Replacement]) -> str:
    """The text with all replacements made; their line breaks become the file's own."""
    text, newline = lines.text, lines.newline
    for (start, end), new in sorted(((_offsets(part, lines), part.text) for part in parts), reverse=True):
        text = text[:start] + new.replace("\n", newline) + text[end:]
    return text


def _offsets(part: Replacement, lines: SourceLines) -> tuple[int, int]:
    span = part.span
    return lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)
