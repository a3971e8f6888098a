"""Scorecards for people: one below the other, or the lines of several side by side."""

from __future__ import annotations

from okrctl.outputs.table import comparison, scorecard
from okrctl.outputs.terminal import TerminalStyle
from okrctl.scoring.scorecard import Scorecards


def render(result: Scorecards, look: TerminalStyle) -> str:
    """Side by side where they were compared."""
    return comparison.render(result, look) if result.comparison else scorecard.render(result, look)
