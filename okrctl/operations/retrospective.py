"""Says what the rules about periods that are over find on scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okrctl.scoring.scorecard import Scorecard
from okrctl.workspace import Workspace


def retrospective_lines(workspace: Workspace, cards: Sequence[Scorecard], today: date) -> list[str]:
    """Return a line for each finding on the scorecards of periods that are over."""
    if all(card.state != "over" for card in cards):
        return []
    from okrctl.check import retrospective  # here, since importing all rules takes as long as scoring a small workspace
    from okrctl.check.finding import Context

    findings = retrospective.run_retrospective_rules(workspace, cards, Context(workspace.config, today))
    return [found.line for found in findings]
