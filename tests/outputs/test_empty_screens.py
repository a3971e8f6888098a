"""An empty answer on a terminal says what would fill it; elsewhere it is the one line that scripts know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from okrctl import scoring
from okrctl.analysis.alignment import build_alignment_tree
from okrctl.analysis.attention import StatusReport
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.history.score_diff import WorkspaceDiff
from okrctl.kpis.overview import KpiOverview
from okrctl.outputs.terminal import TerminalStyle, display_width
from okrctl.outputs.views import alignment, diff, hypotheses, kpis, scorecard, status
from okrctl.scoring.scorecard import Scorecards
from tests.scoring.worlds import opened

DAY = date(2026, 5, 16)


def answers(style: TerminalStyle) -> Iterator[tuple[str, str, str]]:
    """Commands without an answer, what they print, and the words that lead on."""
    workspace = opened("period: 2026-Q2\nobjectives: []\n")
    card = scoring.build_scorecard(workspace, workspace.periods[0], DAY)
    yield "score", scorecard.render(Scorecards([card]), "table", style), "okrctl new 2026-Q2 --for KPI"
    yield "tree", alignment.render(build_alignment_tree(workspace, [card]), "table", style), "`period: 2026-Q2`"
    yield "kpi", kpis.render(KpiOverview(DAY, None, []), "table", style), "okrctl explain format"
    yield "status", status.render(StatusReport([], DAY), "table", style), "okrctl new PERIOD"
    yield "impact", hypotheses.render(evaluate_hypotheses(workspace, card), "table", style), "okrctl explain hypothesis"
    yield "diff", diff.render(WorkspaceDiff("0" * 40, None, [], []), "table", style), "okrctl diff REV"


@pytest.mark.parametrize("width", [40, 80])
def test_an_empty_answer_says_what_would_fill_it(width: int) -> None:
    for command, screen, words in answers(TerminalStyle(width=width)):
        assert words in " ".join(screen.split()), command
        assert max(map(display_width, screen.splitlines())) <= width, command


def test_elsewhere_an_empty_answer_stays_what_it_was() -> None:
    shown = {command: screen for command, screen, _ in answers(TerminalStyle())}
    assert shown["diff"] == "no changes between 0000000000 and the working tree\n"
    assert shown["impact"].splitlines()[1:] == ["no objective of this period has a hypothesis"]
