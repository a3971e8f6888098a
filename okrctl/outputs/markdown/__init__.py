"""Markdown: every result as a text for pull requests, issues and job summaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from okrctl.explaining import Explanation
from okrctl.history.difference import Differences
from okrctl.kpis.board import Board
from okrctl.kpis.drivers import Drivers
from okrctl.outputs.markdown import briefing, changes, explanation, findings, kpis, rules, scorecard, status
from okrctl.outputs.terminal import Look
from okrctl.report import Report
from okrctl.rules.page import Listed, Rulebook
from okrctl.scoring.attention import Weekly
from okrctl.scoring.briefing import Briefing
from okrctl.scoring.card import Scorecards
from okrctl.scoring.impact import Impact

PAGES: dict[type, Callable[[Any], str]] = {
    Report: findings.page,
    Listed: rules.page,
    Rulebook: rules.table,
    Scorecards: scorecard.page,
    Weekly: status.page,
    Board: kpis.board,
    Drivers: kpis.drivers,
    Impact: kpis.impact,
    Explanation: explanation.page,
    Briefing: briefing.page,
    Differences: changes.page,
}


def render(result: object, look: Look) -> str:
    """A result as Markdown; nothing in it depends on the terminal."""
    return PAGES[type(result)](result)
