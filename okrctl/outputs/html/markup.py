"""Makes the text of files plain in HTML, and writes the elements that every part of a page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from okrctl.outputs.terminal import sanitize

TONES = {
    "at risk": "bad", "alarm": "bad", "error": "bad", "missed": "bad", "red": "bad", "worse": "bad", "broken": "bad",
    "refuted": "bad", "relaxed": "warn", "behind": "warn", "stale": "warn", "no data": "warn", "yellow": "warn",
    "still open": "warn", "getting worse": "warn", "due": "warn", "untested": "warn", "in bounds, stale": "warn",
    "on track": "good", "achieved": "good", "succeeded": "good", "green": "good", "better": "good", "met": "good",
    "supported": "good", "in bounds": "good",
}  # fmt: skip


def text(said: object) -> str:
    """Text as it reads, whatever signs it has, also within the quotes of an attribute."""
    return escape(sanitize(str(said)), quote=True)


def name(said: object) -> str:
    """The words of a person, whose direction of writing touches nothing around them."""
    return f"<bdi>{text(said)}</bdi>"


def chip(word: str | None) -> str:
    """A status or a band: the word says it, its colour and sign say it again."""
    return f'<span class="chip {TONES.get(word, "none")}">{text(word)}</span>' if word else ""


def table(caption: str, heads: Sequence[tuple[str, str]], rows: Iterable[str], kind: str = "") -> str:
    """A table whose columns have a heading and a class; the caption is read aloud, and seen where it is not hidden."""
    columns = "".join(f'<th role="columnheader" scope="col"{_class(style)}>{text(head)}</th>' for head, style in heads)
    top = f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>'
    body = "\n".join(rows)
    return (
        f'<table role="table"{_class(kind)}><caption>{caption}</caption>{top}\n'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def row(head: str, cells: Iterable[tuple[str, str]], attributes: str = "") -> str:
    """A row that begins with its heading; cells are markup with a class."""
    inner = "".join(f'<td role="cell"{_class(style)}>{cell}</td>' for cell, style in cells)
    return f'<tr role="row"{attributes}><th role="rowheader" scope="row">{head}</th>{inner}</tr>'


def scrolling(label: str, inner: str) -> str:
    """What may be wider than the screen, in a frame that keys can scroll."""
    return f'<div class="scroll" role="region" aria-label="{text(label)}" tabindex="0">{inner}</div>'


def link(base: str | None, path: str, line: int) -> str:
    """A place in a file, and the way to it where a forge shows it."""
    said = text(f"{path}:{line}")
    if base is None:
        return f'<span class="place">{said}</span>'
    return f'<a class="place" href="{_address(base, path, line)}">{said}</a>'


def line(base: str, path: str, number: int) -> str:
    """The way to a line of the file that is named above."""
    return f'<a href="{_address(base, path, number)}">line {number}</a>'


def _address(base: str, path: str, line: int) -> str:
    return text(f"{quote(base, safe=':/?&=%~+@-._[]')}{quote(path)}#L{line}")


def section(id: str, title: str, *inner: str) -> str:
    """A part of the page that its navigation leads to."""
    body = "\n".join(part for part in inner if part)
    return f'<section id="{id}" aria-labelledby="{id}-h"><h2 id="{id}-h">{title}</h2>\n{body}\n</section>'


def _class(said: str) -> str:
    return f' class="{said}"' if said else ""
