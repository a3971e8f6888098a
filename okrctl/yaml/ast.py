"""Turns the record of a text into a tree that knows the place of everything, and into data where care is needed."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal

from okrctl.yaml.events import ALIAS, BLANK_VALUES, END, MAPPING, SEQUENCE, EventRecord

SCALAR = 0
MAX_ALIASED_NODES = 100_000  # nodes that all aliases of a file may stand for
MAX_ERRORS = 100  # nobody reads more of them in one file

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n]))?|[ \t\r\n]+|#[^\r\n]*)++")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?").fullmatch
_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?").fullmatch


_NONE: list[YamlNode] = []  # of all scalars, which are most of a file


class YamlNode:
    """One node as written: `start` is behind its anchor and tag, `items` are keys and values in turn or elements."""

    __slots__ = ("anchor", "data", "end", "items", "kind", "names", "size", "start", "tag", "target", "value")

    def __init__(self, kind: int, start: int, end: int, value: str = "") -> None:
        self.kind, self.start, self.end, self.value = kind, start, end, value
        self.items: list[YamlNode] = _NONE if kind == SCALAR else []
        self.size = 1
        self.anchor: str | None = None
        self.tag: int | None = None  # the offset of a tag
        self.target: YamlNode | None = None  # what an alias speaks of
        self.data: object = None
        self.names: dict[str, int] | None = None  # where in `items` a key stands

    @property
    def resolved(self) -> YamlNode:
        """The part itself, or what it is an alias of."""
        return self.target or self

    def pairs(self) -> list[tuple[YamlNode, YamlNode]]:
        """Keys and values of a mapping, in the order of the file."""
        items = self.items
        return list(zip(items[::2], items[1::2], strict=False))

    def find(self, name: str) -> tuple[YamlNode, YamlNode] | None:
        """The key of this name in a mapping, the first of several, and its value."""
        if self.names is None:
            keys = list(enumerate(key.resolved for key, _ in self.pairs()))
            self.names = {key.value: index for index, key in reversed(keys) if key.kind == SCALAR}
        index = self.names.get(name)
        return None if index is None else (self.items[2 * index], self.items[2 * index + 1])

    def is_flow(self, text: str) -> bool:
        """Whether a mapping or sequence stands in brackets, and does not merely begin with a key that does."""
        bracket = self.kind in (MAPPING, SEQUENCE) and text[self.start : self.start + 1] in ("[", "{")
        return bracket and not (self.items and self.items[0].start == self.start)


class YamlError(Exception):
    """What makes a file unusable although its syntax is right: a code, a sentence, a mend and two offsets."""

    def __init__(self, code: str, message: str, help: str, start: int, end: int) -> None:
        super().__init__(message)
        self.code, self.message, self.mend, self.start, self.end = code, message, help, start, end
        self.related: tuple[int, int, str] | None = None


class _TreeBuilder:
    """Builds the parts of one record."""

    def __init__(self, record: EventRecord, text: str, shift: int) -> None:
        self.record, self.text, self.shift = record, text, shift
        self.anchors: dict[str, YamlNode] = {}
        self.open_nodes: list[YamlNode] = []
        self.aliased_nodes = 0

    def build(self) -> YamlNode | None:
        root: YamlNode | None = None
        places, shift, still_open = self.record.places, self.shift, self.open_nodes
        marked = self.record.marked
        for index, entry in enumerate(self.record.entries):
            start, end = places[2 * index] + shift, places[2 * index + 1] + shift
            if entry == END:
                self.close_collection(end)
                continue
            part = YamlNode(SCALAR, start, end, entry) if isinstance(entry, str) else YamlNode(entry, start, end)
            if start == end:
                self.trim_empty_scalar(part)
            if index in marked:
                self.apply_properties(part, *marked[index])
            if still_open:
                still_open[-1].items.append(part)
                still_open[-1].size += part.size
            root = root or part
            if part.kind == MAPPING or part.kind == SEQUENCE:
                still_open.append(part)
        while still_open:
            self.close_collection(len(self.text))
        return root

    def trim_empty_scalar(self, part: YamlNode) -> None:
        """An empty scalar stands right behind its colon, whatever blanks follow."""
        if part.kind == SCALAR:
            while part.start and self.text[part.start - 1] in " \t\r\n":
                part.start -= 1
            part.end = part.start

    def close_collection(self, end: int) -> None:
        part = self.open_nodes.pop()
        part.end = end if part.is_flow(self.text) else part.items[-1].end if part.items else part.start
        if self.open_nodes:
            self.open_nodes[-1].size += part.size

    def apply_properties(self, part: YamlNode, anchor: str | None, tag: str | None) -> None:
        if part.kind == ALIAS:
            self.resolve_alias(part, anchor or "")
            return
        begin = part.start
        found = _PROPERTIES.match(self.text, begin)
        part.start = found.end() if found else begin
        if part.kind == SCALAR:
            part.start = min(part.start, part.end)
        if tag is not None:
            part.tag = self.find_tag(begin, part.start)
        if anchor is not None:
            part.anchor = anchor
            self.anchors[anchor] = part

    def find_tag(self, begin: int, end: int) -> int:
        """Where the tag stands: among the properties, or before them, for the pure parser's marks leave a tag out."""
        found = re.compile(r"(?:^|(?<=\s))!").search(self.text, begin, end)
        if found is None and not self.text.startswith("!", begin):
            words = re.compile(r"!\S*").finditer(self.text, max(0, begin - 1000), begin)
            return max((word.start() for word in words), default=begin)
        return found.start() if found else begin

    def resolve_alias(self, part: YamlNode, name: str) -> None:
        target = self.anchors.get(name)
        if target is None:
            mend = f"define it first with &{name}, or put the text in quotes where a star is meant"
            raise YamlError("OKR001", f"the alias *{name} is not defined", mend, part.start, part.end)
        if target in self.open_nodes:
            mend = "write out what is meant instead of the alias"
            raise YamlError("OKR009", f"the alias *{name} contains itself", mend, part.start, part.end)
        self.aliased_nodes += target.size
        if self.aliased_nodes > MAX_ALIASED_NODES:
            message = f"the aliases of this file unfold to more than {MAX_ALIASED_NODES:,} values"
            raise YamlError("OKR009", message, "write out what is meant", part.start, part.end)
        part.target = target
        part.size = target.size


