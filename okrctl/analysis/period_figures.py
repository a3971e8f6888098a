"""A period in figures: teams, objectives, what was reached, key results by status; and beside the last period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from okrctl import scoring
from okrctl.schema.settings import Config
from okrctl.scoring import rollup
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.values.period import Period
from okrctl.values.precision import DEFAULT_PRECISION, Precision
from okrctl.workspace import Workspace

REACHED = ("met", "succeeded", "sandbagging?")  # verdicts
ON_TRACK = ("on track", "achieved", "succeeded")  # statuses
BANDS = ("green", "yellow", "red")
STATUS_ORDER = (
    "at risk", "no data", "behind", "stale", "starting", "on track", "achieved", "succeeded", "missed", "error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """How much there is in a period. Only what is active counts, and guardrails do not.

    `statuses` and `bands` are of key results, the worst status and the best band first. `reached` is how many
    objectives were met or succeeded; it and `bands` are None until the period is over.
    """

    team_count: int
    objective_count: int
    reached: int | None
    key_result_count: int
    statuses: list[tuple[str, int]]
    bands: list[tuple[str, int]] | None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A period on one of its days: the score, and how many key results are on track of how many."""

    period: Period
    day: date
    score: Fraction | None
    on_track: int
    key_result_count: int
    precision: Precision = DEFAULT_PRECISION

    @property
    def number(self) -> int:
        """Which day of the period it is, 1 for the first."""
        return (self.day - self.period.start).days + 1


@dataclass(frozen=True, slots=True)
class SameDay:
    """A running period, and the last one of its kind on the same day."""

    now: DayFigures
    before: DayFigures


def build_period_figures(card: Scorecard, config: Config) -> PeriodFigures:
    """The figures of a scorecard."""
    objectives = [objective for objective in card.objectives if objective.state == "active"]
    key_results = _count(card)
    reached = sum(objective.verdict in REACHED for objective in objectives)
    bands = Counter(rollup.band_of(each.score, config) for each in key_results)
    is_over = card.state == "over"
    return PeriodFigures(
        team_count=len({objective.node.team for objective in objectives}),
        objective_count=len(objectives),
        reached=reached if is_over else None,
        key_result_count=len(key_results),
        statuses=count_statuses(key_results),
        bands=[(band, bands[band]) for band in BANDS if band in bands] if is_over else None,
    )


def count_statuses(key_results: Iterable[KeyResultScore]) -> list[tuple[str, int]]:
    """How many key results have which status, the worst first."""
    counts = Counter(each.status for each in key_results if each.status)
    known = [status for status in STATUS_ORDER if status in counts]
    return [(status, counts[status]) for status in (*known, *(each for each in counts if each not in known))]


def compare_same_day(workspace: Workspace, card: Scorecard) -> SameDay | None:
    """A running period beside the last one of its kind with a score; None where there is none.

    The day is as many days from the first one; a shorter period is taken on its last day.
    """
    if card.state != "running":
        return None
    for period in _earlier_periods(workspace, card.period):
        day = min(period.start + (card.as_of - card.period.start), period.end)
        earlier = scoring.build_scorecard(workspace, period, day, KeyResultValues(workspace, day))
        if earlier.score is not None:
            return SameDay(_day_figures(card), _day_figures(earlier))
    return None


def _earlier_periods(workspace: Workspace, period: Period) -> list[Period]:
    """The periods of the same kind before this one, the newest first; of custom ones those about as long."""
    earlier = [each for each in workspace.periods if each.end < period.start and each.kind == period.kind]
    if period.kind == "custom":
        most = timedelta(days=period.days // 10)
        earlier = [each for each in earlier if abs(timedelta(days=each.days - period.days)) <= most]
    return sorted(earlier, key=lambda each: (each.end, each.id), reverse=True)


def _day_figures(card: Scorecard) -> DayFigures:
    key_results = _count(card)
    on_track = sum(each.status in ON_TRACK for each in key_results)
    return DayFigures(card.period, card.as_of, card.score, on_track, len(key_results), card.precision)


def _count(card: Scorecard) -> list[KeyResultScore]:
    return [
        each
        for objective in card.objectives
        if objective.state == "active"
        for each in objective.key_results
        if each.state == "active" and not each.guardrail
    ]
