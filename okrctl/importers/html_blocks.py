"""Takes HTML apart, as it stands in Markdown: headings, items of lists, lines of paragraphs, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Literal

from okrctl.importers.blocks import Block, Line

_HEADING = re.compile(r"h([1-6])")
_BOLD = ("b", "strong", "summary", "th", "dt")
_BREAKS = frozenset(
    "p div summary details li ul ol table tr blockquote section article header footer main hr dl dt dd pre br".split()
)
_UNSEEN = ("script", "style", "template", "head")
MAX_SPAN = 200
MAX_SPANNED = 20_000  # cells of a table that are filled from others, so that a few letters do not become millions


def parse_blocks(content: str, first: int) -> list[Block]:
    """The pieces of HTML that begins on the line `first`."""
    reader = _HtmlReader(first)
    reader.feed(content)
    reader.close()
    reader.flush()
    return reader.blocks


class _HtmlReader(HTMLParser):
    def __init__(self, first: int) -> None:
        super().__init__(convert_charrefs=True)
        self.first = first
        self.blocks: list[Block] = []
        self.table: _Table | None = None
        self.depth = -1
        self.heading = self.unseen = self.bold = 0
        self.is_item = False
        self._begin()

    def _begin(self) -> None:
        self.parts: list[tuple[str, bool]] = []
        self.links: list[str] = []
        self.block_line = 0

    @property
    def line(self) -> int:
        return self.first + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.unseen += tag in _UNSEEN
        if self.table is not None:
            self._start_in_table(self.table, tag, found)
        elif tag in _BREAKS or _HEADING.fullmatch(tag):
            self.flush()
            self._start_block(tag)
        self.bold += tag in _BOLD
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))

    def _start_block(self, tag: str) -> None:
        if found := _HEADING.fullmatch(tag):
            self.heading = int(found[1])
        elif tag in ("ul", "ol"):
            self.depth += 1
        elif tag == "li":
            self.is_item = True
        elif tag in ("table", "tr"):
            self.table = _Table(self.line)
            if tag == "tr":  # within a component that is called otherwise
                self.table.begin_row(self.line)

    def _start_in_table(self, table: _Table, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            table.begin_row(self.line)
        elif tag in ("td", "th"):
            self._begin()
            table.begin_cell(_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        elif tag in _BREAKS:
            self.parts.append(("\n", False))

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in _UNSEEN))
        if self.table is not None:
            self._end_in_table(self.table, tag)
        elif tag in _BREAKS or _HEADING.fullmatch(tag):
            self.flush()
            self.heading = 0
            self.depth = max(-1, self.depth - (tag in ("ul", "ol")))
        self.bold = max(0, self.bold - (tag in _BOLD))

    def _end_in_table(self, table: _Table, tag: str) -> None:
        if tag in ("td", "th"):
            table.end_cell(self._text(), tuple(self.links))
            self._begin()
        elif tag.startswith("table"):
            if block := table.block():
                self.blocks.append(block)
            self.table = None
            self._begin()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            if data.strip() and not self.block_line:
                self.block_line = self.line + len(data[: len(data) - len(data.lstrip())].splitlines())
            self.parts.append((data, self.bold > 0))

    def _text(self) -> str:
        lines = "".join(text for text, _ in self.parts).split("\n")
        return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))

    def flush(self) -> None:
        """End the piece that is being read."""
        text = " ".join(self._text().split())
        letters = [is_bold for part, is_bold in self.parts if re.search(r"\w", part)]
        if text and self.heading:
            self.blocks.append(Block("heading", self.block_line, text, self.heading, tuple(self.links)))
        elif text:
            kind: Literal["item", "text"] = "item" if self.is_item else "text"
            is_bold = bool(letters) and all(letters)
            self.blocks.append(Block(kind, self.block_line, text, self.depth, tuple(self.links), is_bold))
            self.is_item = False
        self._begin()


class _Table:
    """A table; a cell that spans rows stands in each of them."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.rows: list[list[Line]] = []
        self.spanned = 0
        self.spans: dict[int, tuple[int, str]] = {}  # by column: how many rows more, and the text
        self.number, self.row_span, self.column_span = line, 1, 1

    def begin_row(self, line: int) -> None:
        self.number = line
        self.rows.append([])
        self._fill_spans()

    def _fill_spans(self) -> None:
        """Add the cells from rows above that come next in this row."""
        row = self.rows[-1]
        while (at := len(row)) in self.spans and self.spanned < MAX_SPANNED:
            self.spanned += 1
            count, text = self.spans.pop(at)
            if count > 1:
                self.spans[at] = (count - 1, text)
            row.append(Line(text, (), False, self.number))

    def begin_cell(self, row_span: int, column_span: int) -> None:
        if not self.rows:
            self.begin_row(self.line)
        self.row_span, self.column_span = row_span, column_span

    def end_cell(self, text: str, links: tuple[str, ...]) -> None:
        row = self.rows[-1]
        columns = self.column_span if self.spanned < MAX_SPANNED else 1
        self.spanned += columns - 1
        for extra in range(columns):
            if self.row_span > 1 and not extra:
                self.spans[len(row)] = (self.row_span - 1, text)
            row.append(Line("" if extra else text, links, False, self.number))
        self._fill_spans()

    def block(self) -> Block | None:
        """The table, with its first row as the header."""
        rows = [row for row in self.rows if row]
        if len(rows) < 2:
            return None
        return Block("table", self.line, header=tuple(rows[0]), rows=tuple(map(tuple, rows[1:])))


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MAX_SPAN) if text and text.strip().isdigit() else 1
