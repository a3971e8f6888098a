"""Cuts a part out of a line to stand above marks, however long the line and however wide its characters are."""

from __future__ import annotations

from typing import NamedTuple

from okrctl.outputs.terminal import Glyphs, clip, display_width, sanitize

TAB = "    "
MAX_COLUMNS = 200  # columns of a line where nothing else limits it


class Excerpt(NamedTuple):
    """A part of a line, the number of columns before the marks, and the number of marks."""

    line: str
    gap: int
    marks: int


def excerpt(line: str, start: int, end: int, room: int | None, glyphs: Glyphs) -> Excerpt:
    """The part of `line` around the characters from `start` to before `end`, in at most `room` columns."""
    room = max(min(room or MAX_COLUMNS, MAX_COLUMNS), 20)
    start = min(start, len(line))
    end = max(min(end, len(line)), start)
    before = _expand(line[max(start - 2 * room, 0) : start])
    marked = _expand(line[start : min(end, start + 2 * room)])
    after = _expand(line[end : end + 2 * room])
    is_whole = start <= 2 * room and sum(map(display_width, (before, marked, after))) <= room
    if not is_whole and (start > 2 * room or display_width(before) + min(display_width(marked), room // 2) > room - 1):
        before = glyphs.ellipsis + _tail(before, room // 3)
    shown = clip(before + marked + after, room, glyphs) if not is_whole else before + marked + after
    gap = display_width(before)
    return Excerpt(shown.rstrip(), gap, max(min(display_width(marked), room - gap), 1))


def _expand(text: str) -> str:
    return sanitize(text.replace("\t", TAB))


def _tail(text: str, room: int) -> str:
    """The end of a text, in at most `room` columns."""
    taken = text[-room:]
    while display_width(taken) > room:
        taken = taken[1:]
    return taken
