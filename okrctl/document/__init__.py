"""Reads one YAML text into plain data of strings, knowing the place of everything in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from okrctl.diagnostic import START, Fault, Route, Span
from okrctl.document import events, syntax
from okrctl.document.events import ALIAS, MAPPING, SEQUENCE
from okrctl.document.tree import SCALAR, Careful, Part, Problem, is_blank, is_merge, tree

MAX_SIZE = 10_000_000
Style = Literal["plain", "single", "double", "literal", "folded"]

_BREAK = re.compile(r"\r\n|[\r\n]")
_SIGNS: dict[str, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_COMMENT = re.compile(r"#[ \t]*okrctl:[^\r\n]*")
_IGNORE = re.compile(r"okrctl:\s*ignore\s*\[([^\]\r\n]*)\]")
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


class Ignore(NamedTuple):
    """A comment `# okrctl: ignore[a, b]`; `names` is empty where it is malformed or names nothing.

    `alone`: it has its line for itself, and speaks of `target`, the next line that says something.
    """

    line: int
    names: tuple[tuple[str, Span], ...]
    span: Span
    alone: bool
    target: int


def decode(path: str, data: bytes) -> Source | Fault:
    """Decode a file; Fault OKR009 where it is over 10 MB or not UTF-8."""
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

    def _read(self, pure: bool) -> None:
        text, shift = self.text, self._shift
        if len(text) > MAX_SIZE:
            self.faults.append(Fault("OKR009", _TOO_LARGE, START, "split it into several files"))
            return
        conflict = syntax.conflict(text)
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
            self._complain(syntax.explain(self.text, record, self._shift))
        elif record.too_deep:
            start = record.places[-2] + self._shift
            message = f"nested more than {events.MAX_DEPTH} levels deep"
            self.faults.append(Fault("OKR009", message, self._span(start, start + 1), "nest less"))
            self.data = None
        elif record.second is not None:
            start = record.second + self._shift
            mend = "put it into a file of its own"
            self.faults.append(Fault("OKR009", "a second document begins here", self._span(start, start + 3), mend))

    def _complain(self, complaint: syntax.Complaint) -> None:
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
    def _lines(self) -> list[int]:
        return [self._shift, *(found.end() for found in _BREAK.finditer(self.text))]

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

    # routes

    def at(self, route: Route) -> Span:
        """The place of a value.

        Parts of the route that do not fit are skipped; where the last key is missing, it is the place of the key of
        the nearest ancestor that is there, or of its first line.
        """
        trail, complete = _follow(self._root, route, self.text)
        return self._fallback(trail, complete, route, key=False)

    def key(self, route: Route) -> Span:
        """The place of a key, blank-valued or not; falls back like `at`."""
        trail, complete = _follow(self._root, route, self.text)
        return self._fallback(trail, complete, route, key=True)

    def _fallback(self, trail: list[_Step], complete: bool, route: Route, *, key: bool) -> Span:
        if not trail:
            return START
        part, step_key = trail[-1].part, trail[-1].key
        missing = not complete and part.resolved.kind in (MAPPING, SEQUENCE) and bool(route)
        if step_key is not None and (key or missing or is_blank(part, self.text)):
            return self._part_span(step_key)
        if missing and part.resolved.kind == MAPPING and part.resolved.items:
            return self._part_span(part.resolved.items[0])
        return self._part_span(part)

    def _exact(self, route: Route) -> list[_Step] | None:
        """The way to a node, without any skipping."""
        trail, complete = _follow(self._root, route, self.text)
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
        alias = any(step.shared for step in trail)
        return Node(
            kind,
            real.flow(self.text),
            part.start,
            self._end(part),
            self._part_span(part),
            real.anchor is not None,
            alias,
        )

    def keys(self, route: Route) -> list[str]:
        """Every key written in the mapping at this route, in order, blank-valued and repeated ones too."""
        trail = self._exact(route)
        part = trail[-1].part.resolved if trail else None
        if part is None or part.kind != MAPPING:
            return []
        return [key.resolved.value for key, _ in part.pairs() if key.resolved.kind == SCALAR]

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

    # comments

    @cached_property
    def ignores(self) -> list[Ignore]:
        """The comments that suppress findings, in order; text inside values is no comment."""
        if "okrctl:" not in self.text:
            return []
        taken = [(part.start, self._end(part)) for part in _all_scalars(self._root)]
        found = [one for one in _COMMENT.finditer(self.text) if not _inside(one.start(), taken, self.text)]
        return [self._ignore(one) for one in found]

    def _ignore(self, found: re.Match[str]) -> Ignore:
        start, end = found.start(), found.start() + len(found[0].rstrip())
        line, _ = self._place(start)
        first = self._lines[line - 1]
        alone = not self.text[first:start].strip()
        names: list[tuple[str, Span]] = []
        for group in _IGNORE.finditer(self.text, start, end):
            for name in re.compile(r"[^,\s][^,]*").finditer(self.text, group.start(1), group.end(1)):
                word = name[0].rstrip()
                names.append((word, self._span(name.start(), name.start() + len(word))))
        return Ignore(line, tuple(names), self._span(start, end), alone, self._next(line) if alone else line)

    def _next(self, line: int) -> int:
        """The next line that is neither blank nor a comment, or the line itself at the end of the file."""
        return self._speaking[line - 1]

    @cached_property
    def _speaking(self) -> list[int]:
        """For each line the next one that is neither blank nor a comment."""
        lines = _BREAK.split(self.text)
        result, after = list(range(1, len(lines) + 1)), 0
        for number in range(len(lines), 0, -1):
            result[number - 1] = after or number
            content = lines[number - 1].strip()
            if content and not content.startswith("#"):
                after = number
        return result


class _Step(NamedTuple):
    """One step of a route: the part it leads to, that part's key, and whether an alias or a merge led there."""

    part: Part
    key: Part | None
    shared: bool


