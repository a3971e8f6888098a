"""The history of one thing, for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from okrctl.history.diff.describe import describe_change, format_field, format_value
from okrctl.history.log import LogEntry, NodeLog, ScoreAtCommit
from okrctl.outputs.bar import progress_bar
from okrctl.outputs.table.grid import Cell, layout_row
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.outputs.text import diff, scorecard
from okrctl.values.quantity import format_number


def render(result: NodeLog, look: TerminalStyle) -> str:
    """The newest commit first, each with what it changed; then how the score was known from commit to commit."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: NodeLog, look: TerminalStyle) -> Iterator[str]:
    yield from layout_row([Cell(sanitize(result.title), "bold", tail=sanitize(result.ref))], [look.width or 0], look)
    for commit, entries in groupby(result.entries, lambda one: one.commit):
        yield ""
        head = f"{commit.day}  {sanitize(commit.author)}"
        yield from layout_row(
            [Cell(head, "bold", tail=f"{commit.id[:10]}  {sanitize(commit.subject)}")], [look.width or 0], look
        )
        for one in entries:
            text = _change_text(one, result)
            yield from layout_row([Cell(sanitize(text))], [look.width - 2 if look.width else 0], look, 2)
    if any(one.score is not None for one in result.scores):
        yield from ("", paint("As it was known then", "bold", look))
        yield from (_known_score(one, result, look) for one in result.scores)


def _change_text(one: LogEntry, life: NodeLog) -> str:
    part = f"{one.ref.rpartition('.')[2]}: " if one.ref.startswith(f"{life.ref}.") else ""
    if one.field is not None and one.field.startswith("readings.") and one.old is None:
        return f"{part}{format_field(one.field)}: {format_value(one.new)}"
    effect = diff.EFFECT_WORDS.get(one.effect or "", one.effect)
    kind = "changed" if one.field else "removed" if one.new is None else "added"
    return part + describe_change(kind, one.field, one.old, one.new, effect)


def _known_score(one: ScoreAtCommit, life: NodeLog, look: TerminalStyle) -> str:
    if "/" in life.ref:
        return f"  {one.commit.day}  {progress_bar(one.score, None, look.glyphs)}  {scorecard.score(one.score)}"
    return f"  {one.commit.day}  {'-' if one.score is None else format_number(one.score, life.unit)}"