def build_tree(record: EventRecord, text: str, shift: int) -> YamlNode | None:
    """The tree of a record, None where nothing is written; `shift` is added to the parser's offsets.

    Raises Problem for an alias that is undefined, contains itself or unfolds to too much.
    """
    return _TreeBuilder(record, text, shift).build()


def is_blank(part: YamlNode, text: str) -> bool:
    """Whether a scalar says nothing: empty, `~` or `null`, and not quoted."""
    return (
        part.kind == SCALAR
        and part.value in BLANK_VALUES
        and (part.end <= part.start or text[part.start] not in "'\"|>")
    )


class StrictBuilder:
    """Builds the data of a tree by the full rules: merges, aliases, tags, repeated keys, keys that are no text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.errors: list[YamlError] = []

    def add_error(self, problem: YamlError) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(problem)

    def build(self, part: YamlNode) -> object:
        if part.tag is not None:
            self.reject_tag(part)
        if part.kind == SCALAR:
            part.data = None if is_blank(part, self.text) else part.value
        elif part.kind == ALIAS:
            part.data = part.resolved.data
        elif part.kind == SEQUENCE:
            part.data = [self.build(item) for item in part.items]
        else:
            part.data = self.build_mapping(part)
        return part.data

    def reject_tag(self, part: YamlNode) -> None:
        start = part.tag or 0
        found = re.compile(r"![^\s,\[\]{}]*").match(self.text, start)
        end = found.end() if found else start + 1
        mend = "delete it; put the text in quotes if it is meant to begin with an exclamation mark"
        self.add_error(YamlError("OKR004", f"tags are not allowed: {self.text[start:end][:40]}", mend, start, end))

    def build_mapping(self, part: YamlNode) -> dict[str, object]:
        result: dict[str, object] = {}
        seen: dict[object, YamlNode] = {}
        merges: list[YamlNode] = []
        for key, value in part.pairs():
            self.build(key)
            data = self.build(value)
            name = key.resolved
            if name.kind != SCALAR:
                mend = "write a plain word before the colon, or put a text that begins with a bracket in quotes"
                self.add_error(YamlError("OKR001", "a key must be plain text", mend, key.start, key.end))
            elif self.is_repeated_key(key, seen):
                continue
            elif is_merge_key(key, self.text):
                merges.append(value)
            elif data is not None:
                result[name.value] = data
        for value in merges:
            self.merge_mapping(result, value)
        return result

    def is_repeated_key(self, key: YamlNode, seen: dict[object, YamlNode]) -> bool:
        name = key.resolved.value
        first = seen.setdefault(canonical_key(name), key)
        if first is key:
            return False
        if len(self.errors) >= MAX_ERRORS:
            return True
        before, short = first.resolved.value, shorten(name)
        same = before == name
        twice, alike = f"the key '{short}' is given twice", f"the keys '{shorten(before)}' and '{short}' are the same"
        problem = YamlError(
            "OKR005", twice if same else alike, "keep one of them; the first is used until then", key.start, key.end
        )
        problem.related = (first.start, first.end, "first given here")
        self.add_error(problem)
        return True

    def merge_mapping(self, result: dict[str, object], value: YamlNode) -> None:
        """`<<`: what a mapping does not say itself comes from the mappings named, the earlier ones first."""
        whole = value.resolved
        for source in whole.items if whole.kind == SEQUENCE else [value]:
            found = source.resolved.data
            if isinstance(found, dict):
                for name, data in found.items():
                    result.setdefault(name, data)
            elif found is not None:
                mend = "write <<: *name, or quote the key if it is meant as text"
                self.add_error(YamlError("OKR001", "<< wants a mapping", mend, source.start, source.end))


def is_merge_key(key: YamlNode, text: str) -> bool:
    """Whether a key is the merge sign and not a quoted text."""
    return key.kind == SCALAR and key.value == "<<" and text[key.start] == "<"


def canonical_key(key: str) -> object:
    """What two keys share when they mean the same: the text, the number, or the day (a month means its last one)."""
    if len(key) > 40 or not key or key[0] not in "0123456789+-.":
        return key
    if _NUMBER(key):
        return Decimal(key)
    found = _DATE(key)
    if not found:
        return key
    year, month = int(found[1]), int(found[2])
    if not (1 <= month <= 12 and year):
        return key
    return (year, month, int(found[3]) if found[3] else monthrange(year, month)[1])


def iterate_scalars(root: YamlNode | None) -> Iterator[YamlNode]:
    """Every scalar below a part, in the order of the file."""
    rest = [root] if root else []
    while rest:
        part = rest.pop()
        if part.kind == SCALAR:
            yield part
        rest.extend(reversed(part.items))


def shorten(text: str, width: int = 40) -> str:
    """A text on one line for use inside a message."""
    line = " ".join(text.split(maxsplit=width)[:width])  # so many words are longer than that already
    return line if len(line) <= width else line[: width - 1] + "…"
