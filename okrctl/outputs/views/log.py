"""Shows the history of one objective, key result or KPI, the newest commit first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Literal

from okrctl.history.diff.describe import describe_change, format_field, format_value
from okrctl.history.log import LogEntry, NodeLog, ScoreAtCommit
from okrctl.outputs import json
from okrctl.outputs.grid import heading, paragraph
from okrctl.outputs.plot import progress_bar
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.diff import EFFECT_WORDS, is_new_reading
from okrctl.values.quantity import format_number


def render(result: NodeLog, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """A log in a format; `known` in JSON is the score, of a KPI the value, at each commit, the oldest first."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "json":
            scores = [
                {"commit": each.commit.id, "date": each.commit.day, "score": each.score} for each in result.scores
            ]
            entries = [_data(entry) for entry in result.entries]
            return json.document({"ref": result.ref, "entries": entries, "known": scores})


def _data(entry: LogEntry) -> dict[str, Any]:
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
    for commit, entries in groupby(result.entries, lambda entry: entry.commit):
        yield ""
        author = f"{commit.day}  {sanitize(commit.author)}"
        yield from heading(author, f"{commit.id[:10]}  {sanitize(commit.subject)}", style)
        for entry in entries:
            yield from paragraph(sanitize(_sentence(entry, result)), style, "", 2)
    if any(each.score is not None for each in result.scores):
        yield from ("", paint("As it was known then", "bold", style))
        yield from (_score(each, result, style) for each in result.scores)


def _sentence(entry: LogEntry, log: NodeLog) -> str:
    part = f"{entry.ref.rpartition('.')[2]}: " if entry.ref.startswith(f"{log.ref}.") else ""
    if is_new_reading(entry.field, entry.old):
        return f"{part}{format_field(entry.field or '')}: {format_value(entry.new)}"
    effect = EFFECT_WORDS.get(entry.effect or "", entry.effect)
    if entry.field is None and entry.new is not None:  # the commit and its day say when, so not "later"
        return f"{part}added ({effect})" if effect else f"{part}added"
    kind = "changed" if entry.field else "removed"
    return part + describe_change(kind, entry.field, entry.old, entry.new, effect)


def _score(known: ScoreAtCommit, log: NodeLog, style: TerminalStyle) -> str:
    score, day = known.score, known.commit.day
    if "/" in log.ref:
        return f"  {day}  {progress_bar(score, None, style.glyphs)}  {scorecard.score(score)}"
    return f"  {day}  {scorecard.NOTHING if score is None else format_number(score, log.unit)}"
