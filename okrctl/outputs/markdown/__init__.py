"""Markdown: every result as a text for pull requests, issues and job summaries."""

from __future__ import annotations

from okrctl import outputs
from okrctl.outputs.terminal import TerminalStyle

WRITERS = {
    "CheckReport": "findings.page",
    "RuleEntry": "rules.page",
    "Rulebook": "rules.table",
    "ManualPage": "manual.page",
    "ManualIndex": "manual.index",
    "Scorecards": "scorecard.page",
    "StatusReport": "status.page",
    "KpiOverview": "kpis.overview",
    "Attribution": "kpis.attribution",
    "Impact": "kpis.impact",
    "Explanation": "explanation.page",
    "PeriodReport": "report.page",
    "WorkspaceDiff": "diff.page",
}


def render(result: object, look: TerminalStyle) -> str:
    """A result as Markdown; nothing in it depends on the terminal."""
    text: str = outputs.of_kind(result, __name__, WRITERS)(result)
    return text
