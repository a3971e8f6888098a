"""Gathers what there is to say of every KPI on a day: value, changes, trends, age, alarm, who takes it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.kpis.series import KpiValues, Point, RunningTotals, current_period, days_before, newest_point, spaced_points
from okrctl.kpis.trend import MIN_WORSENING, Trend, alarm_reason, find_worsening_run, trend_of
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Objective

SPARKLINE_LENGTH = 16
MAX_RUN = 53
FAIL_IF_WORDS = ("alarm", "worse", "stale")
WORST_FIRST: tuple[Trend | None, ...] = ("worse", None, "steady", "better")


@dataclass(slots=True)
class KpiStatus:
    """One KPI on a day; values have the KPI's unit.

    `value` is the newest reading or, of what is added up or averaged, the figure of the period; `change` is from
    `previous`, the newest reading at least a cadence older, to the newest one; `period_change` from the day before the
    period. `lacking` says why a formula has no value by the newest inputs. `recent` has a value for each of the last
    cadences, oldest first; `run` are the newest readings of which each was worse than the one before, newest first;
    `overdue` says that the newest is older than one and a half cadences.
    """

    kpi: Kpi
    value: Fraction | None
    value_date: date | None
    previous: Fraction | None
    change: Fraction | None
    trend: Trend | None
    period_change: Fraction | None
    period_trend: Trend | None
    age_days: int | None
    alarm: str | None
    is_computed: bool
    worsening_run: list[Point] = field(default_factory=list)
    is_stale: bool = False
    missing_reason: str | None = None
    sparkline: list[Fraction | None] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    series: list[Point] = field(default_factory=list)

    @property
    def is_addressed(self) -> bool:
        """Whether an active objective takes it up."""
        return bool(self.objectives)

    @property
    def worsening_count(self) -> int:
        """How many readings in a row, up to the newest, were each worse than the one before."""
        return max(len(self.worsening_run) - 1, 0)

    @property
    def is_getting_worse(self) -> bool:
        """Whether it has got worse three readings in a row."""
        return self.worsening_count >= MIN_WORSENING


@dataclass(slots=True)
class KpiOverview:
    """KPIs on a day, the worst first; `period` is the one that sums, means and changes are of."""

    as_of: date
    period: Period | None
    statuses: list[KpiStatus]


def build_kpi_overview(gauges: KpiValues, kpis: Iterable[Kpi] | None = None) -> KpiOverview:
    """All KPIs of a workspace, or these, on the day of the gauges."""
    workspace, day = gauges.workspace, gauges.day
    asked = current_period(workspace, day)
    takers = objectives_by_kpi(workspace, day)
    found = [kpi_status(gauges, kpi, asked, takers) for kpi in (workspace.kpis.values() if kpis is None else kpis)]
    found.sort(key=lambda one: (one.alarm is None, WORST_FIRST.index(one.trend), WORST_FIRST.index(one.period_trend)))
    return KpiOverview(day, asked, found)


def parse_fail_if(words: Iterable[str]) -> frozenset[str]:
    """What `--fail-if` names; OkrctlError for a word that no KPI can be."""
    asked = frozenset(word.strip() for part in words for word in part.split(","))
    for word in sorted(asked - set(FAIL_IF_WORDS)):
        guess = suggestions.did_you_mean(suggestions.find_closest(word, FAIL_IF_WORDS))
        raise OkrctlError(f"--fail-if does not know '{word}'{guess}", f"one of {', '.join(FAIL_IF_WORDS)}")
    return asked


def exceeds_threshold(result: KpiOverview, words: frozenset[str]) -> bool:
    """Whether a KPI is what `--fail-if` names."""
    return any(
        ("alarm" in words and one.alarm is not None)
        or ("worse" in words and one.trend == "worse")
        or ("stale" in words and one.is_stale)
        for one in result.statuses
    )


def kpi_status(gauges: KpiValues, kpi: Kpi, asked: Period | None, takers: dict[str, list[Objective]]) -> KpiStatus:
    """One KPI on the day of the gauges."""
    day, steps = gauges.day, gauges.series(kpi)
    cadence = gauges.workspace.kpi_cadence(kpi).days
    readings = spaced_points(steps, day, cadence, MAX_RUN)
    last = readings[0] if readings else None
    before = readings[1].value if len(readings) > 1 else None
    value, value_date, at_first = _period_value(kpi, steps, day, asked)
    age = None if last is None else (day - last.day).days
    return KpiStatus(
        kpi=kpi,
        value=value,
        value_date=value_date,
        previous=before,
        change=None if last is None or before is None else last.value - before,
        trend=None if last is None else trend_of(kpi, before, last.value),
        period_change=None if value is None or at_first is None else value - at_first,
        period_trend=trend_of(kpi, at_first, value),
        age_days=age,
        alarm=alarm_reason(kpi, last.value if last else None),
        is_computed=last.computed if last else kpi.model.formula is not None and not kpi.readings,
        worsening_run=find_worsening_run(kpi, readings),
        is_stale=age is not None and 2 * age > 3 * cadence,
        missing_reason=gauges.missing_reason(kpi, day),
        sparkline=_sparkline(steps, day, cadence),
        objectives=takers.get(kpi.id, []),
        series=steps,
    )


def _period_value(
    kpi: Kpi, steps: list[Point], day: date, asked: Period | None
) -> tuple[Fraction | None, date | None, Fraction | None]:
    """The value, the day of its newest reading, and the value to which the period compares it.

    What is added up or averaged is compared with as many days before the period as have passed of it.
    """
    how = "latest" if asked is None else kpi.aggregate
    last = day if asked is None or how == "latest" else min(day, asked.end)
    days = (last - asked.start).days + 1 if asked else 1
    totals = RunningTotals(steps, how)
    at_first = totals.value_on(days_before(asked.start, 1), days) if asked and asked.start > date.min else None
    value, step = totals.value_on(last, days), newest_point(steps, last)
    return value, step.day if step and value is not None else None, at_first


def _sparkline(steps: list[Point], day: date, cadence: int) -> list[Fraction | None]:
    last = newest_point(steps, day)
    if last is None:
        return []
    found = (
        newest_point(steps, days_before(last.day, number * cadence)) for number in range(SPARKLINE_LENGTH - 1, -1, -1)
    )
    return [step.value if step else None for step in found]
