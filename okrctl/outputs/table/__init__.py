"""Tables for people, as wide as the terminal."""

from __future__ import annotations

from okrctl import outputs
from okrctl.outputs.terminal import Look

WRITERS = {
    "Listed": "rules.render_page",
    "Rulebook": "rules.render_list",
    "Scorecards": "scorecards.render",
    "Weekly": "status.render",
    "Verification": "verification.render",
    "Board": "kpis.render",
    "Portrait": "kpi.render",
    "Branch": "kpi_tree.render",
    "Drivers": "waterfall.render",
    "Impact": "impact.render",
    "Explanation": "explanation.render",
    "Detail": "detail.render",
    "Forest": "alignment.render",
    "Differences": "changes.render",
    "Life": "log.render",
}


def render(result: object, look: Look) -> str:
    """A result as a table."""
    text: str = outputs.of_kind(result, __name__, WRITERS)(result, look)
    return text
