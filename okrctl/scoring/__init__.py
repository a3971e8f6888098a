"""Scores of a period on a day, in exact fractions: readings -> value -> progress -> expected -> status.

`values` finds the value of a key result, its measure the progress, `progress` the score, `pace` what is expected and
the status; `objective`, `team` and `scorecard` go up from there.
"""

from okrctl.scoring.objective import score_objective
from okrctl.scoring.pace import state_of_period
from okrctl.scoring.scorecard import (
    KeyResultScore,
    ObjectiveScore,
    Projection,
    Scorecard,
    TeamScore,
    build_scorecard,
    default_day,
    is_on_scorecard,
)

__all__ = [
    "KeyResultScore",
    "ObjectiveScore",
    "Projection",
    "Scorecard",
    "TeamScore",
    "build_scorecard",
    "default_day",
    "is_on_scorecard",
    "score_objective",
    "state_of_period",
]
