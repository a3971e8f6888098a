"""The history of one thing as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.history.log import LogEntry, NodeLog
from okrctl.outputs.json.diff import value


def plain(result: NodeLog) -> dict[str, Any]:
    """The entries, newest first; and the score, of a KPI the value, as each commit knew it, oldest first."""
    return {
        "version": 1,
        "ref": result.ref,
        "entries": [_entry(one) for one in result.entries],
        "known": [
            {"commit": one.commit.id, "date": one.commit.day.isoformat(), "score": value(one.score)}
            for one in result.scores
        ],
    }


def _entry(one: LogEntry) -> dict[str, Any]:
    return {
        "commit": one.commit.id,
        "date": one.commit.day.isoformat(),
        "author": one.commit.author,
        "ref": one.ref,
        "field": one.field,
        "old": value(one.old),
        "new": value(one.new),
        "effect": one.effect,
        "subject": one.commit.subject,
    }
