"""Comma-separated values, for spreadsheets: one module for each kind of result."""

from __future__ import annotations

from okrctl import outputs
from okrctl.outputs.terminal import Look

WRITERS = {"Scorecards": "scorecard.render", "Table": "rows.render"}


def render(result: object, look: Look) -> str:
    """A header and the rows."""
    text: str = outputs.of_kind(result, __name__, WRITERS)(result, look)
    return text
