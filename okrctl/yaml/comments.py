"""Finds the comments that suppress findings, and the comments that cover a line."""

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
MAX_NAMES = 20_000  # of one file; later names are ignored


class IgnoreComment(NamedTuple):
    """A comment `# okrctl: ignore[a, b]`; `names` is empty if it is malformed or names no rule.

    If `is_alone`, the comment has its own line and covers `target`, the next line with content.
    """

    line: int
    names: tuple[tuple[str, Span], ...]
    span: Span
    is_alone: bool
    target: int


def find_ignore_comments(
    text: str, scalars: list[tuple[int, int]], span: Callable[[int, int], Span]
) -> list[IgnoreComment]:
    """All such comments in order; `scalars` are the offsets of all scalars, `span` turns two offsets into a place."""
    ignores: list[IgnoreComment] = []
    content, room = 0, MAX_NAMES
    for comment in _COMMENT.finditer(text):
        if room > 0 and not _is_in_scalar(comment.start(), scalars, text):
            content = _next_content(text, comment.end()) if content < comment.end() else content
            ignores.append(_parse_comment(text, comment, span, content, room))
            room -= max(len(ignores[-1].names), 1)
    return ignores


class IgnoreIndex(NamedTuple):
    """The lines of the comments that name one rule: at the end of a line, or alone above a line (by that line)."""

    trailing: list[int]
    standalone: dict[int, list[int]]

    def lines_covering(self, first: int, last: int) -> list[int]:
        """The comments for a value on these lines: at the end of one of them, or alone above the first."""
        trailing = self.trailing[bisect_left(self.trailing, first) : bisect_right(self.trailing, last)]
        return trailing + self.standalone.get(first, [])


def index_by_rule(ignores: Iterable[IgnoreComment]) -> dict[str, IgnoreIndex]:
    """The comments of one file by the rule names written in them."""
    by_rule: dict[str, IgnoreIndex] = {}
    for ignore in ignores:
        for name, _ in ignore.names:
            index = by_rule.setdefault(name, IgnoreIndex([], {}))
            lines = index.standalone.setdefault(ignore.target, []) if ignore.is_alone else index.trailing
            lines.append(ignore.line)
    return by_rule


def _parse_comment(
    text: str, comment: re.Match[str], span: Callable[[int, int], Span], content: int, room: int
) -> IgnoreComment:
    """A comment with at most `room` names; `content` is the offset of the next content after it."""
    start, end = comment.start(), comment.start() + len(comment[0].rstrip())
    names: list[tuple[str, Span]] = []
    for group in _IGNORE.finditer(text, start, end):
        for name in islice(_NAME.finditer(text, group.start(1), group.end(1)), room - len(names)):
            word = name[0].rstrip()
            names.append((word, span(name.start(), name.start() + len(word))))
    place = span(start, end)
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    is_alone = not text[line_start:start].strip(" \t\ufeff")
    target = span(content, content).line if is_alone and content < len(text) else place.line
    return IgnoreComment(place.line, tuple(names), place, is_alone, target)


def _next_content(text: str, end: int) -> int:
    """The offset of the next content that is neither blank nor a comment; the end of the text if there is none."""
    content = _CONTENT.search(text, end)
    return content.end() - 1 if content else len(text)


def _is_in_scalar(offset: int, scalars: list[tuple[int, int]], text: str) -> bool:
    """Whether an offset is inside a scalar; the header line of a block scalar may have a comment."""
    index = bisect_right(scalars, (offset, len(text) + 1)) - 1
    if index < 0:
        return False
    start, end = scalars[index]
    if text[start : start + 1] in ("|", ">"):
        line_break = _BREAK.search(text, start)
        start = line_break.start() if line_break else start
    return start <= offset < end
