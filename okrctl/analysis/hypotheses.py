"""Judges the hypotheses of a period that is over: did the KPI move as expected? A move is not a proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Literal

from okrctl.kpis.series import KpiValues, RunningTotals, days_before, points_between
from okrctl.schema.model import Hypothesis
from okrctl.scoring.scorecard import ObjectiveScore, PeriodState, Scorecard
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Workspace

Verdict = Literal["supported", "refuted", "untested", "no verdict"]
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "untested", "no verdict")
MIN_SPANS = 3
DISCLAIMER = "a move is not a proof"


@dataclass(slots=True)
class HypothesisResult:
    """One hypothesis: the KPI on the day before the period and on its last day, the noise, and what follows.

    `verdict` is None as long as the period is not over; `why` says in words what decided.
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
        given = [one.verdict for one in self.hypotheses]
        counted = [f"{given.count(verdict)} {verdict}" for verdict in VERDICTS if verdict in given]
        said = f"Hypotheses: {', '.join(counted)} ({DISCLAIMER}; `okrctl impact {self.period.id}` has them)"
        return [said] if counted else []


def evaluate_hypotheses(workspace: Workspace, card: Scorecard) -> Impact:
    """The hypotheses of the objectives on a scorecard, with their verdicts by its scores."""
    gauges = KpiValues(workspace, min(card.as_of, card.period.end))
    found = [
        _evaluate(gauges, card, objective, guess)
        for objective in card.objectives
        for guess in objective.node.model.hypothesis
    ]
    return Impact(card.period, card.state, card.as_of, found)


def _evaluate(gauges: KpiValues, card: Scorecard, objective: ObjectiveScore, guess: Hypothesis) -> HypothesisResult:
    kpi = gauges.workspace.kpis.get(guess.kpi)
    steps = gauges.series(kpi) if kpi else []
    days = max(gauges.workspace.kpi_cadence(kpi).days if kpi else 0, 1)
    span = _Span(RunningTotals(steps, kpi.aggregate if kpi else "latest"), days, card.period.days)
    before = span.value_on(days_before(card.period.start, 1))
    after = span.value_on(card.period.end) if card.state == "over" and span.has_reading_in(card.period) else None
    noise = span.noise(card.period.start)
    succeeded = _has_succeeded(objective, gauges.workspace) if card.state == "over" else None
    tested = HypothesisResult(objective, guess, kpi, succeeded, before, after, noise, None, "")
    tested.verdict, tested.why = _verdict(tested, card)
    return tested


def _has_succeeded(objective: ObjectiveScore, workspace: Workspace) -> bool | None:
    """Whether it ended well by its score; what was given up did not, whatever its score."""
    if objective.state != "active":
        return False
    if objective.score is None:
        return None
    least = Fraction(1) if objective.ambition == "committed" else workspace.config.scoring.success
    return objective.score >= least


def _verdict(one: HypothesisResult, card: Scorecard) -> tuple[Verdict | None, str]:
    """The first verdict that fits."""
    if card.state != "over":
        return None, f"the period ends on {card.period.end}"
    missing = _missing_reason(one, card.period)
    if missing:
        return "no verdict", missing
    if not one.succeeded:
        return "untested", "the objective did not succeed"
    if one.noise is None:
        return "no verdict", f"fewer than {MIN_SPANS} earlier spans as long as the period to know the noise by"
    change = one.change or Fraction(0)
    quiet = abs(change) <= one.noise
    if one.hypothesis.expect == "steady":
        return ("supported", "within the noise") if quiet else ("refuted", "beyond the noise")
    if quiet:
        return "no verdict", "within the noise"
    as_expected = (change > 0) == (one.hypothesis.expect == "up")
    return ("supported", "moved as expected") if as_expected else ("refuted", "moved the other way")


def _missing_reason(one: HypothesisResult, period: Period) -> str | None:
    if one.kpi is None:
        return f"there is no KPI '{one.hypothesis.kpi}'"
    if one.succeeded is None:
        return "the objective has no score"
    if one.before is None:
        return f"'{one.kpi.id}' has no value before {period.start}"
    return f"'{one.kpi.id}' has no reading from {period.start} to {period.end}" if one.after is None else None


@dataclass(frozen=True, slots=True)
class _Span:
    """A KPI's values seen over spans of `days`, the length of the period; a reading is due every `cadence` days."""

    totals: RunningTotals
    cadence: int
    days: int

    def value_on(self, day: date) -> Fraction | None:
        """The value on a day; no sum or mean of days that the readings do not reach back to."""
        if self.totals.how != "latest" and not self._has_readings_before(day):
            return None
        return self.totals.value_on(day, self.days)

    def _has_readings_before(self, day: date) -> bool:
        steps = self.totals.steps
        return bool(steps) and days_before(steps[0].day, self.cadence) < days_before(day, self.days - 1)

    def has_reading_in(self, period: Period) -> bool:
        """Whether there is a reading in the period at all."""
        return bool(points_between(self.totals.steps, period.start, period.end))

    def noise(self, start: date) -> Fraction | None:
        """The median absolute change over spans that end at each earlier reading; None for fewer than three."""
        changes = list(self._changes(start))
        return median(changes) if len(changes) >= MIN_SPANS else None

    def _changes(self, start: date) -> Iterator[Fraction]:
        for step in self.totals.steps:
            if step.day < start and (step.day - date.min).days >= self.days:
                before, after = self.value_on(days_before(step.day, self.days)), self.value_on(step.day)
                if before is not None and after is not None:
                    yield abs(after - before)


def newest_period_with_hypothesis(workspace: Workspace, day: date) -> Period | None:
    """The newest period that is over and had a hypothesis."""
    guessed = {one.period.id for one in workspace.objectives if one.model.hypothesis}
    over = [one for one in workspace.periods if one.end < day and one.id in guessed]
    return max(over, key=lambda one: (one.end, one.start), default=None)
