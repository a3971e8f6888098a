"""Comma-separated values, for spreadsheets: one module for each kind of result."""

from __future__ import annotations

from okrctl import outputs
from okrctl.outputs.terminal import TerminalStyle

WRITERS = {"Scorecards": "scorecard.render", "ExportTable": "rows.render"}


def render(result: object, look: TerminalStyle) -> str:
    """A header and the rows."""
    text: str = outputs.of_kind(result, __name__, WRITERS)(result, look)
    return text
