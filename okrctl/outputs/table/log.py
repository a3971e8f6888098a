"""The history of one thing, for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from okrctl.history.diff.describe import named, said, sentence
from okrctl.history.log import Entry, Known, Life
from okrctl.outputs.bar import bar
from okrctl.outputs.table.grid import Cell, row
from okrctl.outputs.terminal import Look, painted, safe
from okrctl.outputs.text import diff, scorecard
from okrctl.values.quantity import show


def render(result: Life, look: Look) -> str:
    """The newest commit first, each with what it changed; then how the score was known from commit to commit."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Life, look: Look) -> Iterator[str]:
    yield from row([Cell(safe(result.title), "bold", tail=safe(result.ref))], [look.width or 0], look)
    for commit, entries in groupby(result.entries, lambda one: one.commit):
        yield ""
        head = f"{commit.day}  {safe(commit.author)}"
        yield from row([Cell(head, "bold", tail=f"{commit.id[:10]}  {safe(commit.subject)}")], [look.width or 0], look)
        for one in entries:
            text = _told(one, result)
            yield from row([Cell(safe(text))], [look.width - 2 if look.width else 0], look, 2)
    if any(one.score is not None for one in result.known):
        yield from ("", painted("As it was known then", "bold", look))
        yield from (_known(one, result, look) for one in result.known)


def _told(one: Entry, life: Life) -> str:
    part = f"{one.ref.rpartition('.')[2]}: " if one.ref.startswith(f"{life.ref}.") else ""
    if one.field is not None and one.field.startswith("readings.") and one.old is None:
        return f"{part}{named(one.field)}: {said(one.new)}"
    effect = diff.EASIER.get(one.effect or "", one.effect)
    kind = "changed" if one.field else "removed" if one.new is None else "added"
    return part + sentence(kind, one.field, one.old, one.new, effect)


def _known(one: Known, life: Life, look: Look) -> str:
    if "/" in life.ref:
        return f"  {one.commit.day}  {bar(one.score, None, look.glyphs)}  {scorecard.score(one.score)}"
    return f"  {one.commit.day}  {'-' if one.score is None else show(one.score, life.unit)}"
