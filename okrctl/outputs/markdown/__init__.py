"""Markdown: every result as a text for pull requests, issues and job summaries."""

from __future__ import annotations

from okrctl import outputs
from okrctl.outputs.terminal import Look

WRITERS = {
    "Report": "findings.page",
    "Listed": "rules.page",
    "Rulebook": "rules.table",
    "Scorecards": "scorecard.page",
    "Weekly": "status.page",
    "Board": "kpis.board",
    "Drivers": "kpis.drivers",
    "Impact": "kpis.impact",
    "Explanation": "explanation.page",
    "Briefing": "briefing.page",
    "Differences": "changes.page",
}


def render(result: object, look: Look) -> str:
    """A result as Markdown; nothing in it depends on the terminal."""
    text: str = outputs.of_kind(result, __name__, WRITERS)(result)
    return text
