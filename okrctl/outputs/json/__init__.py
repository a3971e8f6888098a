"""JSON: every result as plain data, keys never left out, numbers to six places."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

from okrctl.closing.verifying import Verification
from okrctl.explaining import Explanation
from okrctl.history.difference import Differences
from okrctl.history.life import Life
from okrctl.kpis.anatomy import Branch
from okrctl.kpis.board import Board
from okrctl.kpis.drivers import Drivers
from okrctl.kpis.portrait import Portrait
from okrctl.outputs.json import (
    alignment,
    changes,
    detail,
    explanation,
    kpis,
    life,
    report,
    rows,
    rules,
    scorecard,
    statistics,
    status,
    verification,
)
from okrctl.outputs.terminal import Look
from okrctl.report import Report, Statistics
from okrctl.rules.page import Listed, Rulebook
from okrctl.scoring.alignment import Forest
from okrctl.scoring.attention import Weekly
from okrctl.scoring.card import Scorecards
from okrctl.scoring.detail import Detail
from okrctl.scoring.impact import Impact
from okrctl.scoring.rows import Table

PLAIN: dict[type, Callable[[Any], Any]] = {
    Report: report.plain,
    Statistics: statistics.plain,
    Listed: rules.plain_page,
    Rulebook: rules.plain_list,
    Scorecards: scorecard.plain,
    Weekly: status.plain,
    Board: kpis.board,
    Portrait: kpis.portrait,
    Branch: kpis.tree,
    Drivers: kpis.explanation,
    Impact: kpis.impact,
    Explanation: explanation.plain,
    Detail: detail.plain,
    Verification: verification.plain,
    Forest: alignment.plain,
    Table: rows.plain,
    Differences: changes.plain,
    Life: life.plain,
}


def render(result: object, look: Look) -> str:
    """A result as JSON, two spaces deep."""
    text = io.StringIO()  # takes a tenth of what the pieces take in a list
    json.dump(PLAIN[type(result)](result), text, indent=2, ensure_ascii=False)
    return text.getvalue()
