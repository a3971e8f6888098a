"""The blocks of a Markdown text (headings, table rows, list items, lines of text) and their markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Literal, NamedTuple

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_ITEM = re.compile(r"(\s*)(?:[-*+]|[0-9]{1,9}[.)])\s+(.*)")
_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?\|?\s*|\s*\|?\s*:?-{3,}:?\s*\|\s*")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_STRUCK = re.compile(r"(~~?)(?=\S)(.+?)(?<=\S)\1")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


class Block(NamedTuple):
    """A block; `depth` is the level of a heading or the indent of an item, `cells` are those of a table row."""

    kind: Literal["heading", "header", "row", "item", "text"]
    line: int
    text: str
    depth: int = 0
    cells: tuple[str, ...] = ()


class PlainText(NamedTuple):
    """A text without markup, the targets of its links, and whether a part of it is struck through."""

    text: str
    links: tuple[str, ...]
    is_struck: bool


def parse_blocks(text: str) -> Iterator[Block]:
    """The blocks in order, each with its first line; fenced code is text."""
    lines = text.split("\n")
    number, fence = 0, ""
    while number < len(lines):
        line = lines[number].rstrip("\r")
        number += 1
        if fence or line.lstrip().startswith(("```", "~~~")):
            fence = _next_fence(fence, line.lstrip()[:3])
            yield Block("text", number, line.strip())
        elif heading := _HEADING.fullmatch(line):
            yield Block("heading", number, heading[2], len(heading[1]))
        elif "|" in line and _is_table_rule(lines[number : number + 1]):
            yield Block("header", number, line.strip(), cells=_split_cells(line))
            rows = list(takewhile(lambda row: "|" in row, lines[number + 1 :]))
            for place, row in enumerate(rows, number + 2):
                yield Block("row", place, row.strip(), cells=_split_cells(row))
            number += 1 + len(rows)
        elif item := _ITEM.fullmatch(line):
            yield Block("item", number, item[2].strip(), len(item[1].expandtabs(4)))
        elif line.strip():
            yield Block("text", number, line.strip())


def _next_fence(fence: str, mark: str) -> str:
    """The fence of the code block after a line that starts with a mark; empty outside of one."""
    return "" if mark == fence else fence or mark


def _is_table_rule(lines: list[str]) -> bool:
    return bool(lines and _RULE.fullmatch(lines[0].rstrip("\r")))


def _split_cells(line: str) -> tuple[str, ...]:
    plain = line.strip()
    plain = plain.removeprefix("|")
    plain = plain[:-1] if plain.endswith("|") and not plain.endswith("\\|") else plain
    return tuple(cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", plain))


def strip_markup(marked: str) -> PlainText:
    """The text as a reader sees it; an image becomes its description."""
    links: list[str] = []

    def follow(match: re.Match[str]) -> str:
        links.append(match[2])
        return match[1]

    text = _LINK.sub(follow, _IMAGE.sub(r"\1", marked))
    bare = _STRUCK.sub(r"\2", text)
    shown = html.unescape(_STRONG.sub(r"\2", bare))
    return PlainText(" ".join(shown.split()), tuple(dict.fromkeys(links)), bare != text)


def strip_struck_text(marked: str) -> str:
    """The text of a cell without struck-through parts; all of it if nothing else is left."""
    left = strip_markup(_STRUCK.sub("", marked)).text
    return left or strip_markup(marked).text
