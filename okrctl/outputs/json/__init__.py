"""JSON: every result as plain data, keys never left out, numbers to six places."""

from __future__ import annotations

import io
import json

from okrctl import outputs
from okrctl.outputs.terminal import TerminalStyle

WRITERS = {
    "CheckReport": "report.plain",
    "Statistics": "statistics.plain",
    "RuleEntry": "rules.plain_page",
    "Rulebook": "rules.plain_list",
    "ManualPage": "manual.plain_page",
    "ManualIndex": "manual.plain_index",
    "Scorecards": "scorecard.plain",
    "StatusReport": "status.plain",
    "KpiOverview": "kpis.board",
    "KpiDetail": "kpis.portrait",
    "KpiTreeNode": "kpis.tree",
    "Attribution": "kpis.explanation",
    "Impact": "kpis.impact",
    "Explanation": "explanation.plain",
    "Detail": "detail.plain",
    "Verification": "verification.plain",
    "AlignmentTree": "alignment.plain",
    "ExportTable": "rows.plain",
    "WorkspaceDiff": "diff.plain",
    "NodeLog": "log.plain",
}


def render(result: object, look: TerminalStyle) -> str:
    """A result as JSON, two spaces deep."""
    plain = outputs.of_kind(result, __name__, WRITERS)
    text = io.StringIO()  # takes a tenth of what the pieces take in a list
    json.dump(plain(result), text, indent=2, ensure_ascii=False)
    return text.getvalue()
