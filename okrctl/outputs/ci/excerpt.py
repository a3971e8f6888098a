"""Shows a stretch of one line with marks under it, however long the line and wide its characters are."""

from __future__ import annotations

from typing import NamedTuple

from okrctl.outputs.terminal import Glyphs, clip, safe, width_of

TAB = "    "
LONGEST = 200  # columns that are shown of a line where nothing else limits it


class Excerpt(NamedTuple):
    """What is shown of a line, how many columns stand before the marks, and how many marks there are."""

    line: str
    gap: int
    marks: int


def excerpt(line: str, start: int, end: int, room: int | None, glyphs: Glyphs) -> Excerpt:
    """The part of `line` around the characters from `start` to before `end`, in at most `room` columns."""
    room = max(min(room or LONGEST, LONGEST), 20)
    start = min(start, len(line))
    end = max(min(end, len(line)), start)
    before = _shown(line[max(start - 2 * room, 0) : start])
    marked = _shown(line[start : min(end, start + 2 * room)])
    after = _shown(line[end : end + 2 * room])
    whole = start <= 2 * room and sum(map(width_of, (before, marked, after))) <= room
    if not whole and (start > 2 * room or width_of(before) + min(width_of(marked), room // 2) > room - 1):
        before = glyphs.ellipsis + _tail(before, room // 3)
    shown = clip(before + marked + after, room, glyphs) if not whole else before + marked + after
    gap = width_of(before)
    return Excerpt(shown.rstrip(), gap, max(min(width_of(marked), room - gap), 1))


def _shown(text: str) -> str:
    return safe(text.replace("\t", TAB))


def _tail(text: str, room: int) -> str:
    """The end of a text that fits into so many columns."""
    taken = text[-room:]
    while width_of(taken) > room:
        taken = taken[1:]
    return taken
