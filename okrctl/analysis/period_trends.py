"""The reports of all periods in order of time, and the scores of periods of one length side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from okrctl.analysis.comparison import compare_scorecards
from okrctl.analysis.period_report import PeriodReport, owners_of
from okrctl.scoring.scorecard import Scorecard, ScoreComparison
from okrctl.workspace import Workspace

DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class PeriodTrend:
    """Periods of about the same length, oldest first, with the scores of each node in one line."""

    cards: list[Scorecard]
    comparison: ScoreComparison


@dataclass(frozen=True, slots=True)
class PeriodTrends:
    """The reports of all periods, newest first; trends where there are several periods of one length."""

    reports: list[PeriodReport]
    trends: list[PeriodTrend]
    teams: Mapping[str, str]
    owners: Mapping[str, str]


def build_period_trends(workspace: Workspace, reports: Sequence[PeriodReport]) -> PeriodTrends:
    """All that a site shows; `teams` are those of any objective, `owners` those of any goal or KPI, with names."""
    ordered = sorted(reports, key=lambda report: _in_time_order(report.card))
    cards = [report.card for report in ordered]
    return PeriodTrends(ordered[::-1], build_trends(workspace, cards), teams_with_goals(cards), owner_names(workspace))


def build_trends(workspace: Workspace, cards: Sequence[Scorecard]) -> list[PeriodTrend]:
    """The periods of one length side by side, where there are several; the length of most periods first."""
    by_length: dict[int, list[Scorecard]] = {}
    for card in sorted(cards, key=_in_time_order):
        by_length.setdefault(round(card.period.days / DAYS_PER_MONTH), []).append(card)
    groups = sorted((cards for _, cards in sorted(by_length.items()) if len(cards) > 1), key=len, reverse=True)
    return [PeriodTrend(cards, compare_scorecards(workspace, cards)) for cards in groups]


def teams_with_goals(cards: Sequence[Scorecard]) -> dict[str, str]:
    """The teams with an objective, with their names."""
    return dict(sorted({team.team: team.name for card in cards for team in card.teams if team.objectives}.items()))


def owner_names(workspace: Workspace) -> dict[str, str]:
    """The owners of objectives, key results and KPIs, with the names of people."""
    people = workspace.config.people or {}
    names = {key: person.name for key, person in people.items() if person.name}
    return {owner: names.get(owner, owner) for owner in owners_of(workspace)}


def _in_time_order(card: Scorecard) -> tuple[date, date, str]:
    return card.period.start, card.period.end, card.period.id
