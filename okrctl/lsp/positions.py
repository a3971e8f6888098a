"""Converts places in a text between characters, as okrctl counts them, and the units of the editor.

An editor counts lines and units from 0, by default units of UTF-16, in which an emoji is two. okrctl counts lines and
columns in characters from 1, or offsets from the start of the text. Both begin a line after CRLF, LF or CR alone, and
at no other character.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types

from okrctl.values.diagnostic import Span

_BREAK = re.compile(r"\r\n|[\r\n]")
_ENCODINGS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
Encoding = types.PositionEncodingKind | str | None


class Positions:
    """The places of one text. Without `has_mark`, the editor hides a byte order mark that the file begins with."""

    def __init__(self, text: str, encoding: Encoding = None, *, has_mark: bool = False) -> None:
        self.text = text
        self._codec, self._width = _ENCODINGS[types.PositionEncodingKind(encoding or "utf-16")]
        self._mark = int(text.startswith("\ufeff"))
        self._starts = [0 if has_mark else self._mark, *(found.end() for found in _BREAK.finditer(text))]

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        line = max(bisect_right(self._starts, offset), 1) - 1
        return types.Position(line, self._units(self.text[self._starts[line] : max(offset, 0)]))

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def span_range(self, span: Span) -> types.Range:
        """The range of a span; a place beyond the text is kept as it is, since the text may not be known."""
        return types.Range(self._place(span.line, span.column), self._place(span.end_line, span.end_column))

    def offset(self, position: types.Position) -> int:
        """The offset of a position, within its line; the end of the text for a line beyond it."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        found = _BREAK.search(self.text, start)
        line = self.text[start : found.start() if found else len(self.text)]
        if line.isascii():
            return start + min(position.character, len(line))
        room = position.character
        for index, character in enumerate(line):
            room -= self._units(character)
            if room < 0:
                return start + index
        return start + len(line)

    def _place(self, line: int, column: int) -> types.Position:
        beyond = types.Position(line - 1, column - 1)
        if line > len(self._starts):
            return beyond
        offset = (self._mark if line == 1 else self._starts[line - 1]) + column - 1
        place = self.position(offset)
        return place if offset <= len(self.text) and place.line == line - 1 else beyond

    def _units(self, text: str) -> int:
        return len(text.encode(self._codec, "surrogatepass")) // self._width