def _follow(root: Part | None, route: Route, text: str) -> tuple[list[_Step], bool]:
    """The way along a route, and whether its last part was found."""
    if root is None:
        return [], False
    first = _Step(root, None, root.kind == ALIAS)
    steps, complete = _walk(first, route, text)
    return [first, *steps], complete


def _walk(step: _Step, route: Route, text: str) -> tuple[list[_Step], bool]:
    """Descend where the first part fits; skip it where it does not, or where only skipping leads to the end."""
    if not route:
        return [], False
    child = _child(step, route[0], text)
    if child is None:
        return _walk(step, route[1:], text)
    if len(route) == 1:
        return [child], True
    steps, complete = _walk(child, route[1:], text)
    if not complete:
        other, other_complete = _walk(step, route[1:], text)
        if other_complete and len(other) > len(steps):
            return other, True
    return [child, *steps], complete


def _child(step: _Step, name: str | int, text: str) -> _Step | None:
    part = step.part.resolved
    shared = step.shared or step.part.kind == ALIAS
    if part.kind == SEQUENCE and isinstance(name, int) and 0 <= name < len(part.items):
        item = part.items[name]
        return _Step(item, None, shared or item.kind == ALIAS)
    if part.kind != MAPPING or not isinstance(name, str):
        return None
    found = part.find(name)
    if found:
        return _Step(found[1], found[0], shared or found[1].kind == ALIAS)
    merge = part.find("<<")
    if merge is None or not is_merge(merge[0], text):
        return None
    sources = merge[1].resolved.items if merge[1].resolved.kind == SEQUENCE else [merge[1]]
    steps = (_child(_Step(source, None, True), name, text) for source in sources if source.resolved.kind == MAPPING)
    return next((step for step in steps if step), None)


def _all_scalars(root: Part | None) -> Iterator[Part]:
    rest = [root] if root else []
    while rest:
        part = rest.pop()
        if part.kind == SCALAR:
            yield part
        rest.extend(reversed(part.items))


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
