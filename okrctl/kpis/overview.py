"""The status of every KPI on a day: value, changes, trends, age, alarm, and the objectives that address it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.trend import MIN_WORSENING, Trend, alarm_reason, find_worsening_run, trend_of
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.values.period import Period
from okrctl.values.timeseries import Point, RunningTotals, Series, days_before
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
    period. `missing_reason` says why a formula has no value by the newest inputs. `sparkline` has a value for each of
    the last cadences, oldest first; `worsening_run` are the newest readings of which each was worse than the one
    before, newest first; `is_stale` says that the newest is older than one and a half cadences.
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
    series: Series = field(default_factory=Series)

    @property
    def is_addressed(self) -> bool:
        """Whether a running objective addresses it."""
        return bool(self.objectives)

    @property
    def worsening_count(self) -> int:
        """How many readings in a row, up to the newest, were each worse than the one before."""
        return max(len(self.worsening_run) - 1, 0)

    @property
    def is_getting_worse(self) -> bool:
        """Whether it got worse three readings in a row."""
        return self.worsening_count >= MIN_WORSENING


@dataclass(slots=True)
class KpiOverview:
    """KPIs on a day, the worst first; `period` is the one that sums, means and changes are of."""

    as_of: date
    period: Period | None
    statuses: list[KpiStatus]


def build_kpi_overview(kpi_values: KpiValues, kpis: Iterable[Kpi] | None = None) -> KpiOverview:
    """All KPIs of a workspace, or these, on the day of the values."""
    workspace, day = kpi_values.workspace, kpi_values.day
    period = current_period(workspace, day)
    objectives = objectives_by_kpi(workspace, day)
    listed = workspace.kpis.values() if kpis is None else kpis
    statuses = [kpi_status(kpi_values, kpi, period, objectives) for kpi in listed]
    statuses.sort(key=_worst_first)
    return KpiOverview(day, period, statuses)


def _worst_first(status: KpiStatus) -> tuple[bool, int, int]:
    return status.alarm is None, WORST_FIRST.index(status.trend), WORST_FIRST.index(status.period_trend)


def exceeds_threshold(overview: KpiOverview, words: frozenset[str]) -> bool:
    """Whether a KPI is what `--fail-if` names."""
    return any(
        ("alarm" in words and status.alarm is not None)
        or ("worse" in words and status.trend == "worse")
        or ("stale" in words and status.is_stale)
        for status in overview.statuses
    )


def kpi_status(
    kpi_values: KpiValues, kpi: Kpi, period: Period | None, objectives: dict[str, list[Objective]]
) -> KpiStatus:
    """One KPI on the day of the values; `objectives` are those that address each KPI."""
    day, series = kpi_values.day, kpi_values.series(kpi)
    cadence = kpi_values.workspace.kpi_cadence(kpi).days
    spaced = series.spaced(day, cadence, MAX_RUN)
    newest = spaced[0] if spaced else None
    previous = spaced[1].value if len(spaced) > 1 else None
    value, value_date, at_start = _period_value(kpi, series, day, period)
    age = None if newest is None else (day - newest.day).days
    return KpiStatus(
        kpi=kpi,
        value=value,
        value_date=value_date,
        previous=previous,
        change=_difference(previous, newest.value if newest else None),
        trend=None if newest is None else trend_of(kpi, previous, newest.value),
        period_change=_difference(at_start, value),
        period_trend=trend_of(kpi, at_start, value),
        age_days=age,
        alarm=alarm_reason(kpi, newest.value if newest else None),
        is_computed=newest.is_computed if newest else kpi.model.formula is not None and not kpi.readings,
        worsening_run=find_worsening_run(kpi, spaced),
        is_stale=age is not None and 2 * age > 3 * cadence,
        missing_reason=kpi_values.missing_reason(kpi, day),
        sparkline=_sparkline(series, day, cadence),
        objectives=objectives.get(kpi.id, []),
        series=series,
    )


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before


def _period_value(
    kpi: Kpi, series: Series, day: date, period: Period | None
) -> tuple[Fraction | None, date | None, Fraction | None]:
    """The value, the day of its newest reading, and the value before the period that it is compared with.

    What is added up or averaged is compared with as many days before the period as have passed of it.
    """
    aggregate = "latest" if period is None else kpi.aggregate
    last = day if period is None or aggregate == "latest" else min(day, period.end)
    days = (last - period.start).days + 1 if period else 1
    totals = RunningTotals(series, aggregate)
    at_start = totals.value_on(days_before(period.start, 1), days) if period and period.start > date.min else None
    value, newest = totals.value_on(last, days), series.newest(last)
    return value, newest.day if newest and value is not None else None, at_start


def _sparkline(series: Series, day: date, cadence: int) -> list[Fraction | None]:
    last = series.newest(day)
    if last is None:
        return []
    days = (days_before(last.day, number * cadence) for number in range(SPARKLINE_LENGTH - 1, -1, -1))
    return [point.value if point else None for point in map(series.newest, days)]
