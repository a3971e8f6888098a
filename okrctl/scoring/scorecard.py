"""The scorecard of a period: what scoring hands to everything that shows, seals or compares figures."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from okrctl.measures.measure import Effect
from okrctl.schema.settings import COMPANY, Config
from okrctl.scoring import pace, rollup
from okrctl.scoring.key_result import KeyResultScore
from okrctl.scoring.objective import ObjectiveScore, score_objective
from okrctl.scoring.overall_pace import mean_shares, overall_pace
from okrctl.scoring.pace import PeriodState
from okrctl.scoring.progress import ONE
from okrctl.scoring.projection import Projection
from okrctl.scoring.team import TeamScore, score_team
from okrctl.scoring.values import KeyResultValues
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.workspace import Node, Objective, Workspace

__all__ = [
    "BaselineDifference",
    "BaselineScore",
    "KeyResultScore",
    "Level",
    "ObjectiveScore",
    "PeriodState",
    "Projection",
    "ScoreComparison",
    "Scorecard",
    "Scorecards",
    "TeamScore",
    "build_scorecard",
    "default_day",
    "is_on_scorecard",
    "with_bands",
]

Level = Literal["team", "objective", "key-result"]


@dataclass(frozen=True, slots=True)
class BaselineDifference:
    """A difference from what was agreed: of a `field`, or of a whole node where that is None.

    `agreed` and `now` are values as the models have them.
    """

    ref: str
    kind: str
    field: str | None
    agreed: Any
    now: Any
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class BaselineScore:
    """The score of a period against what was agreed for it in a commit (its id and day), and the differences since."""

    commit: str
    day: date
    score: Fraction | None
    differences: list[BaselineDifference]

    @property
    def goalpost_moves(self) -> list[BaselineDifference]:
        """What became easier or harder."""
        return [difference for difference in self.differences if difference.effect in ("relaxed", "tightened")]


@dataclass(slots=True)
class Scorecard:
    """A period on the day; the counts are those of its teams. Pace and `at_risk` are None once it is over."""

    period: Period
    state: PeriodState
    as_of: date
    score: Fraction | None
    band: str | None
    measured_count: int
    key_result_count: int
    teams: list[TeamScore] = field(default_factory=list)
    known_at: str | None = None
    agreed: BaselineScore | None = None
    pace: str | None = None
    at_risk: int | None = None
    precision: Precision = DEFAULT_PRECISION

    @property
    def objectives(self) -> list[ObjectiveScore]:
        """Every objective, team by team."""
        return [objective for team in self.teams for objective in team.objectives]


@dataclass(slots=True)
class ScoreComparison:
    """A team, objective or key result in several periods: its score in each, None where it has none.

    The whole has teams for `children`, these have objectives, and those have key results.
    """

    title: str
    id: str
    scores: list[Fraction | None]
    bands: list[str | None]
    children: list[ScoreComparison] = field(default_factory=list)
    precision: Precision = DEFAULT_PRECISION

    @property
    def change(self) -> Fraction | None:
        """From the first period to the last; None where one of them has no score."""
        first, last = self.scores[0], self.scores[-1]
        return None if first is None or last is None else last - first


@dataclass(slots=True)
class Scorecards:
    """The requested scorecards; `is_single` where one period was named, `comparison` where there are several.

    `what_if` are the assumed values by reference, `notes` the lines below, `level` how far down the lines go.
    `shorten` gives the shortest reference to a node that a command takes.
    """

    cards: list[Scorecard]
    is_single: bool = False
    comparison: ScoreComparison | None = None
    what_if: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    level: Level = "key-result"
    shorten: Callable[[Node], str] = operator.attrgetter("id")


def default_day(period: Period, today: date, config: Config) -> date:
    """The day of a scorecard where none is requested: today, at the latest the period's last closing day."""
    return min(today, config.scoring.last_closing_day(period))


def is_on_scorecard(node: Objective, day: date) -> bool:
    """Whether an objective is on the scorecard of its period on a day; what is added later is not."""
    return node.first_day <= max(day, node.period.start)


def with_bands(card: Scorecard, config: Config) -> Scorecard:
    """The scorecard with the bands of all scores, also while the period runs."""
    teams = [
        replace(
            team,
            band=rollup.band_of(team.score, config),
            objectives=[
                replace(objective, band=rollup.band_of(objective.score, config)) for objective in team.objectives
            ],
        )
        for team in card.teams
    ]
    return replace(card, band=rollup.band_of(card.score, config), teams=teams)


def build_scorecard(
    workspace: Workspace,
    period: Period,
    day: date,
    values: KeyResultValues | None = None,
    only: Objective | None = None,
) -> Scorecard:
    """The scorecard of a period on a day. A period that lies ahead has no scores.

    With `only` it is that of one objective, as if its period had no other; empty before that has begun.
    """
    values = values or KeyResultValues(workspace, day)
    teams = _score_teams(workspace.objectives if only is None else [only], period, day, values)
    score = rollup.weighted_mean([(team.score, ONE) for team in teams if team.score is not None])
    shares = mean_shares([(team.pace_shares, ONE) for team in teams])
    state = pace.state_of_period(period, day)
    return Scorecard(
        period=period,
        state=state,
        as_of=day,
        score=score,
        band=rollup.shown_band(score, state == "over", workspace.config),
        measured_count=sum(team.measured_count for team in teams),
        key_result_count=sum(team.key_result_count for team in teams),
        teams=teams,
        pace=overall_pace(shares, period, day, score, workspace.config),
        at_risk=None if state == "over" else sum(team.at_risk or 0 for team in teams),
    )


def _score_teams(nodes: list[Objective], period: Period, day: date, values: KeyResultValues) -> list[TeamScore]:
    """The teams that have one of these objectives on the scorecard of a period, the company first."""
    by_team: dict[str, list[ObjectiveScore]] = {}
    for node in nodes:
        if node.period.id == period.id and is_on_scorecard(node, day):
            by_team.setdefault(node.team, []).append(score_objective(values, node))
    names = sorted(by_team, key=lambda name: (name != COMPANY, name))
    return [score_team(name, by_team[name], period, day, values.workspace.config) for name in names]
