"""Parses a YAML text to plain data of strings, with the place of every value."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from okrctl.values.diagnostic import START, FileProblem, Route, Span
from okrctl.values.errors import ConflictError
from okrctl.yaml import events
from okrctl.yaml.ast import SCALAR, StrictBuilder, YamlError, YamlNode, build_tree, is_blank, iterate_scalars
from okrctl.yaml.comments import IgnoreComment, find_ignore_comments
from okrctl.yaml.events import MAPPING, SEQUENCE
from okrctl.yaml.path import PathStep, follow_route, scalar_route, without_list_index

if TYPE_CHECKING:
    from okrctl.yaml.syntax_errors import SyntaxProblem

__all__ = [
    "MAX_SIZE",
    "BareKey",
    "Document",
    "IgnoreComment",
    "LazyDocument",
    "NodeLayout",
    "Scalar",
    "Source",
    "decode",
    "digest_of",
    "parse",
]

MAX_SIZE = 10_000_000
ScalarStyle = Literal["plain", "single", "double", "literal", "folded"]

_BLANKS_AND_COMMENTS = re.compile(r"(?:\s+(?:#[^\r\n]*)?)*")
_BREAK = re.compile(r"\r\n|[\r\n]")
_STYLES_BY_SIGN: dict[str, ScalarStyle] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_TOO_DEEP = (f"nested more than {events.MAX_DEPTH} levels deep", "use fewer levels")
_TOO_MANY_EVENTS = (f"more than {events.MAX_EVENTS:,} keys, values, lists and mappings", "split the file")
_TOO_LARGE = f"the file is larger than {MAX_SIZE // 1_000_000} MB"


class Source(NamedTuple):
    """A decoded file: its path in the workspace and its text, with its line ends and byte order mark."""

    path: str
    text: str


class Scalar(NamedTuple):
    """How a scalar is written. Offsets count characters of the text; a block scalar ends after its last line break."""

    text: str
    value: str
    style: ScalarStyle
    start: int
    end: int
    span: Span


class BareKey(NamedTuple):
    """A key in a flow mapping without a colon: its route, and the text from the value before it to its end.

    `follows_bare`: the key before it is one, too.
    """

    route: Route
    text: str
    follows_bare: bool


class NodeLayout(NamedTuple):
    """Where and how a node is written. `start` is after its anchor; `is_alias` also if the route passes an alias."""

    kind: Literal["scalar", "mapping", "sequence"]
    is_flow: bool
    start: int
    end: int
    span: Span
    has_anchor: bool
    is_alias: bool


def decode(path: str, data: bytes | FileProblem) -> Source | FileProblem:
    """Decode a file. Returns an OKR009 if the file could not be read, is larger than 10 MB or is not UTF-8."""
    if isinstance(data, FileProblem):
        return data
    if len(data) > MAX_SIZE:
        return FileProblem("OKR009", _TOO_LARGE, START, "split the file")
    try:
        return Source(path, data.decode())
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        lines = _BREAK.split(before)
        column = len(lines[-1]) + 1 - (len(lines) == 1 and before.startswith("\ufeff"))
        span = Span(len(lines), column, len(lines), column + 1)
        return FileProblem("OKR009", "the file is not UTF-8", span, "save it as UTF-8")


def digest_of(text: str) -> bytes:
    """A hash of a text, by which one tells whether two are the same."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def parse(source: Source, *, pure: bool = False) -> Document:
    """Parse a text; never raises. `pure` uses the parser written in Python even if libyaml is installed."""
    document = Document(source.path, source.text)
    document._parse(pure)
    return document


