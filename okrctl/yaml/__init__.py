"""Reads one YAML text into plain data of strings, knowing the place of everything in it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from okrctl.values.diagnostic import START, FileProblem, Route, Span
from okrctl.yaml import events, syntax_errors
from okrctl.yaml.ast import SCALAR, StrictBuilder, YamlError, YamlNode, build_tree, is_blank, iterate_scalars
from okrctl.yaml.comments import IgnoreComment, find_ignore_comments
from okrctl.yaml.events import MAPPING, SEQUENCE
from okrctl.yaml.path import PathStep, follow_route, without_list_index

__all__ = ["MAX_SIZE", "Document", "IgnoreComment", "NodeLayout", "Scalar", "Source", "decode", "parse"]

MAX_SIZE = 10_000_000
ScalarStyle = Literal["plain", "single", "double", "literal", "folded"]

_BREAK = re.compile(r"\r\n|[\r\n]")
_STYLES_BY_SIGN: dict[str, ScalarStyle] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_TOO_DEEP = (f"nested more than {events.MAX_DEPTH} levels deep", "nest less")
_TOO_MANY_EVENTS = (f"more than {events.MAX_EVENTS:,} keys, values, lists and mappings", "split the file into several")
_TOO_LARGE = f"the file is larger than {MAX_SIZE // 1_000_000} MB"


class Source(NamedTuple):
    """A decoded file: its path relative to the workspace, and its text with line ends and byte order mark untouched."""

    path: str
    text: str


class Scalar(NamedTuple):
    """How a scalar is written; offsets count characters of the text, a block scalar ends behind its last line break."""

    text: str
    value: str
    style: ScalarStyle
    start: int
    end: int
    span: Span


class NodeLayout(NamedTuple):
    """What an editor needs of a node: `start` lies behind its anchor; `alias` if it is, or was reached through, one."""

    kind: Literal["scalar", "mapping", "sequence"]
    is_flow: bool
    start: int
    end: int
    span: Span
    has_anchor: bool
    is_alias: bool


def decode(path: str, data: bytes | FileProblem) -> Source | FileProblem:
    """Decode a file; Fault OKR009 where it is over 10 MB or not UTF-8, or the one that stands in for its bytes."""
    if isinstance(data, FileProblem):
        return data
    if len(data) > MAX_SIZE:
        return FileProblem("OKR009", _TOO_LARGE, START, "split it into several files")
    try:
        return Source(path, data.decode())
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        lines = _BREAK.split(before)
        column = len(lines[-1]) + 1 - (len(lines) == 1 and before.startswith("\ufeff"))
        span = Span(len(lines), column, len(lines), column + 1)
        return FileProblem("OKR009", "the file is not written in UTF-8", span, "save it as UTF-8")


def parse(source: Source, *, pure: bool = False) -> Document:
    """Read a text; never raises. `pure` takes the parser written in Python even where the C one is there."""
    document = Document(source.path, source.text)
    document._parse(pure)
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
        self.problems: list[FileProblem] = []
        self._bom_length = int(text.startswith("\ufeff"))
        self._events = events.EventRecord()
        self._last_trail: tuple[Route, tuple[list[PathStep], bool]] | None = None

    def _parse(self, pure: bool) -> None:
        text, shift = self.text, self._bom_length
        if len(text) > MAX_SIZE:
            self.problems.append(FileProblem("OKR009", _TOO_LARGE, START, "split it into several files"))
            return
        conflict = syntax_errors.find_conflict(text)
        if conflict:
            self._add_syntax_problem(conflict)
            return
        self._events = record = events.record_events(text[shift:] if shift else text, pure=pure)
        if record.odd:
            self._build_strictly()
        else:
            self.data = record.data
        self._check_end(record)

    def _build_strictly(self) -> None:
        careful = StrictBuilder(self.text)
        try:
            self._root = build_tree(self._events, self.text, self._bom_length)
            self.data = careful.build(self._root) if self._root else None
        except YamlError as problem:
            careful.errors.append(problem)
        for one in sorted(careful.errors, key=lambda found: found.start):
            related = one.related
            places = ((self._span(related[0], related[1]), related[2]),) if related else ()
            span = self._span(one.start, one.end)
            self.problems.append(FileProblem(one.code, one.message, span, one.mend, places))

    def _check_end(self, record: events.EventRecord) -> None:
        """What ended the reading before the end of the text."""
        if record.broken:
            self._add_syntax_problem(syntax_errors.explain_failure(self.text, record, self._bom_length))
        elif record.too_deep or record.too_many:
            message, mend = _TOO_DEEP if record.too_deep else _TOO_MANY_EVENTS
            start = record.places[-2] + self._bom_length
            self.problems.append(FileProblem("OKR009", message, self._span(start, start + 1), mend))
            self.data = None
        elif record.second is not None:
            start = record.second + self._bom_length
            mend = "put it into a file of its own"
            self.problems.append(
                FileProblem("OKR009", "a second document begins here", self._span(start, start + 3), mend)
            )

    def _add_syntax_problem(self, complaint: syntax_errors.SyntaxProblem) -> None:
        message, mend, start, end, code = complaint
        self.problems.append(FileProblem(code, message, self._span(start, end), mend))
        self.data = None

    @cached_property
    def _root(self) -> YamlNode | None:
        try:
            return build_tree(self._events, self.text, self._bom_length)
        except YamlError:
            return None

    @cached_property
    def _lines(self) -> array[int]:
        ends = array("I", [self._bom_length])
        ends.extend(found.end() for found in _BREAK.finditer(self.text))
        return ends

    def line(self, number: int) -> str:
        """A line without its break; the first one without the mark of the encoding."""
        starts = self._lines
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def _position(self, offset: int) -> tuple[int, int]:
        line = max(bisect_right(self._lines, offset), 1)
        return line, max(offset - self._lines[line - 1], 0) + 1

    def _span(self, start: int, end: int) -> Span:
        return Span(*self._position(start), *self._position(max(start, end)))

    def _node_span(self, part: YamlNode) -> Span:
        """The place of a part, without the line break that ends a block scalar."""
        end = part.end
        if part.kind == SCALAR and self._scalar_style(part) in ("literal", "folded"):
            end = part.start + len(self.text[part.start : end].rstrip())
        return self._span(part.start, end)

    def _scalar_style(self, part: YamlNode) -> ScalarStyle:
        return _STYLES_BY_SIGN.get(self.text[part.start], "plain") if part.start < part.end else "plain"

    def _trail(self, route: Route) -> tuple[list[PathStep], bool]:
        """The way along a route; the last is kept, for the places of a value and its key are asked for in turn."""
        if self._last_trail is None or self._last_trail[0] != route:
            self._last_trail = route, follow_route(self._root, route, self.text)
        return self._last_trail[1]

    def span_at(self, route: Route) -> Span:
        """The place of a value.

        Parts of the route that do not fit are skipped; where the last key is missing, it is the place of the key of
        the nearest ancestor that is there, or of its first line.
        """
        trail, complete = self._trail(route)
        return self._nearest_span(trail, complete, route, key=False)

    def key_span(self, route: Route) -> Span:
        """The place of a key, blank-valued or not; falls back like `at`."""
        trail, complete = self._trail(route)
        return self._nearest_span(trail, complete, route, key=True)

    def _nearest_span(self, trail: list[PathStep], complete: bool, route: Route, *, key: bool) -> Span:
        if not trail:
            return START
        part, step_key = trail[-1].node, trail[-1].key
        missing = not complete and part.resolved.kind in (MAPPING, SEQUENCE) and bool(route)
        if step_key is not None and (key or missing or is_blank(part, self.text)):
            return self._node_span(step_key)
        if missing and part.resolved.kind == MAPPING and part.resolved.items:
            return self._node_span(part.resolved.items[0])
        return self._node_span(part)

    def _exact_trail(self, route: Route) -> list[PathStep] | None:
        """The way to a node, without any skipping but for the number of a value that stands for a list of one."""
        route = without_list_index(self.data, route) if 0 in route else route
        trail, complete = follow_route(self._root, route, self.text)
        return trail if trail and (complete or not route) and len(trail) == len(route) + 1 else None

    def scalar(self, route: Route) -> Scalar | None:
        """How the scalar at exactly this route is written, None where there is none."""
        trail = self._exact_trail(route)
        part = trail[-1].node.resolved if trail else None
        if part is None or part.kind != SCALAR:
            return None
        style, end = self._scalar_style(part), self._node_end(part)
        return Scalar(self.text[part.start : end], part.value, style, part.start, end, self._node_span(part))

    def _node_end(self, part: YamlNode) -> int:
        """Where a part ends; a block scalar behind the line break of its last line."""
        if part.kind != SCALAR or self._scalar_style(part) not in ("literal", "folded"):
            return part.end
        content = part.start + len(self.text[part.start : part.end].rstrip())
        found = _BREAK.search(self.text, content, part.end)
        return found.end() if found else part.end

    def node(self, route: Route) -> NodeLayout | None:
        """The node at exactly this route, None where there is none."""
        trail = self._exact_trail(route)
        if not trail:
            return None
        part = trail[-1].node
        real = part.resolved
        kind: Literal["scalar", "mapping", "sequence"] = (
            "scalar" if real.kind == SCALAR else "mapping" if real.kind == MAPPING else "sequence"
        )
        span, alias = self._node_span(part), any(step.is_shared for step in trail)
        return NodeLayout(
            kind, real.is_flow(self.text), part.start, self._node_end(part), span, real.anchor is not None, alias
        )

    def keys(self, route: Route) -> list[str]:
        """Every key written in the mapping at this route, in order, blank-valued and repeated ones too."""
        trail = self._exact_trail(route)
        part = trail[-1].node.resolved if trail else None
        if part is None or part.kind != MAPPING:
            return []
        return [key.resolved.value for key, _ in part.pairs() if key.resolved.kind == SCALAR]

    def has_any_scalar(self, words: frozenset[str]) -> bool:
        """Whether some scalar, however it is quoted, reads as one of these words; needs no places."""
        return not words.isdisjoint(self._events.entries)

    def blank_keys(self) -> Iterator[Route]:
        """The routes of the keys whose value is blank."""
        return self._blank_keys(self.data, ()) if self._events.blank else iter(())

    def _blank_keys(self, data: object, route: Route) -> Iterator[Route]:
        if isinstance(data, dict):
            yield from ((*route, key) for key in self.keys(route) if key not in data and key != "<<")
        parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        for part, inner in parts:
            if isinstance(inner, dict | list):
                yield from self._blank_keys(inner, (*route, part))

    def scalars(self) -> Iterator[tuple[Route, str, bool, ScalarStyle]]:
        """Every scalar in the order of the file: its route, its value, whether it is a key, its style."""
        if self._root:
            yield from self._scalars(self._root, ())

    def _scalars(self, part: YamlNode, route: Route) -> Iterator[tuple[Route, str, bool, ScalarStyle]]:
        if part.kind == SCALAR:
            yield route, part.value, False, self._scalar_style(part)
        elif part.kind == SEQUENCE:
            for index, item in enumerate(part.items):
                yield from self._scalars(item, (*route, index))
        elif part.kind == MAPPING:
            for key, value in part.pairs():
                inner = (*route, key.resolved.value)
                if key.kind == SCALAR:
                    yield inner, key.value, True, self._scalar_style(key)
                yield from self._scalars(value, inner)

    @cached_property
    def ignore_comments(self) -> list[IgnoreComment]:
        """The comments that suppress findings, in order; text inside values is no comment."""
        if "okrctl:" not in self.text:
            return []
        taken = [(part.start, self._node_end(part)) for part in iterate_scalars(self._root)]
        return find_ignore_comments(self.text, taken, self._span)
