"""Finds the comments that suppress findings, and which of them speaks for a line."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from okrctl.diagnostic import Span

_BREAK = re.compile(r"\r\n|[\r\n]")
_COMMENT = re.compile(r"#[ \t]*okrctl:[^\r\n]*")
_IGNORE = re.compile(r"okrctl:\s*ignore\s*\[([^\]\r\n]*)\]")
_NAME = re.compile(r"[^,\s][^,]*")


class Ignore(NamedTuple):
    """A comment `# okrctl: ignore[a, b]`; `names` is empty where it is malformed or names nothing.

    `alone`: it has its line for itself, and speaks of `target`, the next line that says something.
    """

    line: int
    names: tuple[tuple[str, Span], ...]
    span: Span
    alone: bool
    target: int


def find_ignores(text: str, taken: list[tuple[int, int]], span: Callable[[int, int], Span]) -> list[Ignore]:
    """Every such comment in order; `taken` are the offsets of all scalars, `span` turns two offsets into a place."""
    following = _following(text)
    found = (one for one in _COMMENT.finditer(text) if not _inside(one.start(), taken, text))
    return [_ignore(text, one, span, following) for one in found]


class Ignores(NamedTuple):
    """Where the comments that name one rule stand: behind something, and alone above a line."""

    behind: list[int]
    above: dict[int, list[int]]

    def covering(self, first: int, last: int) -> list[int]:
        """A comment speaks for a value when it ends one of its lines, or stands alone above its first."""
        behind = self.behind[bisect_left(self.behind, first) : bisect_right(self.behind, last)]
        return behind + self.above.get(first, [])


def by_word(ignores: Iterable[Ignore]) -> dict[str, Ignores]:
    """The comments of one file by the names of rules that they write."""
    found: dict[str, Ignores] = {}
    for ignore in ignores:
        for word, _ in ignore.names:
            known = found.setdefault(word, Ignores([], {}))
            (known.above.setdefault(ignore.target, []) if ignore.alone else known.behind).append(ignore.line)
    return found


def _ignore(text: str, found: re.Match[str], span: Callable[[int, int], Span], following: list[int]) -> Ignore:
    start, end = found.start(), found.start() + len(found[0].rstrip())
    names: list[tuple[str, Span]] = []
    for group in _IGNORE.finditer(text, start, end):
        for name in _NAME.finditer(text, group.start(1), group.end(1)):
            word = name[0].rstrip()
            names.append((word, span(name.start(), name.start() + len(word))))
    place = span(start, end)
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    alone = not text[first:start].strip(" \t\ufeff")
    target = following[place.line - 1] if alone else place.line
    return Ignore(place.line, tuple(names), place, alone, target)


def _following(text: str) -> list[int]:
    """For each line the next one that is neither blank nor a comment, or itself at the end of the file."""
    lines = _BREAK.split(text)
    result, after = list(range(1, len(lines) + 1)), 0
    for number in range(len(lines), 0, -1):
        result[number - 1] = after or number
        content = lines[number - 1].strip()
        if content and not content.startswith("#"):
            after = number
    return result


def _inside(offset: int, taken: list[tuple[int, int]], text: str) -> bool:
    """Whether an offset lies in a scalar; the header line of a block scalar may carry a comment."""
    index = bisect_right(taken, (offset, len(text) + 1)) - 1
    if index < 0:
        return False
    start, end = taken[index]
    if text[start : start + 1] in ("|", ">"):
        found = _BREAK.search(text, start)
        start = found.start() if found else start
    return start <= offset < end
