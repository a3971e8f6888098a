"""Reads one YAML text into plain data of strings, knowing the place of everything in it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from okrctl.values.diagnostic import START, Fault, Route, Span
from okrctl.yaml import events, syntax_errors
from okrctl.yaml.ast import SCALAR, Careful, Part, Problem, all_scalars, is_blank, tree
from okrctl.yaml.comments import Ignore, find_ignores
from okrctl.yaml.events import MAPPING, SEQUENCE
from okrctl.yaml.path import Step, follow, unlisted

__all__ = ["MAX_SIZE", "Document", "Ignore", "Node", "Scalar", "Source", "decode", "parse"]

MAX_SIZE = 10_000_000
Style = Literal["plain", "single", "double", "literal", "folded"]

_BREAK = re.compile(r"\r\n|[\r\n]")
_SIGNS: dict[str, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_TOO_DEEP = (f"nested more than {events.MAX_DEPTH} levels deep", "nest less")
_TOO_MANY = (f"more than {events.MAX_PIECES:,} keys, values, lists and mappings", "split the file into several")
_TOO_LARGE = f"the file is larger than {MAX_SIZE // 1_000_000} MB"


class Source(NamedTuple):
    """A decoded file: its path relative to the workspace, and its text with line ends and byte order mark untouched."""

    path: str
    text: str


class Scalar(NamedTuple):
    """How a scalar is written; offsets count characters of the text, a block scalar ends behind its last line break."""

    text: str
    value: str
    style: Style
    start: int
    end: int
    span: Span


class Node(NamedTuple):
    """What an editor needs of a node: `start` lies behind its anchor; `alias` if it is, or was reached through, one."""

    kind: Literal["scalar", "mapping", "sequence"]
    flow: bool
    start: int
    end: int
    span: Span
    anchor: bool
    alias: bool


def decode(path: str, data: bytes | Fault) -> Source | Fault:
    """Decode a file; Fault OKR009 where it is over 10 MB or not UTF-8, or the one that stands in for its bytes."""
    if isinstance(data, Fault):
        return data
    if len(data) > MAX_SIZE:
        return Fault("OKR009", _TOO_LARGE, START, "split it into several files")
    try:
        return Source(path, data.decode())
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        lines = _BREAK.split(before)
        column = len(lines[-1]) + 1 - (len(lines) == 1 and before.startswith("\ufeff"))
        span = Span(len(lines), column, len(lines), column + 1)
        return Fault("OKR009", "the file is not written in UTF-8", span, "save it as UTF-8")


def parse(source: Source, *, pure: bool = False) -> Document:
    """Read a text; never raises. `pure` takes the parser written in Python even where the C one is there."""
    document = Document(source.path, source.text)
    document._read(pure)
    return document


class Document:
    """The data of one file, all of it text, and the places it stands at.

    `data` is a tree of dict, list and str; None where the file is empty or nothing could be read. A key with a blank
    value is not in its dict, a blank element of a list is None.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.data: object = None
        self.faults: list[Fault] = []
        self._shift = int(text.startswith("\ufeff"))
        self._record = events.Record()
        self._last: tuple[Route, tuple[list[Step], bool]] | None = None

    def _read(self, pure: bool) -> None:
        text, shift = self.text, self._shift
        if len(text) > MAX_SIZE:
            self.faults.append(Fault("OKR009", _TOO_LARGE, START, "split it into several files"))
            return
        conflict = syntax_errors.conflict(text)
        if conflict:
            self._complain(conflict)
            return
        self._record = record = events.record(text[shift:] if shift else text, pure=pure)
        if record.odd:
            self._read_carefully()
        else:
            self.data = record.data
        self._judge(record)

    def _read_carefully(self) -> None:
        careful = Careful(self.text)
        try:
            self._root = tree(self._record, self.text, self._shift)
            self.data = careful.build(self._root) if self._root else None
        except Problem as problem:
            careful.problems.append(problem)
        for one in sorted(careful.problems, key=lambda found: found.start):
            related = one.related
            places = ((self._span(related[0], related[1]), related[2]),) if related else ()
            span = self._span(one.start, one.end)
            self.faults.append(Fault(one.code, one.message, span, one.mend, places))

    def _judge(self, record: events.Record) -> None:
        """What ended the reading before the end of the text."""
        if record.broken:
            self._complain(syntax_errors.explain(self.text, record, self._shift))
        elif record.too_deep or record.too_many:
            message, mend = _TOO_DEEP if record.too_deep else _TOO_MANY
            start = record.places[-2] + self._shift
            self.faults.append(Fault("OKR009", message, self._span(start, start + 1), mend))
            self.data = None
        elif record.second is not None:
            start = record.second + self._shift
            mend = "put it into a file of its own"
            self.faults.append(Fault("OKR009", "a second document begins here", self._span(start, start + 3), mend))

    def _complain(self, complaint: syntax_errors.Complaint) -> None:
        message, mend, start, end, code = complaint
        self.faults.append(Fault(code, message, self._span(start, end), mend))
        self.data = None

    @cached_property
    def _root(self) -> Part | None:
        try:
            return tree(self._record, self.text, self._shift)
        except Problem:
            return None

    @cached_property
    def _lines(self) -> array[int]:
        ends = array("I", [self._shift])
        ends.extend(found.end() for found in _BREAK.finditer(self.text))
        return ends

    def line(self, number: int) -> str:
        """A line without its break; the first one without the mark of the encoding."""
        starts = self._lines
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def _place(self, offset: int) -> tuple[int, int]:
        line = max(bisect_right(self._lines, offset), 1)
        return line, max(offset - self._lines[line - 1], 0) + 1

    def _span(self, start: int, end: int) -> Span:
        return Span(*self._place(start), *self._place(max(start, end)))

    def _part_span(self, part: Part) -> Span:
        """The place of a part, without the line break that ends a block scalar."""
        end = part.end
        if part.kind == SCALAR and self._style(part) in ("literal", "folded"):
            end = part.start + len(self.text[part.start : end].rstrip())
        return self._span(part.start, end)

    def _style(self, part: Part) -> Style:
        return _SIGNS.get(self.text[part.start], "plain") if part.start < part.end else "plain"

    def _way(self, route: Route) -> tuple[list[Step], bool]:
        """The way along a route; the last is kept, for the places of a value and its key are asked for in turn."""
        if self._last is None or self._last[0] != route:
            self._last = route, follow(self._root, route, self.text)
        return self._last[1]

    def at(self, route: Route) -> Span:
        """The place of a value.

        Parts of the route that do not fit are skipped; where the last key is missing, it is the place of the key of
        the nearest ancestor that is there, or of its first line.
        """
        trail, complete = self._way(route)
        return self._fallback(trail, complete, route, key=False)

    def key(self, route: Route) -> Span:
        """The place of a key, blank-valued or not; falls back like `at`."""
        trail, complete = self._way(route)
        return self._fallback(trail, complete, route, key=True)

    def _fallback(self, trail: list[Step], complete: bool, route: Route, *, key: bool) -> Span:
        if not trail:
            return START
        part, step_key = trail[-1].part, trail[-1].key
        missing = not complete and part.resolved.kind in (MAPPING, SEQUENCE) and bool(route)
        if step_key is not None and (key or missing or is_blank(part, self.text)):
            return self._part_span(step_key)
        if missing and part.resolved.kind == MAPPING and part.resolved.items:
            return self._part_span(part.resolved.items[0])
        return self._part_span(part)

    def _exact(self, route: Route) -> list[Step] | None:
        """The way to a node, without any skipping but for the number of a value that stands for a list of one."""
        route = unlisted(self.data, route) if 0 in route else route
        trail, complete = follow(self._root, route, self.text)
        return trail if trail and (complete or not route) and len(trail) == len(route) + 1 else None

    def scalar(self, route: Route) -> Scalar | None:
        """How the scalar at exactly this route is written, None where there is none."""
        trail = self._exact(route)
        part = trail[-1].part.resolved if trail else None
        if part is None or part.kind != SCALAR:
            return None
        style, end = self._style(part), self._end(part)
        return Scalar(self.text[part.start : end], part.value, style, part.start, end, self._part_span(part))

    def _end(self, part: Part) -> int:
        """Where a part ends; a block scalar behind the line break of its last line."""
        if part.kind != SCALAR or self._style(part) not in ("literal", "folded"):
            return part.end
        content = part.start + len(self.text[part.start : part.end].rstrip())
        found = _BREAK.search(self.text, content, part.end)
        return found.end() if found else part.end

    def node(self, route: Route) -> Node | None:
        """The node at exactly this route, None where there is none."""
        trail = self._exact(route)
        if not trail:
            return None
        part = trail[-1].part
        real = part.resolved
        kind: Literal["scalar", "mapping", "sequence"] = (
            "scalar" if real.kind == SCALAR else "mapping" if real.kind == MAPPING else "sequence"
        )
        span, alias = self._part_span(part), any(step.shared for step in trail)
        return Node(kind, real.flow(self.text), part.start, self._end(part), span, real.anchor is not None, alias)

    def keys(self, route: Route) -> list[str]:
        """Every key written in the mapping at this route, in order, blank-valued and repeated ones too."""
        trail = self._exact(route)
        part = trail[-1].part.resolved if trail else None
        if part is None or part.kind != MAPPING:
            return []
        return [key.resolved.value for key, _ in part.pairs() if key.resolved.kind == SCALAR]

    def spells(self, words: frozenset[str]) -> bool:
        """Whether some scalar, however it is quoted, reads as one of these words; needs no places."""
        return not words.isdisjoint(self._record.entries)

    def blank_keys(self) -> Iterator[Route]:
        """The routes of the keys whose value is blank."""
        return self._blank_keys(self.data, ()) if self._record.blank else iter(())

    def _blank_keys(self, data: object, route: Route) -> Iterator[Route]:
        if isinstance(data, dict):
            yield from ((*route, key) for key in self.keys(route) if key not in data and key != "<<")
        parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        for part, inner in parts:
            if isinstance(inner, dict | list):
                yield from self._blank_keys(inner, (*route, part))

    def scalars(self) -> Iterator[tuple[Route, str, bool, Style]]:
        """Every scalar in the order of the file: its route, its value, whether it is a key, its style."""
        if self._root:
            yield from self._scalars(self._root, ())

    def _scalars(self, part: Part, route: Route) -> Iterator[tuple[Route, str, bool, Style]]:
        if part.kind == SCALAR:
            yield route, part.value, False, self._style(part)
        elif part.kind == SEQUENCE:
            for index, item in enumerate(part.items):
                yield from self._scalars(item, (*route, index))
        elif part.kind == MAPPING:
            for key, value in part.pairs():
                inner = (*route, key.resolved.value)
                if key.kind == SCALAR:
                    yield inner, key.value, True, self._style(key)
                yield from self._scalars(value, inner)

    @cached_property
    def ignores(self) -> list[Ignore]:
        """The comments that suppress findings, in order; text inside values is no comment."""
        if "okrctl:" not in self.text:
            return []
        taken = [(part.start, self._end(part)) for part in all_scalars(self._root)]
        return find_ignores(self.text, taken, self._span)
