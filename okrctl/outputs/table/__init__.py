"""Tables for people, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from okrctl.explaining import Explanation
from okrctl.outputs.table import comparison, explanation, rules, scorecard, status
from okrctl.outputs.terminal import Look
from okrctl.rules.page import Listed, Rulebook
from okrctl.scoring.attention import Weekly
from okrctl.scoring.card import Scorecards

TABLES: dict[type, Callable[[Any, Look], str]] = {
    Listed: rules.render_page,
    Rulebook: rules.render_list,
    Scorecards: lambda result, look: (comparison if result.compared else scorecard).render(result, look),
    Weekly: status.render,
    Explanation: explanation.render,
}


def render(result: object, look: Look) -> str:
    """A result as a table."""
    return TABLES[type(result)](result, look)
