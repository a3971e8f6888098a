"""Maps the nodes of a document to offsets in its text: lines, columns, line breaks, start and end of each node."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from okrctl.values.diagnostic import Route
from okrctl.yaml import Document, NodeLayout

_BREAK = re.compile(r"\r\n|[\r\n]")
_COLON = re.compile(r"[ \t]*:")
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|[\r\n])")
_HEADER = re.compile(r"[|>][0-9]?([+-]?)[0-9]?")
_NESTED = re.compile(r"^( *)[^\s#-][^\r\n#]*:[ \t]*(?:\r\n|[\r\n])( +)[^\s#-]", re.MULTILINE)


class Splice(NamedTuple):
    """A replacement of the characters from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


class Pair(NamedTuple):
    """A key and its value as written, as offsets; `value` is the start of the value, `end` the end of the pair.

    If nothing is written after the colon, `value` is None and `end` is after the colon.
    """

    name: str
    start: int
    colon: int
    value: int | None
    end: int


class SourceMap:
    """The places of the nodes of one document, as offsets into its text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        shift = int(self.text.startswith("\ufeff"))
        self._lines = [shift, *(found.end() for found in _BREAK.finditer(self.text))]
        self._nodes: dict[Route, NodeLayout | None] = {}

    def node(self, route: Route) -> NodeLayout | None:
        """The node at a route; cached."""
        if route not in self._nodes:
            self._nodes[route] = self.document.node(route)
        return self._nodes[route]

    def line_start(self, offset: int) -> int:
        """The start of the line of an offset."""
        return self._lines[max(bisect_right(self._lines, offset) - 1, 0)]

    def line_end(self, offset: int) -> int:
        """The end of the line of an offset, before its line break."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def column(self, offset: int) -> int:
        """The number of characters before an offset on its line."""
        return offset - self.line_start(offset)

    def is_first_on_line(self, offset: int) -> bool:
        """Whether there are only blanks before an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" ")

    def is_same_line(self, first: int, second: int) -> bool:
        """Whether two offsets are on one line."""
        return self.line_start(first) == self.line_start(second)

    @property
    def newline(self) -> str:
        """The line break of the text."""
        found = _BREAK.search(self.text)
        return found[0] if found else "\n"

    @property
    def indent_width(self) -> int:
        """The width by which the text indents a mapping in a mapping."""
        steps = (len(found[2]) - len(found[1]) for found in _NESTED.finditer(self.text))
        return next((step for step in steps if 1 < step <= 8), 2)

    def key_offsets(self, route: Route) -> tuple[int, int]:
        """The start and end of the key at a route."""
        span = self.document.key_span(route)
        return self._lines[span.line - 1] + span.column - 1, self._lines[span.end_line - 1] + span.end_column - 1

    def pair(self, route: Route) -> Pair:
        """The pair whose value is at this route."""
        start, end = self.key_offsets(route)
        found = _COLON.match(self.text, end)
        colon = found.end() if found else end
        node = self.node(route)
        blank = node is None or node.start >= node.end or node.start < colon
        value = None if blank or node is None else node.start
        return Pair(str(route[-1]), start, colon, value, colon if value is None else self.node_end(route))

    def item_count(self, route: Route) -> int:
        """The number of elements of a sequence."""
        found = self.document.data
        for part in route:
            found = found[part]  # type: ignore[index]
        return len(found) if isinstance(found, list) else 0

    def node_end(self, route: Route) -> int:
        """The end of the last character of a node; a block scalar ends before its last line break."""
        node = self.node(route)
        plain = node is not None and node.kind == "scalar" and self.text[node.start : node.start + 1] not in "|>*"
        if node is not None and (node.is_flow or plain) and node.start < node.end:
            return node.end
        last = self.last_node(route)
        node = self.node(last)
        if node is None:
            return self.line_end(self.key_offsets(last)[0])
        if node.start >= node.end and isinstance(last[-1], str):
            return self.pair(last).colon
        return (
            node.start + len(self.text[node.start : node.end].rstrip("\r\n"))
            if self._is_block_scalar(last)
            else node.end
        )

    def last_node(self, route: Route) -> Route:
        """The route of the last node within a node in block style."""
        node = self.node(route)
        while node is not None and not node.is_flow and node.kind != "scalar" and not self._is_alias(route):
            names = self.document.keys(route) if node.kind == "mapping" else list(range(self.item_count(route)))
            if not names:
                break
            route = (*route, names[-1])
            node = self.node(route)
        return route

    def _is_alias(self, route: Route) -> bool:
        node = self.node(route)
        return node is not None and self.text.startswith("*", node.start)

    def _is_block_scalar(self, route: Route) -> bool:
        scalar = self.document.scalar(route)
        return scalar is not None and scalar.style in ("literal", "folded") and not self._is_alias(route)

    def splices_below(self, route: Route, lines: list[str]) -> list[Splice]:
        """The splices that add lines below the last line of a node."""
        end = self.line_end(self.node_end(route))
        last = self.last_node(route)
        if self._is_block_scalar(last):
            return self._splices_below_block_scalar(last, end, lines)
        return [self.splice_at_line_end(end, lines)]

    def splice_at_line_end(self, end: int, lines: list[str]) -> Splice:
        """The splice that adds lines below the line that ends at an offset."""
        found = _BREAK.match(self.text, end)
        if found:
            return Splice(found.end(), found.end(), "".join(line + found[0] for line in lines))
        text = "".join(self.newline + line for line in lines)
        return Splice(end, end, text + (self.newline if _ends_in_literal(lines) else ""))

    def _splices_below_block_scalar(self, route: Route, end: int, lines: list[str]) -> list[Splice]:
        scalar = self.document.scalar(route)
        header = _HEADER.match(self.text, scalar.start) if scalar else None
        if scalar is None or header is None:
            return [self.splice_at_line_end(end, lines)]
        found = _BREAK.match(self.text, end)
        if found is None and header[1] != "-":  # a line break after it would become part of the value
            place = header.start(1)
            return [Splice(place, header.end(1), "-"), self.splice_at_line_end(end, lines)]
        if header[1] != "+" or found is None:
            return [self.splice_at_line_end(end, lines)]
        place = found.end()
        while blank := _BLANK_LINE.match(self.text, place):
            place = blank.end()
        return [Splice(place, place, "".join(line + found[0] for line in lines))]

    def line_above(self, start: int, column: int) -> int:
        """The offset for a line above the line of `start` and above the comments that belong to it."""
        line = self.line_start(start)
        while line > self._lines[0]:
            previous = self.line_start(line - 1)
            content = self.text[previous:line]
            if not content.lstrip(" ").startswith("#") or len(content) - len(content.lstrip(" ")) != column:
                break
            line = previous
        return line


def _ends_in_literal(lines: list[str]) -> bool:
    """Whether the last value is a literal block that ends with a line break."""
    outside = [line for line in lines if _indent(line) < _indent(lines[-1])]
    return len(lines) > 1 and bool(outside) and outside[-1].endswith(": |")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def apply_splices(text: str, splices: Sequence[Splice]) -> str:
    """The text with all splices; their offsets refer to the old text. Splices at one offset stay in their order.

    Raises ValueError if two of them overlap.
    """
    parts, place = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if splice.start < place:
            raise ValueError("two edits overlap")
        parts += [text[place : splice.start], splice.text]
        place = splice.end
    return "".join([*parts, text[place:]])
