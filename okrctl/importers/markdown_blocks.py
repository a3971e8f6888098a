"""Takes a Markdown text apart with markdown-it: headings, items of lists, lines of paragraphs, tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from okrctl.importers import html_blocks
from okrctl.importers.blocks import Block, Line

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_DROPPED = re.compile(
    r"(?i)[\W_]*(?:dropped|cancell?ed|abandoned|postponed|deferred|paused|stopped|removed|moved|deprioriti[sz]ed|"
    r"out of scope|no longer|gestrichen|verschoben|entfallen|abandonn|report[ée]|cancelad|aplazad|adiad|rinviat|"
    r"annullat|geschrapt|uitgesteld)"
)
_GOALS_IN_CODE = re.compile(r"(?im)^\W*(?:key result|KR)\s*[0-9.]*\s*[:.–—-]")
_FRAME = re.compile("^[\\s\u2500-\u257f+|`]*-*\\s*")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]+)\]\]")
_TILDE = re.compile(r"~(?=\S)([^~\n]*\S)~(?!~)")
_CHECKBOX = re.compile(r"\[([ xX~/-])\]\s+(?=\S)")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}]*\}\s*$")


def parse_blocks(text: str) -> list[Block]:
    """The pieces in order, with the lines they begin on; what is in front of the text as YAML comes first."""
    front = _FRONT_MATTER.match(text)
    blocks: list[Block] = []
    if front and ":" in front[1]:
        blocks = [
            Block("text", number, line.strip()) for number, line in enumerate(front[1].splitlines(), 2) if line.strip()
        ]
        text = "\n" * front[0].count("\n") + text[front.end() :]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks.extend(_Walk(lines).walk(_PARSER.parse("\n".join(lines))))
    return blocks


class _Walk:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.depth = -1
        self.is_first_of_item = False
        self.heading = 0

    def walk(self, tokens: Sequence[Token]) -> Iterator[Block]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "table_open":
                end = next(at for at in range(place, len(tokens)) if tokens[at].type == "table_close")
                yield self._table(token)
                place = end + 1
                continue
            yield from self._take(token)
            place += 1

    def _take(self, token: Token) -> Iterator[Block]:
        line = (token.map or [0])[0] + 1
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.depth -= 1
        elif token.type == "list_item_open":
            self.is_first_of_item = True
        elif token.type == "heading_open":
            self.heading = int(token.tag[1])
        elif token.type == "inline":
            yield from self._inline(token, line)
        else:
            yield from self._take_block(token, line)

    def _take_block(self, token: Token, line: int) -> Iterator[Block]:
        if token.type == "hr":
            yield Block("rule", line)
        elif token.type == "html_block":
            yield from html_blocks.parse_blocks(token.content, line)
        elif token.type in ("fence", "code_block"):
            yield from self._code(token.content, line + (token.type == "fence"))

    def _code(self, content: str, first: int) -> Iterator[Block]:
        """Lines of code, which are text where they are goals in a frame."""
        has_goals = bool(_GOALS_IN_CODE.search(content))
        for number, text in enumerate(content.splitlines(), first):
            plain = _FRAME.sub("", text).strip()
            if plain and has_goals:
                yield Block("text", number, plain, self.depth)
            elif plain:
                yield Block("other", number, text.strip(), max(self.depth, 0))

    def _inline(self, token: Token, first: int) -> Iterator[Block]:
        found = read_inline(token, first)
        if self.heading:
            text = " ".join(line.text for line in found if line.text)
            links = tuple(link for line in found for link in line.links)
            yield Block("heading", first, _ATTRIBUTES.sub("", text), self.heading, links)
            self.heading = 0
            return
        for line in found:
            if not line.text:
                continue
            checked = _CHECKBOX.match(line.text) if self.is_first_of_item else None
            text = line.text[checked.end() :] if checked else line.text
            kind: Literal["item", "text"] = "item" if self.is_first_of_item else "text"
            yield Block(
                kind, line.number, text, self.depth, line.links, line.is_bold, checked[1].lower() if checked else ""
            )
            self.is_first_of_item = False

    def _table(self, token: Token) -> Block:
        """The cells by the lines of the text: the parser drops those beyond the last column."""
        start, end = token.map or [0, 0]
        header, rows = self._row(start), tuple(self._row(at) for at in range(start + 2, end))
        return Block("table", start + 1, depth=max(self.depth, 0), header=header, rows=rows)

    def _row(self, at: int) -> tuple[Line, ...]:
        plain = re.sub(r"^[\s>]*", "", self.lines[at]).rstrip()
        plain = plain.removeprefix("|")
        plain = plain[:-1] if plain.endswith("|") and not plain.endswith("\\|") else plain
        cells = [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", plain)]
        return tuple(read_cell(cell, at + 1) for cell in cells)


def read_cell(text: str, number: int) -> Line:
    """A cell of a table; `<br>` ends a line of it."""
    found = [line for token in _PARSER.parseInline(text) for line in read_inline(token, number, True)]
    links = tuple(dict.fromkeys(link for line in found for link in line.links))
    return Line("\n".join(line.text for line in found if line.text), links, False, number)


def read_inline(token: Token, first: int, is_cell: bool = False) -> list[Line]:
    """The lines of a paragraph, heading or cell."""
    reader = _InlineReader(first, is_cell)
    for child in token.children or []:
        reader.take(child)
    return reader.finish()


class _InlineReader:
    def __init__(self, first: int, is_cell: bool) -> None:
        self.number, self.is_cell = first, is_cell
        self.lines: list[Line] = []
        self._begin()
        self.bold = self.struck = 0

    def _begin(self) -> None:
        self.parts: list[tuple[str, bool, bool]] = []
        self.links: list[str] = []

    def take(self, child: Token) -> None:
        if child.type in ("softbreak", "hardbreak"):
            self._end_line()
        elif child.type == "strong_open" or child.type == "strong_close":
            self.bold += 1 if child.type == "strong_open" else -1
        elif child.type == "s_open" or child.type == "s_close":
            self.struck += 1 if child.type == "s_open" else -1
        elif child.type == "link_open":
            self.links.append(str(child.attrs.get("href", "")))
        elif child.type in ("text", "code_inline", "image", "text_special"):
            self.parts.append((child.content, self.bold > 0, self.struck > 0))
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            self._take_break()

    def _take_break(self) -> None:
        if self.is_cell:
            self._end_line()
        else:
            self.parts.append((" ", self.bold > 0, False))

    def _end_line(self) -> None:
        kept = "".join(text for text, _, is_struck in self.parts if not is_struck)
        remark = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[ ~|]", "", kept)
        is_struck = not remark or bool(_DROPPED.match(kept))  # but for a remark such as `(dropped)`
        text = "".join(text for text, _, _ in self.parts) if is_struck else kept
        single = _WIKI_LINK.sub(r"\1", _TILDE.sub(r"\1", text))
        letters = [is_bold for text, is_bold, _ in self.parts if re.search(r"\w", text)]
        plain = " ".join(html.unescape(single).split()).rstrip("\\").strip()
        links = tuple(dict.fromkeys(link for link in self.links if link))
        self.lines.append(Line(plain, links, bool(letters) and all(letters), self.number))
        self.number += 1
        self._begin()

    def finish(self) -> list[Line]:
        self._end_line()
        return self.lines
