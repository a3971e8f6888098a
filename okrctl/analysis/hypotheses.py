"""Verdicts on the hypotheses of a period that is over: whether the KPI moved as expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Literal

from okrctl.kpis.series import KpiValues
from okrctl.schema.model import Hypothesis
from okrctl.scoring.scorecard import ObjectiveScore, PeriodState, Scorecard
from okrctl.values.period import Period
from okrctl.values.timeseries import RunningTotals, Series, days_before
from okrctl.workspace import Kpi, Workspace

Verdict = Literal["supported", "refuted", "untested", "no verdict"]
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "untested", "no verdict")
MIN_SPANS = 3
DISCLAIMER = "a move is not a proof"


@dataclass(slots=True)
class HypothesisResult:
    """One hypothesis: the KPI on the day before the period and on its last day, the noise, and what follows.

    `verdict` is None as long as the period is not over; `why` is the reason in words.
    """

    objective: ObjectiveScore
    hypothesis: Hypothesis
    kpi: Kpi | None
    succeeded: bool | None
    before: Fraction | None
    after: Fraction | None
    noise: Fraction | None
    verdict: Verdict | None
    why: str

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
    kpi_values = KpiValues(workspace, min(card.as_of, card.period.end))
    results = [
        _evaluate(kpi_values, card, objective, hypothesis)
        for objective in card.objectives
        for hypothesis in objective.node.model.hypothesis
    ]
    return Impact(card.period, card.state, card.as_of, results)


def _evaluate(
    kpi_values: KpiValues, card: Scorecard, objective: ObjectiveScore, hypothesis: Hypothesis
) -> HypothesisResult:
    kpi = kpi_values.workspace.kpis.get(hypothesis.kpi)
    series = kpi_values.series(kpi) if kpi else Series()
    cadence = max(kpi_values.workspace.kpi_cadence(kpi).days if kpi else 0, 1)
    span = _Span(RunningTotals(series, kpi.aggregate if kpi else "latest"), cadence, card.period.days)
    before = span.value_on(days_before(card.period.start, 1))
    after = span.value_on(card.period.end) if card.state == "over" and span.has_reading_in(card.period) else None
    noise = span.noise(card.period.start)
    succeeded = _has_succeeded(objective, kpi_values.workspace) if card.state == "over" else None
    result = HypothesisResult(objective, hypothesis, kpi, succeeded, before, after, noise, None, "")
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
    if result.noise is None:
        return "no verdict", f"fewer than {MIN_SPANS} earlier spans of the period's length to estimate the noise"
    change = result.change or Fraction(0)
    is_noise = abs(change) <= result.noise
    if result.hypothesis.expect == "steady":
        return ("supported", "within the noise") if is_noise else ("refuted", "beyond the noise")
    if is_noise:
        return "no verdict", "within the noise"
    as_expected = (change > 0) == (result.hypothesis.expect == "up")
    return ("supported", "moved as expected") if as_expected else ("refuted", "moved the other way")


def _missing_reason(result: HypothesisResult, period: Period) -> str | None:
    if result.kpi is None:
        return f"there is no KPI '{result.hypothesis.kpi}'"
    if result.succeeded is None:
        return "the objective has no score"
    if result.before is None:
        return f"'{result.kpi.id}' has no value before {period.start}"
    return f"'{result.kpi.id}' has no reading from {period.start} to {period.end}" if result.after is None else None


@dataclass(frozen=True, slots=True)
class _Span:
    """A KPI's values seen over spans of `days`, the length of the period; a reading is due every `cadence` days."""

    totals: RunningTotals
    cadence: int
    days: int

    def value_on(self, day: date) -> Fraction | None:
        """The value on a day; None for a sum or mean over days before the first reading."""
        if self.totals.aggregate != "latest" and not self._has_readings_before(day):
            return None
        return self.totals.value_on(day, self.days)

    def _has_readings_before(self, day: date) -> bool:
        series = self.totals.series
        return bool(series) and days_before(series[0].day, self.cadence) < days_before(day, self.days - 1)

    def has_reading_in(self, period: Period) -> bool:
        """Whether there is a reading in the period at all."""
        return bool(self.totals.series.between(period.start, period.end))

    def noise(self, start: date) -> Fraction | None:
        """The median absolute change over spans that end at each earlier reading; None for fewer than three."""
        changes = list(self._changes(start))
        return median(changes) if len(changes) >= MIN_SPANS else None

    def _changes(self, start: date) -> Iterator[Fraction]:
        for point in self.totals.series:
            if point.day < start and (point.day - date.min).days >= self.days:
                before, after = self.value_on(days_before(point.day, self.days)), self.value_on(point.day)
                if before is not None and after is not None:
                    yield abs(after - before)


def newest_period_with_hypothesis(workspace: Workspace, day: date) -> Period | None:
    """The newest period that is over and had a hypothesis."""
    tested = {objective.period.id for objective in workspace.objectives if objective.model.hypothesis}
    over = [period for period in workspace.periods if period.end < day and period.id in tested]
    return max(over, key=lambda period: (period.end, period.start), default=None)
