"""Brackets in a title: which there are, and the labelled figures that one holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from okrctl.importers.meaning import headers

_OWN_LABELS = {"ziel": "target", "currently": "current"}  # as the name of a column they mean something else, or nothing
_WORDS = "startwert|currently|zielwert|baseline|current|istwert|aktuell|target|actual|start|ziel|goal|from|now|ist"
_BETWEEN = re.compile(rf"(?i)\s*[,;|](?![0-9])\s*|\s*(?:[/·]|(?<=\s)[–—-]+(?=\s)|-+>|→|➜|⇒|➔)\s*(?=(?:{_WORDS})\b)")
_FIGURE_TEXT = (
    rf"(?P<label>{_WORDS})\s*[:=]?\s*"
    r"(?P<value>(?:[$€£]\s?)?[-−]?[0-9]+(?:[.,’' \u00a0\u202f][0-9]+)*\s?(?:%|[kmb]?[$€£]|[^\W\d_]+(?:/[^\W\d_]+)?"
    r"|[kmb]\s[$€£]|[$€£])?(?:\s?[$€£])?)"
)
_FIGURE = re.compile(_FIGURE_TEXT, re.IGNORECASE)
_FIGURE_IN_TITLE = re.compile(rf"(?:(?<=[(\[])|(?<=\s)){_FIGURE_TEXT}", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PAIRS = {")": "(", "]": "["}

Fields = list[tuple[str, str]]


def find_groups(text: str) -> list[tuple[int, int]] | None:
    """Where the outermost brackets of a text begin and end; None where they do not match."""
    groups: list[tuple[int, int]] = []
    open_at: list[int] = []
    for at, letter in enumerate(text):
        if letter in "([":
            open_at.append(at)
        elif letter in _PAIRS:
            if not open_at or text[open_at[-1]] != _PAIRS[letter]:
                return None
            start = open_at.pop()
            if not open_at:
                groups.append((start, at + 1))
    return None if open_at else groups


def is_torn(before: str, after: str) -> bool:
    """Whether a bracket of the text is neither whole nor gone in what is left of it."""
    old, new = find_groups(before), find_groups(after)
    if old is None:
        return False
    whole = {before[start:end] for start, end in old}
    return new is None or any(after[start:end] not in whole for start, end in new)


def take_figures(text: str, read_field: Callable[[str], tuple[str, str] | None]) -> tuple[str, Fields]:
    """The text without the brackets that hold labelled figures and nothing unread, and those figures.

    Brackets that contradict each other all stay.
    """
    whole, fields = text, Fields()
    for start, end in reversed(find_groups(text) or []):
        found = _read_group(text[start + 1 : end - 1], read_field)
        rest = f"{text[:start].rstrip()}{text[end:]}"
        if found and start > 0 and rest.strip():
            text = rest
            fields = found + fields
    is_clear = len({name for name, _ in fields}) == len(fields)
    return (text, fields) if is_clear else (whole, [])


def find_unread(text: str) -> list[str]:
    """The brackets of a title that still hold a labelled figure."""
    groups = (text[start:end] for start, end in find_groups(text) or [])
    return [group for group in groups if _FIGURE_IN_TITLE.search(group)]


def _read_group(inner: str, read_field: Callable[[str], tuple[str, str] | None]) -> Fields:
    """What a bracket says, if all of it is read and a target or a value is among it; else nothing."""
    fields: Fields = []
    names = set()
    for part in _BETWEEN.split(inner.strip()):
        figure = _FIGURE.fullmatch(part.strip())
        field = (_meaning(figure["label"]), figure["value"].strip()) if figure else read_field(part.strip())
        if field is None or field[0] in names or re.search(r"[()\[\]]", part):
            return []
        names.add(field[0])
        fields.append(field)
    is_year = len(fields) == 1 and _YEAR.fullmatch(fields[0][1])
    return fields if names & {"target", "current"} and not is_year else []


def _meaning(label: str) -> str:
    """The name of the column that a label stands for."""
    return _OWN_LABELS.get(label.casefold()) or headers.find_column(label) or ""
