"""Splits the text of a file into blocks of lines: for each key, element and reading its lines and the comments above.

The blocks of a file, put together again, are the file, byte by byte. A mapping or list in block style has a block for
each of its entries; whatever is written in another way (in brackets, with anchors) is one block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from okrctl.merge.trees import Table, Tree
from okrctl.values.diagnostic import Route
from okrctl.yaml import Document
from okrctl.yaml_edit.source_map import SourceMap

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")
_DASH = re.compile(r" *- +")


def split_lines(text: str) -> list[str]:
    """The lines of a text with their line breaks."""
    return _LINE.findall(text)


def without_breaks(lines: Sequence[str]) -> list[str]:
    """The lines without their line breaks."""
    return [line.rstrip("\r\n") for line in lines]


@dataclass
class Block:
    """The lines of one entry, which starts at `column`; `lead` are the comments and blank lines above it.

    With `children` (by identity), the lines are `head`, then the children; without, they are `head` alone. An element
    of a list has a `dash`: the text up to its content, in place of which the first line has blanks here.
    """

    column: int
    lead: list[str]
    head: list[str]
    children: dict[str, Block] | None = None
    dash: str = ""

    def lines(self) -> list[str]:
        """All lines but the lead."""
        lines = list(self.head)
        for child in (self.children or {}).values():
            lines += [*child.lead, *child.lines()]
        return with_dash(lines, self.dash)


@dataclass
class Text:
    """The text of a file as one block, and the comments and blank lines below the last entry."""

    root: Block
    tail: list[str] = field(default_factory=list)


def with_dash(lines: list[str], dash: str) -> list[str]:
    """The lines of an element with its dash on the first line that is neither blank nor a comment."""
    for number, line in enumerate(lines if dash else ()):
        if line.strip() and not line.lstrip().startswith("#"):
            return [*lines[:number], dash + line[len(dash) :], *lines[number + 1 :]]
    return lines


def shift(lines: Sequence[str], columns: int) -> list[str]:
    """The lines moved to the right, or to the left as far as they have blanks."""
    if not columns:
        return list(lines)
    if columns > 0:
        return [" " * columns + line if line.strip() else line for line in lines]
    return [line[min(-columns, len(line) - len(line.lstrip(" "))) :] for line in lines]


def split_text(document: Document, tree: Tree) -> Text:
    """The blocks of a document; `tree` is the tree of its data."""
    return _Splitter(document).split(tree)


class _Splitter:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.layout = SourceMap(document)
        self.texts = split_lines(document.text)
        starts = [0]
        for line in self.texts:
            starts.append(starts[-1] + len(line))
        self.numbers = {start: number for number, start in enumerate(starts)}

    def split(self, tree: Tree) -> Text:
        if not isinstance(tree, Table) or not tree.children:
            return Text(Block(0, [], [], {}), self.texts)
        children, end = self._split_entries((), tree, 0)
        if children is None:
            return Text(Block(0, [], self.texts))
        return Text(Block(0, [], [], children), self.texts[end:])

    def _line(self, offset: int) -> int:
        return self.numbers[self.layout.line_start(offset)]

    def _split_entries(self, route: Route, table: Table, above: int) -> tuple[dict[str, Block] | None, int]:
        """The entries of a mapping or list from a line on, and the line after them; None if it is not in blocks."""
        node = self.layout.node(route)
        kind = "sequence" if table.shape.form in ("list", "set") else "mapping"
        if node is None or node.is_flow or node.kind != kind or node.has_anchor or node.is_alias:
            return None, 0
        blocks: dict[str, Block] = {}
        for name, child in table.children.items():
            inner = (*route, table.steps[name])
            found = self._split_element(inner, child, above) if kind == "sequence" else None
            found = found or (self._split_pair(inner, child, above) if kind == "mapping" else None)
            if found is None:
                return None, 0
            blocks[name], above = found
        return blocks, above

    def _split_pair(self, route: Route, tree: Tree, above: int) -> tuple[Block, int] | None:
        if str(route[-1]) not in self.document.keys(route[:-1]):
            return None
        pair = self.layout.pair(route)
        first, last = self._line(pair.start), self._line(pair.end)
        column = self.layout.column(pair.start)
        lead = self.texts[above:first]
        if first < above:  # the first key of an element stands beside its dash
            return None
        if not self.layout.is_first_on_line(pair.start) and not self._is_beside_dash(route, pair.start):
            return None
        if pair.value is not None and isinstance(tree, Table) and self._line(pair.value) > first:
            children, end = self._split_entries(route, tree, first + 1)
            if children:
                return Block(column, lead, self._blank_prefix(first, first + 1, column), children), end
        return Block(column, lead, self._blank_prefix(first, last + 1, column)), last + 1

    def _is_beside_dash(self, route: Route, start: int) -> bool:
        line = self.layout.text[self.layout.line_start(start) : start]
        return len(route) > 1 and isinstance(route[-2], int) and bool(_DASH.fullmatch(line))

    def _split_element(self, route: Route, tree: Tree, above: int) -> tuple[Block, int] | None:
        node = self.layout.node(route)
        if node is None or node.start >= node.end:
            return None
        first, last = self._line(node.start), self._line(self.layout.node_end(route))
        column = self.layout.column(node.start)
        dash = self.texts[first][:column]
        if first < above or not _DASH.fullmatch(dash):
            return None
        lead = self.texts[above:first]
        if isinstance(tree, Table) and tree.shape.form == "mapping" and node.kind == "mapping":
            children, end = self._split_entries(route, tree, first)
            if children:
                return Block(column, lead, [], children, dash), end
        return Block(column, lead, self._blank_prefix(first, last + 1, column), dash=dash), last + 1

    def _blank_prefix(self, first: int, end: int, column: int) -> list[str]:
        lines = self.texts[first:end]
        return [" " * column + lines[0][column:], *lines[1:]]
