"""Knows how a text is laid out: its lines, columns and line breaks, and where each node begins and ends."""

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
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Pair(NamedTuple):
    """A key and its value as written; `end` is where the value's last character ends, `value` where it begins.

    `value` is None where nothing is written behind the colon, and `end` then lies behind the colon.
    """

    name: str
    start: int
    colon: int
    value: int | None
    end: int


class SourceMap:
    """The places of one document, as offsets into its text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        shift = int(self.text.startswith("\ufeff"))
        self._lines = [shift, *(found.end() for found in _BREAK.finditer(self.text))]
        self._nodes: dict[Route, NodeLayout | None] = {}

    def node(self, route: Route) -> NodeLayout | None:
        """The node at a route, looked up once."""
        if route not in self._nodes:
            self._nodes[route] = self.document.node(route)
        return self._nodes[route]

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self._lines[max(bisect_right(self._lines, offset) - 1, 0)]

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its break."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def column(self, offset: int) -> int:
        """How many characters stand before an offset on its line."""
        return offset - self.line_start(offset)

    def is_first_on_line(self, offset: int) -> bool:
        """Whether only blanks stand before it on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" ")

    def is_same_line(self, one: int, other: int) -> bool:
        """Whether two offsets lie on one line."""
        return self.line_start(one) == self.line_start(other)

    @property
    def newline(self) -> str:
        """The line break of this text."""
        found = _BREAK.search(self.text)
        return found[0] if found else "\n"

    @property
    def indent_width(self) -> int:
        """How far this text indents a mapping in a mapping."""
        steps = (len(found[2]) - len(found[1]) for found in _NESTED.finditer(self.text))
        return next((step for step in steps if 1 < step <= 8), 2)

    def key_offsets(self, route: Route) -> tuple[int, int]:
        """Where the key of a route begins and ends."""
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
        """How many elements a sequence has."""
        found = self.document.data
        for part in route:
            found = found[part]  # type: ignore[index]
        return len(found) if isinstance(found, list) else 0

    def node_end(self, route: Route) -> int:
        """Where the last character of a node ends, a block scalar before its last line break."""
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
        """The route of the node that is written last within a node in block style."""
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
        """The splices that put whole lines right below the last line of a node."""
        end = self.line_end(self.node_end(route))
        last = self.last_node(route)
        if self._is_block_scalar(last):
            return self._splices_below_block_scalar(last, end, lines)
        return [self.splice_at_line_end(end, lines)]

    def splice_at_line_end(self, end: int, lines: list[str]) -> Splice:
        """Whole lines below the line that ends at `end`."""
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
        if found is None and header[1] != "-":  # a line break behind it would become part of the text
            place = header.start(1)
            return [Splice(place, header.end(1), "-"), self.splice_at_line_end(end, lines)]
        if header[1] != "+" or found is None:
            return [self.splice_at_line_end(end, lines)]
        place = found.end()
        while blank := _BLANK_LINE.match(self.text, place):
            place = blank.end()
        return [Splice(place, place, "".join(line + found[0] for line in lines))]

    def line_above(self, start: int, column: int) -> int:
        """Where a line is put above the one of `start`: over the comments that belong to it."""
        line = self.line_start(start)
        while line > self._lines[0]:
            previous = self.line_start(line - 1)
            content = self.text[previous:line]
            if not content.lstrip(" ").startswith("#") or len(content) - len(content.lstrip(" ")) != column:
                break
            line = previous
        return line


def _ends_in_literal(lines: list[str]) -> bool:
    """Whether the last value is a literal block whose text has a line break at its end."""
    outside = [line for line in lines if _indent(line) < _indent(lines[-1])]
    return len(lines) > 1 and bool(outside) and outside[-1].endswith(": |")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def apply_splices(text: str, splices: Sequence[Splice]) -> str:
    """The text with all splices, whose offsets count in the old one; at one place they follow each other as given.

    Raises ValueError where two of them overlap.
    """
    parts, place = [], 0
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        if splice.start < place:
            raise ValueError("two changes of one place")
        parts += [text[place : splice.start], splice.text]
        place = splice.end
    return "".join([*parts, text[place:]])
