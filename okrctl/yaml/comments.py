"""Finds the comments that suppress findings, and which of them speaks for a line."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from okrctl.values.diagnostic import Span

_BREAK = re.compile(r"\r\n|[\r\n]")
_COMMENT = re.compile(r"#[ \t]*okrctl:[^\r\n]*")
_IGNORE = re.compile(r"okrctl:\s*ignore\s*\[([^\]\r\n]*)\]")
_NAME = re.compile(r"[^,\s][^,]*")
_CONTENT = re.compile(r"(?<![^\r\n])[^\S\r\n]*[^\s#]")
MAX_NAMES = 20_000  # of one file; those behind them suppress nothing


class IgnoreComment(NamedTuple):
    """A comment `# okrctl: ignore[a, b]`; `names` is empty where it is malformed or names nothing.

    `alone`: it has its line for itself, and speaks of `target`, the next line that says something.
    """

    line: int
    names: tuple[tuple[str, Span], ...]
    span: Span
    is_alone: bool
    target: int


def find_ignore_comments(
    text: str, taken: list[tuple[int, int]], span: Callable[[int, int], Span]
) -> list[IgnoreComment]:
    """Every such comment in order; `taken` are the offsets of all scalars, `span` turns two offsets into a place."""
    ignores: list[IgnoreComment] = []
    says, room = 0, MAX_NAMES
    for found in _COMMENT.finditer(text):
        if room > 0 and not _is_in_scalar(found.start(), taken, text):
            says = _next_content(text, found.end()) if says < found.end() else says
            ignores.append(_parse_comment(text, found, span, says, room))
            room -= max(len(ignores[-1].names), 1)
    return ignores


class IgnoreIndex(NamedTuple):
    """Where the comments that name one rule stand: behind something, and alone above a line."""

    trailing: list[int]
    standalone: dict[int, list[int]]

    def lines_covering(self, first: int, last: int) -> list[int]:
        """A comment speaks for a value when it ends one of its lines, or stands alone above its first."""
        behind = self.trailing[bisect_left(self.trailing, first) : bisect_right(self.trailing, last)]
        return behind + self.standalone.get(first, [])


def index_by_rule(ignores: Iterable[IgnoreComment]) -> dict[str, IgnoreIndex]:
    """The comments of one file by the names of rules that they write."""
    found: dict[str, IgnoreIndex] = {}
    for ignore in ignores:
        for word, _ in ignore.names:
            known = found.setdefault(word, IgnoreIndex([], {}))
            (known.standalone.setdefault(ignore.target, []) if ignore.is_alone else known.trailing).append(ignore.line)
    return found


def _parse_comment(
    text: str, found: re.Match[str], span: Callable[[int, int], Span], says: int, room: int
) -> IgnoreComment:
    """One comment with at most so many names; `says` is where the next line that says something does so."""
    start, end = found.start(), found.start() + len(found[0].rstrip())
    names: list[tuple[str, Span]] = []
    for group in _IGNORE.finditer(text, start, end):
        for name in islice(_NAME.finditer(text, group.start(1), group.end(1)), room - len(names)):
            word = name[0].rstrip()
            names.append((word, span(name.start(), name.start() + len(word))))
    place = span(start, end)
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    alone = not text[first:start].strip(" \t\ufeff")
    target = span(says, says).line if alone and says < len(text) else place.line
    return IgnoreComment(place.line, tuple(names), place, alone, target)


def _next_content(text: str, end: int) -> int:
    """Where the next line begins to speak that is neither blank nor a comment; the end of the text if there is none."""
    found = _CONTENT.search(text, end)
    return found.end() - 1 if found else len(text)


def _is_in_scalar(offset: int, taken: list[tuple[int, int]], text: str) -> bool:
    """Whether an offset lies in a scalar; the header line of a block scalar may carry a comment."""
    index = bisect_right(taken, (offset, len(text) + 1)) - 1
    if index < 0:
        return False
    start, end = taken[index]
    if text[start : start + 1] in ("|", ">"):
        found = _BREAK.search(text, start)
        start = found.start() if found else start
    return start <= offset < end
