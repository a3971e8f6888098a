"""Builds the tree of nodes with their places from recorded events, and data from the tree by all rules of YAML."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal

from okrctl.yaml.events import ALIAS, BLANK_VALUES, END, MAPPING, SEQUENCE, EventRecord

SCALAR = 0
MAX_ALIASED_NODES = 100_000  # nodes that all aliases of a file may repeat, against texts that expand without limit
MAX_ERRORS = 100  # of one file

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n]))?|[ \t\r\n]+|#[^\r\n]*)++")
_COMMENT_OR_SIGN = re.compile(r"(?:(?<=\s)|^)#[^\r\n]*|(\S)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?").fullmatch
_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?").fullmatch


_NONE: list[YamlNode] = []  # shared by all scalars, which are most nodes of a file


class YamlNode:
    """One node as written: `start` is after its anchor and tag, `items` are elements, or keys and values in turn."""

    __slots__ = (
        "anchor",
        "data",
        "end",
        "items",
        "key_indexes",
        "kind",
        "size",
        "start",
        "tag_offset",
        "target",
        "value",
    )

    def __init__(self, kind: int, start: int, end: int, value: str = "") -> None:
        self.kind, self.start, self.end, self.value = kind, start, end, value
        self.items: list[YamlNode] = _NONE if kind == SCALAR else []
        self.size = 1
        self.anchor: str | None = None
        self.tag_offset: int | None = None
        self.target: YamlNode | None = None  # the node that an alias repeats
        self.data: object = None
        self.key_indexes: dict[str, int] | None = None  # the index of each key in `items`

    @property
    def resolved(self) -> YamlNode:
        """The node itself, or the node that it is an alias of."""
        return self.target or self

    def pairs(self) -> list[tuple[YamlNode, YamlNode]]:
        """Keys and values of a mapping, in the order of the file."""
        items = self.items
        return list(zip(items[::2], items[1::2], strict=False))

    def find(self, name: str) -> tuple[YamlNode, YamlNode] | None:
        """The first key with this name in a mapping, and its value."""
        if self.key_indexes is None:
            keys = list(enumerate(key.resolved for key, _ in self.pairs()))
            self.key_indexes = {key.value: index for index, key in reversed(keys) if key.kind == SCALAR}
        index = self.key_indexes.get(name)
        return None if index is None else (self.items[2 * index], self.items[2 * index + 1])

    def is_flow(self, text: str) -> bool:
        """Whether a mapping or sequence is written in brackets; a block mapping may begin with a key in brackets."""
        bracket = self.kind in (MAPPING, SEQUENCE) and text[self.start : self.start + 1] in ("[", "{")
        return bracket and not (self.items and self.items[0].start == self.start)


class YamlError(Exception):
    """An error in a text with valid syntax: a code, a message, a fix and two offsets."""

    def __init__(self, code: str, message: str, help: str, start: int, end: int) -> None:
        super().__init__(message)
        self.code, self.message, self.help, self.start, self.end = code, message, help, start, end
        self.related: tuple[int, int, str] | None = None


class _TreeBuilder:
    """Builds the nodes of one record."""

    def __init__(self, record: EventRecord, text: str, shift: int) -> None:
        self.record, self.text, self.shift = record, text, shift
        self.anchors: dict[str, YamlNode] = {}
        self.open_nodes: list[YamlNode] = []
        self.aliased_nodes = 0

    def build(self) -> YamlNode | None:
        root: YamlNode | None = None
        offsets, properties = self.record.offsets, self.record.properties
        shift, open_nodes = self.shift, self.open_nodes
        for index, entry in enumerate(self.record.entries):
            start, end = offsets[2 * index] + shift, offsets[2 * index + 1] + shift
            if entry == END:
                self.close_collection(end)
                continue
            node = YamlNode(SCALAR, start, end, entry) if isinstance(entry, str) else YamlNode(entry, start, end)
            if start == end:
                self.trim_empty_scalar(node)
            if index in properties:
                self.apply_properties(node, *properties[index])
            if open_nodes:
                open_nodes[-1].items.append(node)
                open_nodes[-1].size += node.size
            root = root or node
            if node.kind == MAPPING or node.kind == SEQUENCE:
                open_nodes.append(node)
        while open_nodes:
            self.close_collection(len(self.text))
        return root

    def trim_empty_scalar(self, node: YamlNode) -> None:
        """Move an empty scalar to the end of its colon, before any blanks and comments."""
        if node.kind != SCALAR:
            return
        parent = self.open_nodes[-1] if self.open_nodes else None
        floor = 0 if parent is None else parent.items[-1].end if parent.items else parent.start
        signs = [match.end() for match in _COMMENT_OR_SIGN.finditer(self.text, floor, node.start) if match[1]]
        node.start = node.end = signs[-1] if signs else min(floor, node.start)

    def close_collection(self, end: int) -> None:
        node = self.open_nodes.pop()
        node.end = end if node.is_flow(self.text) else node.items[-1].end if node.items else node.start
        if self.open_nodes:
            self.open_nodes[-1].size += node.size

    def apply_properties(self, node: YamlNode, anchor: str | None, tag: str | None) -> None:
        if node.kind == ALIAS:
            self.resolve_alias(node, anchor or "")
            return
        begin = node.start
        properties = _PROPERTIES.match(self.text, begin)
        node.start = properties.end() if properties else begin
        if node.kind == SCALAR:
            node.start = min(node.start, node.end)
        if tag is not None:
            node.tag_offset = self.find_tag(begin, node.start)
        if anchor is not None:
            node.anchor = anchor
            self.anchors[anchor] = node

    def find_tag(self, begin: int, end: int) -> int:
        """The offset of a tag, which the Python parser does not count as part of the node."""
        exclamation_mark = re.compile(r"(?:^|(?<=\s))!").search(self.text, begin, end)
        if exclamation_mark is None and not self.text.startswith("!", begin):
            words = re.compile(r"!\S*").finditer(self.text, max(0, begin - 1000), begin)
            return max((word.start() for word in words), default=begin)
        return exclamation_mark.start() if exclamation_mark else begin

    def resolve_alias(self, node: YamlNode, name: str) -> None:
        target = self.anchors.get(name)
        if target is None:
            help = f"define it before with &{name}, or quote the text if it begins with *"
            raise YamlError("OKR001", f"the alias *{name} is not defined", help, node.start, node.end)
        if target in self.open_nodes:
            help = "write the values instead of the alias"
            raise YamlError("OKR009", f"the alias *{name} contains itself", help, node.start, node.end)
        self.aliased_nodes += target.size
        if self.aliased_nodes > MAX_ALIASED_NODES:
            message = f"the aliases in this file expand to more than {MAX_ALIASED_NODES:,} values"
            raise YamlError("OKR009", message, "write the values instead of the aliases", node.start, node.end)
        node.target = target
        node.size = target.size


def build_tree(record: EventRecord, text: str, shift: int) -> YamlNode | None:
    """The tree of a record, None for an empty text; `shift` is added to the offsets of the parser.

    Raises YamlError for an alias that is undefined, contains itself or expands to too many nodes.
    """
    return _TreeBuilder(record, text, shift).build()


def is_blank(node: YamlNode, text: str) -> bool:
    """Whether a scalar is empty, `~` or `null`, and not quoted."""
    return (
        node.kind == SCALAR
        and node.value in BLANK_VALUES
        and (node.end <= node.start or text[node.start] not in "'\"|>")
    )


class StrictBuilder:
    """Builds the data of a tree by all rules of YAML, and collects the errors in it.

    The event loop builds the data of most files on the way (`events.py`). It hands over the files that contain an
    alias, a merge key (`<<`), a tag, a key that is a collection, or keys that may be equal. The strict builder visits
    every node of the tree, copies the data of aliases, merges mappings, rejects tags, and reports each repeated key
    with its place. It is a separate pass since it needs the tree, which costs time and which most files never need.

    An error does not stop it: the value is left out or the first of two keys is kept, so that one run reports all
    errors of a file.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.errors: list[YamlError] = []

    def add_error(self, error: YamlError) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(error)

    def build(self, node: YamlNode) -> object:
        if node.tag_offset is not None:
            self.reject_tag(node)
        if node.kind == SCALAR:
            node.data = None if is_blank(node, self.text) else node.value
        elif node.kind == ALIAS:
            node.data = node.resolved.data
        elif node.kind == SEQUENCE:
            node.data = [self.build(item) for item in node.items]
        else:
            node.data = self.build_mapping(node)
        return node.data

    def reject_tag(self, node: YamlNode) -> None:
        start = node.tag_offset or 0
        tag = re.compile(r"![^\s,\[\]{}]*").match(self.text, start)
        end = tag.end() if tag else start + 1
        help = "delete the tag, or quote the text if it begins with !"
        self.add_error(YamlError("OKR004", f"YAML tags are not allowed: {self.text[start:end][:40]}", help, start, end))

    def build_mapping(self, node: YamlNode) -> dict[str, object]:
        result: dict[str, object] = {}
        seen: dict[object, YamlNode] = {}
        merges: list[YamlNode] = []
        for key, value in node.pairs():
            self.build(key)
            data = self.build(value)
            name = key.resolved
            if name.kind != SCALAR:
                help = "write a plain word before the colon, or quote a text that begins with a bracket"
                self.add_error(YamlError("OKR001", "a key must be plain text", help, key.start, key.end))
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
        duplicate, equal = f"duplicate key '{short}'", f"the keys '{shorten(before)}' and '{short}' are equal"
        message = duplicate if before == name else equal
        error = YamlError("OKR005", message, "keep one of them; the first one is used", key.start, key.end)
        error.related = (first.start, first.end, "first key")
        self.add_error(error)
        return True

    def merge_mapping(self, result: dict[str, object], value: YamlNode) -> None:
        """`<<`: add the keys of other mappings that the mapping does not have, the first mapping first."""
        merged = value.resolved
        for source in merged.items if merged.kind == SEQUENCE else [value]:
            source_data = source.resolved.data
            if isinstance(source_data, dict):
                for name, data in source_data.items():
                    result.setdefault(name, data)
            elif source_data is not None:
                help = "write <<: *name, or quote the key if it is text"
                self.add_error(YamlError("OKR001", "expected a mapping after <<", help, source.start, source.end))


def is_merge_key(key: YamlNode, text: str) -> bool:
    """Whether a key is `<<` without quotes."""
    return key.kind == SCALAR and key.value == "<<" and text[key.start] == "<"


def canonical_key(key: str) -> object:
    """A value that is the same for equal keys: the text, the number, or the date (a month equals its last day)."""
    if len(key) > 40 or not key or key[0] not in "0123456789+-.":
        return key
    if _NUMBER(key):
        return Decimal(key)
    match = _DATE(key)
    if not match:
        return key
    year, month = int(match[1]), int(match[2])
    if not (1 <= month <= 12 and year):
        return key
    return (year, month, int(match[3]) if match[3] else monthrange(year, month)[1])


def iterate_scalars(root: YamlNode | None) -> Iterator[YamlNode]:
    """Every scalar at or below a node, in the order of the file."""
    stack = [root] if root else []
    while stack:
        node = stack.pop()
        if node.kind == SCALAR:
            yield node
        stack.extend(reversed(node.items))


def shorten(text: str, width: int = 40) -> str:
    """A text on one line, cut to a width for use in a message."""
    line = " ".join(text.split(maxsplit=width)[:width])  # more words cannot fit
    return line if len(line) <= width else line[: width - 1] + "…"
