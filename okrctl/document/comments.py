"""Finds the comments that suppress findings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
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
