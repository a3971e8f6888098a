"""The score of a team."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from okrctl.schema.settings import Config
from okrctl.scoring import rollup
from okrctl.scoring.objective import ObjectiveScore
from okrctl.values.precision import DEFAULT_PRECISION, Precision


@dataclass(slots=True)
class TeamScore:
    """One team on the day; `name` is what people call it, the counts are of the key results of active objectives."""

    team: str
    name: str
    score: Fraction | None
    band: str | None
    measured_count: int
    key_result_count: int
    objectives: list[ObjectiveScore] = field(default_factory=list)
    precision: Precision = DEFAULT_PRECISION


def score_team(name: str, objectives: list[ObjectiveScore], config: Config) -> TeamScore:
    """The weighted mean of the scores of the active objectives."""
    active = [objective for objective in objectives if objective.state == "active"]
    score = rollup.weighted_mean(
        (objective.score, objective.weight) for objective in active if objective.score is not None
    )
    return TeamScore(
        team=name,
        name=config.team_name(name),
        score=score,
        band=rollup.band_of(score, config),
        measured_count=sum(objective.measured_count for objective in active),
        key_result_count=sum(objective.key_result_count for objective in active),
        objectives=objectives,
        precision=config.precision,
    )
