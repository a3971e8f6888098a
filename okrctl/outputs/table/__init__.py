"""Tables for people, as wide as the terminal."""

from __future__ import annotations

from okrctl import outputs
from okrctl.outputs.terminal import TerminalStyle

WRITERS = {
    "RuleEntry": "rules.render_page",
    "Rulebook": "rules.render_list",
    "ManualPage": "manual.render_page",
    "ManualIndex": "manual.render_index",
    "Scorecards": "scorecards.render",
    "StatusReport": "status.render",
    "Verification": "verification.render",
    "KpiOverview": "kpis.render",
    "KpiDetail": "kpi.render",
    "KpiTreeNode": "kpi_tree.render",
    "Attribution": "waterfall.render",
    "Impact": "impact.render",
    "Explanation": "explanation.render",
    "Detail": "detail.render",
    "AlignmentTree": "alignment.render",
    "WorkspaceDiff": "diff.render",
    "NodeLog": "log.render",
}


def render(result: object, look: TerminalStyle) -> str:
    """A result as a table."""
    text: str = outputs.of_kind(result, __name__, WRITERS)(result, look)
    return text
