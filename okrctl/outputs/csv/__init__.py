"""Comma-separated values, for spreadsheets: one module for each kind of result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from okrctl.outputs.csv import rows, scorecard
from okrctl.outputs.terminal import Look
from okrctl.scoring.card import Scorecards
from okrctl.scoring.rows import Table

WRITERS: dict[type, Callable[[Any, Look], str]] = {Scorecards: scorecard.render, Table: rows.render}


def render(result: object, look: Look) -> str:
    """A header and the rows."""
    return WRITERS[type(result)](result, look)
