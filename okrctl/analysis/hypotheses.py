"""Verdicts on the hypotheses of a period that is over: whether the KPI moved more than it usually does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from okrctl.analysis.verdicts import MAX_LEVELS, MIN_LEVELS, UsualChange, judge_change, usual_change
from okrctl.kpis.series import KpiValues
from okrctl.schema.model import Hypothesis
from okrctl.scoring.scorecard import ObjectiveScore, PeriodState, Scorecard
from okrctl.values import statistics
from okrctl.values.dates import add_months
from okrctl.values.period import MONTHS_BY_KIND, Period
from okrctl.values.timeseries import Series
from okrctl.workspace import Kpi, Workspace

Verdict = Literal["supported", "refuted", "untested", "no verdict"]
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "untested", "no verdict")
LEVEL_DAYS = 28  # the end of a span over which its level is taken, where periods are given in days
DISCLAIMER = "a move is not a proof"


class Level(NamedTuple):
    """The level of a KPI at the end of a span: the mean of its readings from one day to another, and how many."""

    first: date
    last: date
    value: Fraction
    readings: int


@dataclass(slots=True)
class HypothesisResult:
    """One hypothesis: the KPI's level before the period and at its end, its usual change, and what follows.

    `levels` are those before the period, oldest first, `end` the one at its end. `verdict` is None as long as the
    period is not over; `why` is the reason in words.
    """

    objective: ObjectiveScore
    hypothesis: Hypothesis
    kpi: Kpi | None
    succeeded: bool | None
    levels: list[Level]
    end: Level | None
    usual: UsualChange | None
    verdict: Verdict | None
    why: str

    @property
    def before(self) -> Fraction | None:
        """The level at the end of the span before the period."""
        return self.levels[-1].value if self.levels else None

    @property
    def after(self) -> Fraction | None:
        """The level at the end of the period."""
        return self.end.value if self.end else None

    @property
    def change(self) -> Fraction | None:
        """How far the KPI moved."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(slots=True)
class Impact:
    """The hypotheses of a period, in the order of the scorecard."""

    period: Period
    state: PeriodState
    as_of: date
    hypotheses: list[HypothesisResult]
    is_last_closing_day: bool = False

    @property
    def summary_lines(self) -> list[str]:
        """All verdicts in one line; none where there are none."""
        verdicts = [result.verdict for result in self.hypotheses]
        counts = [f"{verdicts.count(verdict)} {verdict}" for verdict in VERDICTS if verdict in verdicts]
        if not counts:
            return []
        return [f"Hypotheses: {', '.join(counts)} ({DISCLAIMER}; details: `okrctl impact {self.period.id}`)"]


def evaluate_hypotheses(workspace: Workspace, card: Scorecard) -> Impact:
    """The hypotheses of the objectives on a scorecard, with their verdicts by its scores."""
    kpi_values = KpiValues(workspace, card.as_of)  # a slot that ends after the period is dated after it
    results = [
        _evaluate(kpi_values, card, objective, hypothesis)
        for objective in card.objectives
        for hypothesis in objective.node.model.hypothesis
    ]
    last = workspace.config.scoring.last_closing_day(card.period)
    return Impact(card.period, card.state, card.as_of, results, card.as_of == last)


def _evaluate(
    kpi_values: KpiValues, card: Scorecard, objective: ObjectiveScore, hypothesis: Hypothesis
) -> HypothesisResult:
    kpi = kpi_values.workspace.kpis.get(hypothesis.kpi)
    series = kpi_values.figures.readings(kpi) if kpi else Series()
    end = _level_at_end_of(card.period, series) if card.state == "over" else None
    levels = _levels_before(card.period, series)
    values = [level.value for level in levels]
    usual = usual_change(values, end.value if end else values[-1]) if values else None
    succeeded = _has_succeeded(objective, kpi_values.workspace) if card.state == "over" else None
    result = HypothesisResult(objective, hypothesis, kpi, succeeded, levels, end, usual, None, "")
    result.verdict, result.why = _verdict(result, card)
    return result


def _has_succeeded(objective: ObjectiveScore, workspace: Workspace) -> bool | None:
    """Whether it succeeded by its score; a deprioritized one did not, whatever its score."""
    if objective.state != "active":
        return False
    if objective.score is None:
        return None
    threshold = Fraction(1) if objective.ambition == "committed" else workspace.config.scoring.success
    return objective.score >= threshold


def _verdict(result: HypothesisResult, card: Scorecard) -> tuple[Verdict | None, str]:
    """The first verdict that fits."""
    if card.state != "over":
        return None, f"the period ends on {card.period.end}"
    missing = _missing_reason(result, card.period)
    if missing:
        return "no verdict", missing
    if not result.succeeded:
        return "untested", "the objective did not succeed"
    if result.usual is None:
        return "no verdict", f"readings in only {len(result.levels)} of the {MIN_LEVELS} earlier spans that are needed"
    within = result.hypothesis.within
    return judge_change(
        result.change or Fraction(0), result.usual, result.hypothesis.expect, within.number if within else None
    )


def _missing_reason(result: HypothesisResult, period: Period) -> str | None:
    if result.kpi is None:
        return f"there is no KPI '{result.hypothesis.kpi}'"
    if result.succeeded is None:
        return "the objective has no score"
    if result.before is None:
        spans = _spans_before(period)
        if not spans:
            return f"there is no span of {period.days} days before {period.start}"
        first, last = _level_days(spans[0])
        return f"'{result.kpi.id}' has no reading from {first} to {last}, the end of the span before the period"
    if result.after is None:
        first, last = _level_days(period)
        return f"'{result.kpi.id}' has no reading from {first} to {last}, the end of the period"
    return None


# Levels


def _levels_before(period: Period, series: Series) -> list[Level]:
    """The levels at the ends of the five spans before a period, oldest first, back to the first end without one."""
    levels: list[Level] = []
    for span in _spans_before(period):
        level = _level_at_end_of(span, series)
        if level is None:
            break
        levels.insert(0, level)
    return levels


def _spans_before(period: Period) -> list[Period]:
    """Up to five spans back to back before a period, each as many months long, else as many days; newest first."""
    spans: list[Period] = []
    months = MONTHS_BY_KIND.get(period.kind, 0)
    start = period.start
    try:
        for _ in range(MAX_LEVELS):
            end = start - timedelta(days=1)
            start = add_months(start, -months) if months else start - timedelta(days=period.days)
            spans.append(Period("", start, end, period.kind))
    except OverflowError:
        pass
    return spans


def _level_days(span: Period) -> tuple[date, date]:
    """The first and the last day of what a span's level is taken from.

    Its last calendar month, or its last 28 days where periods are given in days; all of it where it is shorter.
    """
    last = span.end
    days = LEVEL_DAYS if span.kind == "custom" else last.day
    return max(span.start, last - timedelta(days=min(days - 1, (last - span.start).days))), last


def _level_at_end_of(span: Period, series: Series) -> Level | None:
    first, last = _level_days(span)
    points = series.points_between(first, last)
    if not points:
        return None
    return Level(first, last, statistics.mean([point.value for point in points]), len(points))


def newest_period_with_hypothesis(workspace: Workspace, day: date) -> Period | None:
    """The newest period that is over and had a hypothesis."""
    tested = {objective.period.id for objective in workspace.objectives if objective.model.hypothesis}
    over = [period for period in workspace.periods if period.end < day and period.id in tested]
    return max(over, key=lambda period: (period.end, period.start), default=None)