class Document:
    """The data of one file and the places of its values.

    `data` is a tree of dict, list and str; None if the file is empty or could not be parsed. A key with a blank value
    is not in its dict, a blank element of a list is None. The tree of nodes, which knows the places, is built from the
    recorded events when a place is first needed; for most files it never is.
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
        text, bom_length = self.text, self._bom_length
        if len(text) > MAX_SIZE:
            self.problems.append(FileProblem("OKR009", _TOO_LARGE, START, "split the file"))
            return
        if "<<<<<<<" in text or ">>>>>>>" in text:
            from okrctl.yaml import syntax_errors  # here, since most files have none

            conflict = syntax_errors.find_conflict(text)
            if conflict:
                self._add_syntax_problem(conflict)
                return
        self._events = record = events.record_events(text[bom_length:] if bom_length else text, pure=pure)
        if record.needs_strict_build:
            self._build_strictly()
        else:
            self.data = record.data
        self._check_end(record)

    def _build_strictly(self) -> None:
        builder = StrictBuilder(self.text)
        try:
            self._root = build_tree(self._events, self.text, self._bom_length)
            self.data = builder.build(self._root) if self._root else None
        except YamlError as fatal:
            builder.errors.append(fatal)
        for error in sorted(builder.errors, key=lambda error: error.start):
            related = ((self._span(error.related[0], error.related[1]), error.related[2]),) if error.related else ()
            span = self._span(error.start, error.end)
            self.problems.append(FileProblem(error.code, error.message, span, error.help, related))

    def _check_end(self, record: events.EventRecord) -> None:
        """Report why the events ended before the end of the text."""
        if record.failure:
            from okrctl.yaml import syntax_errors

            self._add_syntax_problem(syntax_errors.explain_failure(self.text, record, self._bom_length))
        elif record.is_too_deep or record.has_too_many_events:
            message, help = _TOO_DEEP if record.is_too_deep else _TOO_MANY_EVENTS
            start = record.offsets[-2] + self._bom_length
            self.problems.append(FileProblem("OKR009", message, self._span(start, start + 1), help))
            self.data = None
        elif record.second_document is not None:
            start = record.second_document + self._bom_length
            help = "move it to a file of its own"
            self.problems.append(
                FileProblem("OKR009", "a second YAML document starts here", self._span(start, start + 3), help)
            )

    def _add_syntax_problem(self, problem: SyntaxProblem) -> None:
        message, help, start, end, code = problem
        self.problems.append(FileProblem(code, message, self._span(start, end), help))
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
        ends.extend(line_break.end() for line_break in _BREAK.finditer(self.text))
        return ends

    @cached_property
    def digest(self) -> bytes:
        """The hash of the text."""
        return digest_of(self.text)

    def line(self, number: int) -> str:
        """A line without its line break; the first line without the byte order mark."""
        starts = self._lines
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def _position(self, offset: int) -> tuple[int, int]:
        line = max(bisect_right(self._lines, offset), 1)
        return line, max(offset - self._lines[line - 1], 0) + 1

    def _span(self, start: int, end: int) -> Span:
        return Span(*self._position(start), *self._position(max(start, end)))

    def _node_span(self, node: YamlNode) -> Span:
        """The place of a node, without the line break at the end of a block scalar."""
        end = node.end
        if node.kind == SCALAR and self._scalar_style(node) in ("literal", "folded"):
            end = node.start + len(self.text[node.start : end].rstrip())
        return self._span(node.start, end)

    def _scalar_style(self, node: YamlNode) -> ScalarStyle:
        return _STYLES_BY_SIGN.get(self.text[node.start], "plain") if node.start < node.end else "plain"

    def _trail(self, route: Route) -> tuple[list[PathStep], bool]:
        """The steps of a route, and whether it is complete; cached, since callers ask for a value and then its key."""
        if self._last_trail is None or self._last_trail[0] != route:
            self._last_trail = route, follow_route(self._root, route, self.text)
        return self._last_trail[1]

    def span_at(self, route: Route) -> Span:
        """The place of a value.

        Parts of the route that do not exist are skipped. If the last key is missing, it is the place of the key of
        the nearest ancestor, or of its first line.
        """
        trail, complete = self._trail(route)
        return self._nearest_span(trail, complete, route, key=False)

    def key_span(self, route: Route) -> Span:
        """The place of a key, even if its value is blank; falls back like `span_at`."""
        trail, complete = self._trail(route)
        return self._nearest_span(trail, complete, route, key=True)

    def _nearest_span(self, trail: list[PathStep], complete: bool, route: Route, *, key: bool) -> Span:
        if not trail:
            return START
        node, step_key = trail[-1].node, trail[-1].key
        missing = not complete and node.resolved.kind in (MAPPING, SEQUENCE) and bool(route)
        if step_key is not None and (key or missing or is_blank(node, self.text)):
            return self._node_span(step_key)
        if missing and node.resolved.kind == MAPPING and node.resolved.items:
            return self._node_span(node.resolved.items[0])
        return self._node_span(node)

    def _exact_trail(self, route: Route) -> list[PathStep] | None:
        """The steps to a node, None if the route does not exist. A single value counts as a list of one."""
        route = without_list_index(self.data, route) if 0 in route else route
        trail, complete = follow_route(self._root, route, self.text)
        return trail if trail and (complete or not route) and len(trail) == len(route) + 1 else None

    def scalar(self, route: Route) -> Scalar | None:
        """How the scalar at exactly this route is written, None if there is none."""
        trail = self._exact_trail(route)
        node = trail[-1].node.resolved if trail else None
        if node is None or node.kind != SCALAR:
            return None
        style, end = self._scalar_style(node), self._node_end(node)
        return Scalar(self.text[node.start : end], node.value, style, node.start, end, self._node_span(node))

    def _node_end(self, node: YamlNode) -> int:
        """The end of a node; a block scalar ends after the line break of its last line."""
        if node.kind != SCALAR or self._scalar_style(node) not in ("literal", "folded"):
            return node.end
        content = node.start + len(self.text[node.start : node.end].rstrip())
        line_break = _BREAK.search(self.text, content, node.end)
        return line_break.end() if line_break else node.end

    def node(self, route: Route) -> NodeLayout | None:
        """The layout of the node at exactly this route, None if there is none."""
        trail = self._exact_trail(route)
        if not trail:
            return None
        node = trail[-1].node
        resolved = node.resolved
        kind: Literal["scalar", "mapping", "sequence"] = (
            "scalar" if resolved.kind == SCALAR else "mapping" if resolved.kind == MAPPING else "sequence"
        )
        span, alias = self._node_span(node), any(step.is_shared for step in trail)
        return NodeLayout(
            kind,
            resolved.is_flow(self.text),
            node.start,
            self._node_end(node),
            span,
            resolved.anchor is not None,
            alias,
        )

    def keys(self, route: Route) -> list[str]:
        """All keys in the mapping at this route, in order, including repeated keys and keys with blank values."""
        trail = self._exact_trail(route)
        node = trail[-1].node.resolved if trail else None
        if node is None or node.kind != MAPPING:
            return []
        return [key.resolved.value for key, _ in node.pairs() if key.resolved.kind == SCALAR]

    def scalar_at(self, offset: int) -> tuple[Route, bool] | None:
        """The route of the scalar that an offset is in or at the end of, and whether it is a key; None for others."""
        return scalar_route(self._root, (), offset) if self._root else None

    def has_any_scalar(self, words: frozenset[str]) -> bool:
        """Whether the value of some scalar is one of these words; does not build the tree."""
        return not words.isdisjoint(self._events.entries)

    def blank_keys(self) -> Iterator[Route]:
        """The routes of the keys with blank values."""
        return self._blank_keys(self.data, ()) if self._events.has_blank_values else iter(())

    def _blank_keys(self, data: object, route: Route) -> Iterator[Route]:
        if isinstance(data, dict):
            yield from ((*route, key) for key in self.keys(route) if key not in data and key != "<<")
        parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        for node, inner in parts:
            if isinstance(inner, dict | list):
                yield from self._blank_keys(inner, (*route, node))

    def bare_keys(self) -> Iterator[BareKey]:
        """The keys of flow mappings that no colon follows, such as `5` in `{2026-04-14: 1.234,5}`.

        YAML takes them for keys with blank values.
        """
        if self._events.has_blank_values and self._root:
            yield from self._bare_keys(self._root, ())

    def _bare_keys(self, node: YamlNode, route: Route) -> Iterator[BareKey]:
        if node.kind == MAPPING:
            is_flow, start, before = node.is_flow(self.text), None, False
            for key, value in node.pairs():
                inner = (*route, key.resolved.value)
                is_bare = is_flow and key.kind == SCALAR and self._is_bare(key, value)
                if is_bare:
                    start = key.start if start is None else start
                    yield BareKey(inner, self.text[start : key.end], before)
                else:
                    yield from self._bare_keys(value, inner)
                    start = value.start if value.kind == SCALAR else None
                before = is_bare
        elif node.kind == SEQUENCE:
            for index, item in enumerate(node.items):
                yield from self._bare_keys(item, (*route, index))

    def _is_bare(self, key: YamlNode, value: YamlNode) -> bool:
        rest = _BLANKS_AND_COMMENTS.match(self.text, key.end)
        return is_blank(value, self.text) and not self.text.startswith(":", rest.end() if rest else key.end)

    def scalars(self) -> Iterator[tuple[Route, str, bool, ScalarStyle]]:
        """Every scalar in the order of the file: its route, its value, whether it is a key, and its style."""
        if self._root:
            yield from self._scalars(self._root, ())

    def _scalars(self, node: YamlNode, route: Route) -> Iterator[tuple[Route, str, bool, ScalarStyle]]:
        if node.kind == SCALAR:
            yield route, node.value, False, self._scalar_style(node)
        elif node.kind == SEQUENCE:
            for index, item in enumerate(node.items):
                yield from self._scalars(item, (*route, index))
        elif node.kind == MAPPING:
            for key, value in node.pairs():
                inner = (*route, key.resolved.value)
                if key.kind == SCALAR:
                    yield inner, key.value, True, self._scalar_style(key)
                yield from self._scalars(value, inner)

    @cached_property
    def ignore_comments(self) -> list[IgnoreComment]:
        """The comments that suppress findings, in order. A `#` inside a value does not start a comment."""
        if "okrctl:" not in self.text:
            return []
        scalars = [(node.start, self._node_end(node)) for node in iterate_scalars(self._root)]
        return find_ignore_comments(self.text, scalars, self._span)


class LazyDocument(Document):
    """A document whose text is loaded when it is first used, and parsed when anything else is first used.

    A large check and a score of one period hold thousands of files of which they need a few nodes and no places. Their
    documents are lazy: at first they have a path and functions that load the text, and the data where somebody kept
    that. Any other attribute is missing, so that Python calls `__getattr__`, which takes over what the parser of
    `Document` finds. With the `digest` of a text that was read before, no other one is taken for it: ConflictError.

    This is a subclass and not a wrapper, since every rule and every edit takes a `Document` and must not care which
    one it has. It is the only lazy document; `workspace/packed.py` says who uses it.
    """

    def __init__(
        self, path: str, load: Callable[[str], str], load_data: Callable[[], object] | None = None,
        digest: bytes | None = None,
    ) -> None:  # fmt: skip
        self.path = path
        self._load = load
        self._load_data = load_data
        if digest is not None:
            self.digest = digest

    def __getattr__(self, name: str) -> Any:
        if name == "text":
            return self._load_text()
        if name == "data" and self._load_data is not None:
            self.data = self._load_data()
            return self.data
        if "problems" not in vars(self):
            vars(self).update(vars(parse(Source(self.path, self.text))))  # at once: other threads may use it
        try:
            return vars(self)[name]
        except KeyError:
            raise AttributeError(name) from None

    def _load_text(self) -> str:
        text, digest = self._load(self.path), vars(self).get("digest")
        if digest is not None and digest != digest_of(text):
            raise ConflictError(f"{self.path} changed in the meantime", "run the command again")
        self.text = text
        return text
