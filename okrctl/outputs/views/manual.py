"""Shows pages of the manual: as text with the few forms of Markdown that they use laid out, as Markdown, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Literal

from okrctl.docs import ManualIndex, ManualPage
from okrctl.outputs import json
from okrctl.outputs.documents import PageDocument, TopicData, TopicsDocument
from okrctl.outputs.terminal import TerminalStyle, display_width, pad, paint, wrap

READABLE = 88  # columns; longer lines of prose are hard to follow
INDENT = "  "
FENCE = "```"
NARROW = 30  # columns; a last column of a table with less goes below the others
_HEADING = re.compile(r"#+ (.+)")


def render(result: ManualPage | ManualIndex, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """A page, or the list of all, in a format."""
    match format:
        case "table":
            return _index(result, style) if isinstance(result, ManualIndex) else _page(result, style)
        case "markdown":
            return _markdown_index(result) if isinstance(result, ManualIndex) else f"# {result.title}\n\n{result.text}"
        case "json":
            return json.document(data(result))


def data(result: ManualPage | ManualIndex) -> PageDocument | TopicsDocument:
    """A page, or the list of all."""
    return _index_data(result) if isinstance(result, ManualIndex) else _page_data(result)


def _page_data(page: ManualPage) -> PageDocument:
    return {"topic": page.topic, "title": page.title, "text": page.text}


def _index_data(index: ManualIndex) -> TopicsDocument:
    kinds = (("page", index.pages), ("word", index.words))
    topics: list[TopicData] = [
        {"topic": page.topic, "kind": kind, "title": page.title, "summary": page.summary}
        for kind, pages in kinds
        for page in pages
    ]
    return {"topics": topics}


def _markdown_index(index: ManualIndex) -> str:
    """Pages with their titles, words with their first sentences."""
    pages = "".join(f"* `{page.topic}`: {page.title}\n" for page in index.pages)
    words = "".join(f"* `{page.topic}`: {page.summary}\n" for page in index.words)
    return f"# Pages\n\n{pages}\n# Words\n\n{words}"


def _page(result: ManualPage, style: TerminalStyle) -> str:
    """Title and headings at the margin, everything else indented."""
    width = _width(style) - len(INDENT)
    parts = [_title(result.title, style)]
    for block in _blocks(result.text):
        heading = _HEADING.match(block)
        if heading:
            parts.append(_title(_plain(heading[1]), style))
        elif block.startswith(FENCE):
            parts.append(_indent([INDENT + line for line in block.splitlines()[1:-1]]))
        else:
            parts.append(_indent(_prose(block, width)))
    return "\n\n".join(parts) + "\n"


def _blocks(text: str) -> Iterator[str]:
    """What blank lines separate; a fenced text is one block with its blank lines."""
    lines: list[str] = []
    for line in text.splitlines():
        fenced = bool(lines) and lines[0].startswith(FENCE)
        if line or fenced:
            lines.append(line)
        if lines and (line == FENCE if fenced else not line):
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _index(result: ManualIndex, style: TerminalStyle) -> str:
    """Each topic with its first sentence."""
    parts = []
    pages = [(page.topic, page.title) for page in result.pages]
    words = [(page.topic, _plain(page.summary)) for page in result.words]
    for title, rows in (("Pages", pages), ("Words", words)):
        parts.append(paint(title, "bold", style) + "\n" + _indent(_columns(rows, _width(style) - len(INDENT))))
    return "\n\n".join([*parts, "`okrctl explain TOPIC` prints one of them"]) + "\n"


def _width(style: TerminalStyle) -> int:
    return min(style.width, READABLE) if style.width else READABLE


def _title(text: str, style: TerminalStyle) -> str:
    return "\n".join(paint(line, "bold", style) for line in wrap(text, _width(style)))


def _indent(lines: list[str]) -> str:
    return "\n".join((INDENT + line).rstrip() for line in lines)


def _prose(text: str, width: int) -> list[str]:
    """The lines of a paragraph, a list or a table."""
    if text.startswith("|"):
        head, _, *rows = [_cells(line) for line in text.splitlines()]
        return _columns([head, *rows], width)
    lines = []
    for item in re.split(r"\n(?=\* )", text):
        words = _plain(" ".join(item.split()))
        lines += wrap(words, width, "  " if item.startswith("* ") else "")
    return lines


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_plain(cell.strip().replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", line)[1:-1])


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """Rows in columns, cells wrapped; where the last one has too little room, it goes below the others."""
    *front, _ = (_column_widths(column) for column in zip(*rows, strict=True))
    widths = [full for full, _ in front]
    widest = widths.index(max(widths))
    widths[widest] = max(widths[widest] - max(sum(widths) + 2 * len(widths) + NARROW - width, 0), front[widest][1])
    room = width - sum(widths) - 2 * len(widths)
    lines = []
    for row in rows:
        if room >= NARROW:
            cells = [wrap(cell, size) for cell, size in zip(row, [*widths, room], strict=True)]
            for pieces in zip_longest(*cells, fillvalue=""):
                shown = (pad(piece, size) for piece, size in zip(pieces, [*widths, room], strict=True))
                lines.append("  ".join(shown).rstrip())
        else:
            lines += wrap("  ".join(cell for cell in row[:-1] if cell), width, INDENT)
            lines += [INDENT + line for line in wrap(row[-1], width - len(INDENT))]
    return lines


def _column_widths(cells: tuple[str, ...]) -> tuple[int, int]:
    """How wide a column is, and how narrow it can be made."""
    return max(map(display_width, cells)), max(display_width(word) for cell in cells for word in [*cell.split(), ""])


def _plain(text: str) -> str:
    """Text without emphasis; a link to another page says how to read it."""
    text = re.sub(r"\[([^]]+)\]\(([\w-]+)\.md\)", r"\1 (`okrctl explain \2`)", text)
    text = re.sub(r"\[([^]]+)\]\(([^)]+)\)", r"\1 (\2)", text)
    return text.replace("**", "")
