"""Shows the history of one objective, key result or KPI, the newest commit first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from okrctl.history.diff.describe import describe_change, format_field, format_value
from okrctl.history.log import LogEntry, NodeLog, ScoreAtCommit
from okrctl.outputs import json
from okrctl.outputs.documents import LogDocument, LogEntryData
from okrctl.outputs.grid import GAP, Cell, heading, one_line, paragraph
from okrctl.outputs.plot import progress_bar
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.diff import is_new_reading
from okrctl.values.quantity import format_number

MAX_AUTHOR = 16


def render(result: NodeLog, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """A log in a format; `known` in JSON is the score, of a KPI the value, at each commit, the oldest first."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "json":
            return json.document(data(result))


def data(result: NodeLog) -> LogDocument:
    """The changes, and what was known at each commit."""
    return {
        "ref": result.ref,
        "entries": [_data(entry) for entry in result.entries],
        "known": [{"commit": each.commit.id, "date": each.commit.day, "score": each.score} for each in result.scores],
    }


def _data(entry: LogEntry) -> LogEntryData:
    return {
        "commit": entry.commit.id,
        "date": entry.commit.day,
        "author": entry.commit.author,
        "ref": entry.ref,
        "field": entry.field,
        "old": entry.old,
        "new": entry.new,
        "effect": entry.effect,
        "subject": entry.commit.subject,
    }


def _lines(result: NodeLog, style: TerminalStyle) -> Iterator[str]:
    yield from heading(sanitize(result.title), sanitize(result.ref), style)
    yield from _commit_lines(result, style)
    if any(each.score is not None for each in result.scores):
        yield from ("", paint("Score as known on each day", "bold", style))
        yield from (_score(each, result, style) for each in result.scores)


def _commit_lines(result: NodeLog, style: TerminalStyle) -> Iterator[str]:
    """A line for each commit with one change that fits there; for others a heading with the changes below."""
    width = min(max((display_width(sanitize(entry.commit.author)) for entry in result.entries), default=0), MAX_AUTHOR)
    was_short = False
    for commit, group in groupby(result.entries, lambda entry: entry.commit):
        sentences = [sanitize(describe_entry(entry, result, style.glyphs.arrow)) for entry in group]
        is_short = len(sentences) == 1 and style.width is not None and _fits(sentences[0], width, style.width)
        if not (is_short and was_short):
            yield ""
        was_short = is_short
        if is_short:
            cells = [Cell(str(commit.day), "bold"), Cell(sanitize(commit.author)), Cell(commit.id[:10], "dim")]
            yield one_line([*cells, Cell(sentences[0])], [10, width, 10, style.width or 0], style)
        else:
            author = f"{commit.day}  {sanitize(commit.author)}"
            yield from heading(author, f"{commit.id[:10]}  {sanitize(commit.subject)}", style)
            for sentence in sentences:
                yield from paragraph(sentence, style, "", 2)


def _fits(sentence: str, author: int, width: int) -> bool:
    """Whether a sentence fits behind the day, the author and the commit."""
    return 10 + author + 10 + 3 * len(GAP) + display_width(sentence) <= width


def describe_entry(entry: LogEntry, log: NodeLog, arrow: str) -> str:
    """A change in words."""
    part = f"{entry.ref.rpartition('.')[2]}: " if entry.ref.startswith(f"{log.ref}.") else ""
    if is_new_reading(entry.field, entry.old):
        return f"{part}{format_field(entry.field or '')}: {format_value(entry.new)}"
    kind = "changed" if entry.field else "removed" if entry.new is None else "added"
    return part + describe_change(kind, entry.field, entry.old, entry.new, entry.effect, arrow)


def _score(known: ScoreAtCommit, log: NodeLog, style: TerminalStyle) -> str:
    score, day = known.score, known.commit.day
    if "/" in log.ref:
        return f"  {day}  {progress_bar(score, None, style.glyphs)}  {scorecard.score(score, log.precision)}"
    return f"  {day}  {scorecard.NOTHING if score is None else format_number(score, log.unit)}"
