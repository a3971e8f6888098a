"""Tables for people, as wide as the terminal."""

from __future__ import annotations

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
from okrctl.outputs.table import (
    alignment,
    anatomy,
    changes,
    comparison,
    detail,
    explanation,
    impact,
    kpi,
    kpis,
    life,
    rules,
    scorecard,
    status,
    verification,
    waterfall,
)
from okrctl.outputs.terminal import Look
from okrctl.rules.page import Listed, Rulebook
from okrctl.scoring.alignment import Forest
from okrctl.scoring.attention import Weekly
from okrctl.scoring.card import Scorecards
from okrctl.scoring.detail import Detail
from okrctl.scoring.impact import Impact

TABLES: dict[type, Callable[[Any, Look], str]] = {
    Listed: rules.render_page,
    Rulebook: rules.render_list,
    Scorecards: lambda result, look: (comparison if result.compared else scorecard).render(result, look),
    Weekly: status.render,
    Verification: verification.render,
    Board: kpis.render,
    Portrait: kpi.render,
    Branch: anatomy.render,
    Drivers: waterfall.render,
    Impact: impact.render,
    Explanation: explanation.render,
    Detail: detail.render,
    Forest: alignment.render,
    Differences: changes.render,
    Life: life.render,
}


def render(result: object, look: Look) -> str:
    """A result as a table."""
    return TABLES[type(result)](result, look)
