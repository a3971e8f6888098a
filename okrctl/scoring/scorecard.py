"""The figures of a period: what scoring hands to everything that shows, seals or compares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from okrctl.measures import done, limit
from okrctl.values.period import Period
from okrctl.values.timeseries import KeyResultSeries
from okrctl.workspace import KeyResult, Objective

Level = Literal["team", "objective", "key-result"]
PeriodState = Literal["ahead", "running", "over"]


@dataclass(slots=True)
class Projection:
    """Where a metric ends if it goes on as it has; `low` and `high` come from the slopes at the quartiles."""

    value: Fraction
    progress: Fraction | None
    low: Fraction
    high: Fraction


@dataclass(slots=True)
class KeyResultScore:
    """One key result on the day; scores and progress are shares (1 is the whole way), values have the unit `unit`."""

    node: KeyResult
    series: KeyResultSeries
    target: Fraction | None
    unit: str | None
    value: Fraction | None
    value_date: date | None
    progress: Fraction | None
    computed: Fraction | None
    score: Fraction | None
    by_hand: bool
    counted: bool
    weight: Fraction
    state: str
    guardrail: bool
    broken: bool | None
    confidence: Fraction | None
    forecast: Fraction | None
    due: date
    expected: Fraction | None
    status: str | None
    projection: Projection | None
    error: str | None = None

    @property
    def measured(self) -> bool:
        """Whether there is a value to score."""
        return self.computed is not None

    @property
    def tally(self) -> tuple[int, int] | None:
        """So many of so many: milestones done, or, for a limit that is to be held, intervals in bounds so far."""
        model, course = self.node.model, self.series
        if self.node.measure == "milestones":
            last = min(course.day, course.last)
            days = [done.done_day(step.done, course.first) for step in model.milestones or ()]
            return sum(1 for day in days if day is not None and day <= last), len(days)
        if self.node.measure == "limit" and model.judge == "held" and self.value is not None:
            judged = limit.held_points(course)
            return sum(1 for point in judged if point is not None and limit.is_in_bounds(model, point.value)), len(
                judged
            )
        return None


@dataclass(slots=True)
class ObjectiveScore:
    """One objective on the day; `measured` of the `asked` key results, active and no guardrails, have a value.

    The counts stand apart from the lists, since lines can be left out of those and figures never change by it.
    `parent` is the full name of what it supports, or what the file says where that leads nowhere.
    """

    node: Objective
    ambition: str
    state: str
    weight: Fraction
    computed: Fraction | None
    score: Fraction | None
    by_hand: bool
    band: str | None
    verdict: str | None
    status: str | None
    decided_by: str | None
    confidence: Fraction | None
    measured_count: int
    key_result_count: int
    key_results: list[KeyResultScore] = field(default_factory=list)
    parent: str | None = None


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


@dataclass(frozen=True, slots=True)
class BaselineDifference:
    """One thing that is no longer as it was agreed: a `field`, or the whole thing where that is None.

    `agreed` and `now` are values as the models have them; `effect` is relaxed, tightened, neutral or None.
    """

    ref: str
    kind: str
    field: str | None
    agreed: Any
    now: Any
    effect: str | None


@dataclass(frozen=True, slots=True)
class BaselineScore:
    """What a period scores against what was agreed for it in a commit (its id and day), and what differs since."""

    commit: str
    day: date
    score: Fraction | None
    differences: list[BaselineDifference]

    @property
    def goalpost_moves(self) -> list[BaselineDifference]:
        """What became easier or harder."""
        return [one for one in self.differences if one.effect in ("relaxed", "tightened")]


@dataclass(slots=True)
class Scorecard:
    """A period on the day; the counts are those of its teams."""

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

    @property
    def objectives(self) -> list[ObjectiveScore]:
        """Every objective, team by team."""
        return [one for team in self.teams for one in team.objectives]


@dataclass(slots=True)
class ScoreComparison:
    """One thing in several periods: its score in each, None where it has none or is not there.

    The whole has teams for `parts`, these have objectives, and those have key results.
    """

    title: str
    id: str
    scores: list[Fraction | None]
    bands: list[str | None]
    children: list[ScoreComparison] = field(default_factory=list)

    @property
    def change(self) -> Fraction | None:
        """From the first period to the last; None where one of them has no score."""
        first, last = self.scores[0], self.scores[-1]
        return None if first is None or last is None else last - first


@dataclass(slots=True)
class Scorecards:
    """The scorecards asked for; `single` where one period was named, `compared` where several stand side by side.

    `supposed` are the values that were taken for the sake of argument, by reference; `lines` what there is to say
    below; `level` how far down the lines go.
    """

    cards: list[Scorecard]
    is_single: bool = False
    comparison: ScoreComparison | None = None
    what_if: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    level: Level = "key-result"
