"""The score of a team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.schema.settings import Config
from okrctl.scoring import rollup
from okrctl.scoring.objective import NO_SHARES, ObjectiveScore, PaceShares
from okrctl.scoring.overall_pace import mean_shares, objective_shares, overall_pace
from okrctl.scoring.pace import state_of_period
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION, Precision


@dataclass(slots=True)
class TeamScore:
    """One team on the day; `name` is what people call it, the counts are of the key results of active objectives.

    The pace and how many key results are `at_risk` are None once the period is over.
    """

    team: str
    name: str
    score: Fraction | None
    band: str | None
    measured_count: int
    key_result_count: int
    objectives: list[ObjectiveScore] = field(default_factory=list)
    pace: str | None = None
    at_risk: int | None = None
    precision: Precision = DEFAULT_PRECISION
    pace_shares: PaceShares = field(default=NO_SHARES, repr=False, compare=False)  # see `overall_pace`


def score_team(name: str, objectives: list[ObjectiveScore], period: Period, day: date, config: Config) -> TeamScore:
    """The weighted mean of the scores of the active objectives."""
    active = [objective for objective in objectives if objective.state == "active"]
    score = rollup.weighted_mean(
        (objective.score, objective.weight) for objective in active if objective.score is not None
    )
    is_over = state_of_period(period, day) == "over"
    shares = NO_SHARES if is_over else mean_shares([(objective_shares(each), each.weight) for each in objectives])
    return TeamScore(
        team=name,
        name=config.team_name(name),
        score=score,
        band=rollup.shown_band(score, is_over, config),
        measured_count=sum(objective.measured_count for objective in active),
        key_result_count=sum(objective.key_result_count for objective in active),
        objectives=objectives,
        pace=overall_pace(shares, period, day, score, config),
        at_risk=None if is_over else sum(objective.at_risk or 0 for objective in active),
        precision=config.precision,
        pace_shares=shares,
    )
