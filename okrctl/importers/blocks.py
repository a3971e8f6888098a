"""The pieces that a text with marks consists of: headings, items of lists, lines of paragraphs, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Line(NamedTuple):
    """A line as a reader sees it: without marks, without what is struck through where anything else is left."""

    text: str
    links: tuple[str, ...] = ()
    is_bold: bool = False
    number: int = 0


@dataclass(slots=True)
class Block:
    """A piece of the text: `depth` is the level of a heading, or how deep an item or what stands in it is nested."""

    kind: Literal["heading", "item", "text", "table", "rule", "other"]
    line: int
    text: str = ""
    depth: int = 0
    links: tuple[str, ...] = ()
    is_bold: bool = False
    checked: str = ""
    header: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()
