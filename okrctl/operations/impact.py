"""Evaluates the hypotheses of periods: whether the KPIs moved as expected."""

from __future__ import annotations

from datetime import date

from okrctl import scoring
from okrctl.analysis.hypotheses import Impact, evaluate_hypotheses, newest_period_with_hypothesis
from okrctl.operations.load import load_at_revision, requested_periods
from okrctl.operations.project import Project


def impact(
    project: Project, period: str | None = None, *, as_of: date | None = None, known_at: str | None = None
) -> Impact:
    """Return the verdicts for a period; by default for the newest that is over and has a hypothesis."""
    loaded = load_at_revision(project, known_at)
    chosen = requested_periods(project, loaded, [period] if period else None)[0]
    if period is None:
        chosen = newest_period_with_hypothesis(loaded.workspace, as_of or loaded.today) or chosen
    card = scoring.build_scorecard(loaded.workspace, chosen, loaded.day_of(chosen, as_of))
    return evaluate_hypotheses(loaded.workspace, card)


def all_impacts(project: Project) -> list[Impact]:
    """Return the verdicts for every period that has a hypothesis, the newest first."""
    loaded = load_at_revision(project, None)
    workspace = loaded.workspace
    tested = {objective.period.id for objective in workspace.objectives if objective.model.hypothesis}
    periods = [period for period in workspace.periods if period.id in tested]
    cards = (scoring.build_scorecard(workspace, period, loaded.day_of(period)) for period in periods)
    found = [evaluate_hypotheses(workspace, card) for card in cards]
    return sorted(found, key=lambda impact: (impact.period.end, impact.period.start), reverse=True)
