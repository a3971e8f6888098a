"""Puts the reports of all periods in order of time, and the scores of periods of one length side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from okrctl.analysis.comparison import compare_scorecards
from okrctl.analysis.period_report import PeriodReport
from okrctl.scoring.scorecard import Scorecard, ScoreComparison
from okrctl.workspace import Workspace

DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class PeriodTrend:
    """Periods of about the same length, oldest first, with everything that is the same in a line."""

    cards: list[Scorecard]
    comparison: ScoreComparison


@dataclass(frozen=True, slots=True)
class PeriodTrends:
    """The reports of all periods, newest first; trends where there are several periods of one length."""

    reports: list[PeriodReport]
    trends: list[PeriodTrend]
    teams: Mapping[str, str]
    owners: Mapping[str, str]


def build_period_trends(workspace: Workspace, briefings: Sequence[PeriodReport]) -> PeriodTrends:
    """All that a site says; teams and owners are those of any objective or key result, with their names."""
    ordered = sorted(briefings, key=lambda one: (one.card.period.start, one.card.period.end, one.card.period.id))
    by_length: dict[int, list[Scorecard]] = {}
    for one in ordered:
        by_length.setdefault(round(one.card.period.days / DAYS_PER_MONTH), []).append(one.card)
    groups = sorted((cards for _, cards in sorted(by_length.items()) if len(cards) > 1), key=len, reverse=True)
    teams = {team.team: team.name for one in ordered for team in one.card.teams if team.objectives}
    people = workspace.config.people or {}
    names = {key: one.name for key, one in people.items() if one.name}
    found = [one.owner for one in workspace.objectives] + [one.owner for one in workspace.key_results]
    owners = {owner: names.get(owner, owner) for owner in found if owner}
    trends = [PeriodTrend(cards, compare_scorecards(workspace, cards)) for cards in groups]
    return PeriodTrends(ordered[::-1], trends, dict(sorted(teams.items())), dict(sorted(owners.items())))
