"""The parts of which a page has thousands, as markup: names, chips, drawings and tables.

A template takes ten to twenty times as long for each of them. Templates have all the others, and call these as they
call their own macros; `macros.html` hands them on. As in a template, all text is escaped, and control characters
become visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from okrctl.outputs.reports import charts
from okrctl.outputs.reports.charts import Drawing, Shape
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import TONES, Cell, Column, Row, Table

PERCENT, NO_BREAK_SPACE = re.compile(r"(?<=\d) %"), "\u00a0"
UNBROKEN = re.compile(r"\b(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})|(?:FY)?[0-9]{2,4}-[QHT][0-9])\b")
LONG_WORD = 30  # letters: about the width of a small screen
WITHOUT_LABEL = ("progress", "days")  # columns whose cells say by themselves what they are
DEEPEST = 3


def show(value: object) -> str:
    """What a page prints of a value: markup as it is, text escaped and without control characters."""
    return value if isinstance(value, Markup) else _escape(str(value))


@lru_cache(maxsize=16_384)
def _escape(text: str) -> str:
    """Kept, since most of a drawing are the same few places and classes."""
    return str(escape(sanitize(text)))


# Words


@pass_context
def whole(context: Context, text: str) -> Markup:
    """Text in which days are written for people; no line ends inside a day, the name of a period or a percentage."""
    return Markup(_whole(text, day_of_page(context)))


@pass_context
def write_days(context: Context, text: str) -> str:
    """Plain text in which days are written for people."""
    return _write_days(text, day_of_page(context))


@lru_cache(maxsize=4096)
def _whole(text: str, today: date | None) -> str:
    escaped = PERCENT.sub(NO_BREAK_SPACE + "%", show(text))
    return UNBROKEN.sub(lambda match: f'<span class="whole">{_write_day(match, today)}</span>', escaped)


def _write_days(text: str, today: date | None) -> str:
    return UNBROKEN.sub(lambda match: _write_day(match, today), text)


def _write_day(match: re.Match[str], today: date | None) -> str:
    """A day with its year only where that is not the year of the page; the name of a period as it is."""
    if match["day"] is None:
        return match[0]
    try:
        return scorecard.short_day(date.fromisoformat(match["day"]), today)
    except ValueError:
        return match[0]


def day_of_page(context: Context) -> date | None:
    """The day that a page is of; None where it has none."""
    visit, report = context.get("visit"), context.get("report")
    found: date | None = visit.today if visit is not None else report.card.as_of if report is not None else None
    return found


def name(text: str) -> Markup:
    """What a person wrote; a word that is longer than a small screen is wide may break, no other one."""
    return Markup(_name(text))


def linked(href: str | None, text: str) -> Markup:
    """A name that leads somewhere, or nowhere."""
    return Markup(f'<a href="{show(href)}">{_name(text)}</a>' if href else _name(text))


def chip(word: str | None, before: str = "") -> Markup:
    """A status, coloured by its tone."""
    return Markup(_chip(word, before))


@pass_context
def words(context: Context, cell: Cell) -> Markup:
    """The text of a cell, which may lead somewhere."""
    return Markup(_words(cell, day_of_page(context)))


def _name(text: str) -> str:
    is_long = len(text) > LONG_WORD and any(len(word) > LONG_WORD for word in text.split())
    return f'<bdi class="long">{show(text)}</bdi>' if is_long else f"<bdi>{show(text)}</bdi>"


def _chip(word: str | None, before: str = "") -> str:
    return f'<span class="chip {show(TONES.get(word, "none"))}">{show(before)}{show(word)}</span>' if word else ""


def _words(cell: Cell, today: date | None) -> str:
    match cell.kind:
        case "name":
            bare = _name(cell.text)
        case "ref":
            bare = f"<code>{show(cell.text)}</code>"
        case "place":
            bare = f'<span class="place">{show(cell.text)}</span>'
        case _:
            bare = _whole(cell.text, today)
    return f'<a href="{show(cell.href)}">{bare}</a>' if cell.href else bare


# Drawings


def attributes(pairs: Iterable[tuple[str, object]]) -> Markup:
    """The attributes of an element; the filter `xmlattr` would escape but not sanitize."""
    return Markup(_attributes(pairs))


def svg(drawing: Drawing | None) -> Markup:
    """A drawing. A chart has points inside that take the focus, so it is a group; the others are one picture."""
    return Markup(_svg(drawing))


def _attributes(pairs: Iterable[tuple[str, object]]) -> str:
    return "".join([f' {show(key)}="{show(value)}"' for key, value in pairs])


def _svg(drawing: Drawing | None) -> str:
    if not drawing:
        return ""
    role = "group" if "chart" in drawing.kind else "img"
    told = (
        f'role="{role}" aria-label="{show(drawing.label)}"'
        if drawing.label
        else 'preserveAspectRatio="none" aria-hidden="true"'
    )
    inner = "".join(map(_shape, drawing.shapes))
    return f'<svg class="{show(drawing.kind)}" viewBox="0 0 {drawing.width} {drawing.height}" {told}>{inner}</svg>'


def _shape(drawn: Shape) -> str:
    begin = f"<{drawn.tag}{_attributes(drawn.attributes.items())}"
    if not (drawn.text or drawn.shapes):
        return f"{begin}/>"
    return f"{begin}>{show(drawn.text)}{''.join(map(_shape, drawn.shapes))}</{drawn.tag}>"


# Tables


@pass_context
def table(context: Context, shown: Table, kind: str = "stack") -> Markup:
    """A table. One that is stacked on a small screen says what its parts are, since there they are laid out as blocks.

    Then the cells of a row say what their column is, too.
    """
    return Markup("".join(_table(shown, kind, day_of_page(context))))


def _table(shown: Table, kind: str, today: date | None) -> Iterator[str]:
    is_stacked = "stack" in kind

    def role(name: str) -> str:
        return f' role="{name}"' if is_stacked else ""

    yield f'<table{role("table")} class="{show(kind)}"><caption>{_whole(shown.caption, today)}</caption>\n'
    yield f"<thead{role('rowgroup')}><tr{role('row')}>"
    for column in shown.columns:
        title = _whole(column.title, today)
        yield f'<th{role("columnheader")} scope="col" class="{_column_class(column)}">{title}</th>'
    yield f"</tr></thead>\n<tbody{role('rowgroup')}>\n"
    first = f'<th{role("rowheader")} scope="row">'
    others = [_open_cell(column, role("cell")) for column in shown.columns]
    labels = [_label(column, today) if is_stacked else "" for column in shown.columns]
    for row in shown.rows:
        yield _open_row(row, role("row"))
        for number, cell in enumerate(row.cells):
            if number == 0:
                yield f"{first}{_content(cell, today)}</th>"
            else:
                label = labels[number] if cell.text else ""
                yield f"{others[number]}{label}>{_content(cell, today)}</td>"
        yield "</tr>\n"
    yield "</tbody></table>"


def _column_class(column: Column) -> str:
    return f"{show(column.key)}{' n' if column.is_number else ''}"


def _open_cell(column: Column, role: str) -> str:
    return f'<td{role} class="{_column_class(column)}"'


def _label(column: Column, today: date | None) -> str:
    return "" if column.key in WITHOUT_LABEL else f' data-label="{show(_write_days(column.title, today))}"'


def _open_row(row: Row, role: str) -> str:
    level = f' class="level-{min(row.level, DEEPEST)}"' if row.level else ""
    return f"<tr{role}{level}{_attributes(row.attributes)}>"


def _content(cell: Cell, today: date | None) -> str:
    """What a cell shows: its drawings, its text, its status, and its notes in small print."""
    text = _words(cell, today) + (" " if cell.status else "") if cell.text else ""
    notes = [
        f"<small>{_words(note, today)}{' ' + _chip(note.status) if note.status else ''}</small>" for note in cell.notes
    ]
    return f"{''.join(map(_svg, _drawings(cell)))}{text}{_chip(cell.status)}{''.join(notes)}"


def _drawings(cell: Cell) -> Iterator[Drawing | None]:
    if cell.bar:
        yield charts.progress_bar(cell.bar)
    if cell.step:
        yield charts.waterfall_step(cell.step)
    if cell.trajectory:
        yield charts.spark(cell.trajectory, cell.label)
    if cell.values:
        yield charts.sparkline(cell.values, cell.label or "Trend of the last readings")
