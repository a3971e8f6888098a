"""JSON: every result as plain data, keys never left out, numbers to six places."""

from __future__ import annotations

import io
import json

from okrctl import outputs
from okrctl.outputs.terminal import Look

WRITERS = {
    "Report": "report.plain",
    "Statistics": "statistics.plain",
    "Listed": "rules.plain_page",
    "Rulebook": "rules.plain_list",
    "Scorecards": "scorecard.plain",
    "Weekly": "status.plain",
    "Board": "kpis.board",
    "Portrait": "kpis.portrait",
    "Branch": "kpis.tree",
    "Drivers": "kpis.explanation",
    "Impact": "kpis.impact",
    "Explanation": "explanation.plain",
    "Detail": "detail.plain",
    "Verification": "verification.plain",
    "Forest": "alignment.plain",
    "Table": "rows.plain",
    "Differences": "changes.plain",
    "Life": "log.plain",
}


def render(result: object, look: Look) -> str:
    """A result as JSON, two spaces deep."""
    plain = outputs.of_kind(result, __name__, WRITERS)
    text = io.StringIO()  # takes a tenth of what the pieces take in a list
    json.dump(plain(result), text, indent=2, ensure_ascii=False)
    return text.getvalue()
