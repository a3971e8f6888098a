"""Puts the reports of all periods in order of time, and the scores of periods of one length side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from okrctl.analysis.comparison import compare
from okrctl.analysis.period_report import Briefing
from okrctl.scoring.scorecard import Compared, Scorecard
from okrctl.workspace import Workspace

MONTH = 30


@dataclass(frozen=True, slots=True)
class Trend:
    """Periods of about the same length, oldest first, with everything that is the same in a line."""

    cards: list[Scorecard]
    compared: Compared


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The reports of all periods, newest first; trends where there are several periods of one length."""

    briefings: list[Briefing]
    trends: list[Trend]
    teams: Mapping[str, str]
    owners: Mapping[str, str]


def chronicle(workspace: Workspace, briefings: Sequence[Briefing]) -> Chronicle:
    """All that a site says; teams and owners are those of any objective or key result, with their names."""
    ordered = sorted(briefings, key=lambda one: (one.card.period.start, one.card.period.end, one.card.period.id))
    by_length: dict[int, list[Scorecard]] = {}
    for one in ordered:
        by_length.setdefault(round(one.card.period.days / MONTH), []).append(one.card)
    groups = sorted((cards for _, cards in sorted(by_length.items()) if len(cards) > 1), key=len, reverse=True)
    teams = {team.team: team.name for one in ordered for team in one.card.teams if team.objectives}
    people = workspace.config.people or {}
    names = {key: one.name for key, one in people.items() if one.name}
    found = [one.owner for one in workspace.objectives] + [one.owner for one in workspace.key_results]
    owners = {owner: names.get(owner, owner) for owner in found if owner}
    trends = [Trend(cards, compare(workspace, cards)) for cards in groups]
    return Chronicle(ordered[::-1], trends, dict(sorted(teams.items())), dict(sorted(owners.items())))
