"""The status of every KPI on a day: value, changes, trends, age, alarm, and the objectives that address it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.kpis.figures import Against, Comparison, Figure
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.signals import KpiSignal, find_signal
from okrctl.kpis.trend import Trend, alarm_reason, trend_of
from okrctl.kpis.usage import objectives_by_kpi
from okrctl.values.dates import days_before
from okrctl.values.period import Period
from okrctl.values.timeseries import Point, RunningTotals, Series
from okrctl.workspace import Kpi, Objective

SPARKLINE_LENGTH = 16
FAIL_IF_WORDS = ("alarm", "signal", "worse", "stale")
WORST_FIRST: tuple[Trend | None, ...] = ("worse", None, "steady", "better")


class InputReading(NamedTuple):
    """A recorded KPI and the day of its newest reading."""

    kpi: Kpi
    day: date


@dataclass(slots=True)
class KpiStatus:
    """One KPI on a day; values have the KPI's unit.

    `value` is the newest reading or, of a flow, the figure of the period (`figure` for a formula over flows). `change`
    is from `previous`, the newest reading at least a cadence older, to the newest one; `period_change` from the day
    before the period. Of a flow both compare the slots of the period with as many before (`comparison`).
    `previous_date` is the day of `previous`, `oldest_input` the KPI below a formula whose newest reading is the oldest.
    `missing_reason` says why a formula has no value by the newest inputs. `is_stale` says that the newest reading is
    older than one and a half cadences, each of which has so many days.
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
    judged: KpiSignal
    is_stale: bool = False
    missing_reason: str | None = None
    cadence_days: int = 1
    objectives: list[Objective] = field(default_factory=list)
    series: Series = field(default_factory=Series)
    figure: Figure | None = None
    comparison: Comparison | None = None
    previous_date: date | None = None
    oldest_input: InputReading | None = None

    @property
    def is_addressed(self) -> bool:
        """Whether a running objective addresses it."""
        return bool(self.objectives)

    @property
    def sparkline(self) -> list[Fraction | None]:
        """The value at the end of each of the last cadences, oldest first; most commands draw none."""
        points = self.series.points
        place, values = len(points), list[Fraction | None]()
        last = points[-1].day.toordinal() if points else 0
        for end in range(last, last - SPARKLINE_LENGTH * self.cadence_days, -self.cadence_days) if points else ():
            while place and points[place - 1].day.toordinal() > max(end, 1):  # day 1 is the first of the calendar
                place -= 1
            values.append(points[place - 1].value if place else None)
        return values[::-1]

    @property
    def signal(self) -> str | None:
        """How the newest reading is out of the ordinary for the worse: `beyond-limit` or `near-limit`."""
        return self.judged.signal


@dataclass(slots=True)
class KpiOverview:
    """KPIs on a day, the worst first; `period` is the one that sums, means and changes are of."""

    as_of: date
    period: Period | None
    statuses: list[KpiStatus]


def build_kpi_overview(
    kpi_values: KpiValues, kpis: Iterable[Kpi] | None = None, against: Against = "before"
) -> KpiOverview:
    """All KPIs of a workspace, or these, on the day of the values; flows are held `against` what was before."""
    workspace, day = kpi_values.workspace, kpi_values.day
    period = current_period(workspace, day)
    objectives = objectives_by_kpi(workspace, day)
    listed = workspace.kpis.values() if kpis is None else kpis
    statuses = [kpi_status(kpi_values, kpi, period, objectives, against) for kpi in listed]
    statuses.sort(key=_worst_first)
    return KpiOverview(day, period, statuses)


def _worst_first(status: KpiStatus) -> tuple[bool, bool, int, int]:
    is_calm = status.alarm is None, status.signal is None
    return *is_calm, WORST_FIRST.index(status.trend), WORST_FIRST.index(status.period_trend)


def exceeds_threshold(overview: KpiOverview, words: frozenset[str]) -> bool:
    """Whether a KPI is what `--fail-if` names."""
    return any(
        ("alarm" in words and status.alarm is not None)
        or ("signal" in words and status.signal is not None)
        or ("worse" in words and status.trend == "worse")
        or ("stale" in words and status.is_stale)
        for status in overview.statuses
    )


def kpi_status(
    kpi_values: KpiValues, kpi: Kpi, period: Period | None, objectives: dict[str, list[Objective]],
    against: Against = "before",
) -> KpiStatus:  # fmt: skip
    """One KPI on the day of the values; `objectives` are those that address each KPI."""
    day, series = kpi_values.day, kpi_values.series(kpi)
    cadence = kpi_values.workspace.kpi_cadence(kpi).days
    spaced = series.points_spaced(day, cadence, 2)
    newest = spaced[0] if spaced else None
    known = kpi_values.point_on(kpi, day)
    moves = _flow_moves(kpi_values, kpi, period, against) or _stock_moves(kpi_values, kpi, period, known, spaced)
    age = None if newest is None else (day - newest.day).days
    return KpiStatus(
        kpi=kpi,
        value=moves.value,
        value_date=None if newest is None or moves.value is None else newest.day,
        previous=moves.previous,
        change=moves.change,
        trend=trend_of(kpi, moves.previous, moves.now) if moves.change is not None else None,
        period_change=moves.period_change,
        period_trend=trend_of(kpi, moves.at_start, moves.now) if moves.period_change is not None else None,
        age_days=age,
        alarm=alarm_reason(kpi, newest.value if newest else None),
        is_computed=newest.is_computed if newest else kpi.model.formula is not None and not kpi.readings,
        judged=find_signal(kpi_values, kpi),
        is_stale=age is not None and 2 * age > 3 * cadence,
        missing_reason=_reason(known),
        cadence_days=cadence,
        objectives=objectives.get(kpi.id, []),
        series=series,
        figure=moves.figure,
        comparison=moves.comparison,
        previous_date=_previous_day(spaced),
        oldest_input=_oldest_input(kpi_values, kpi),
    )


def _reason(known: Point | str) -> str | None:
    return known if isinstance(known, str) else None


def _previous_day(spaced: list[Point]) -> date | None:
    return spaced[1].day if len(spaced) > 1 else None


def _oldest_input(kpi_values: KpiValues, kpi: Kpi) -> InputReading | None:
    """The input of a formula whose newest reading is the oldest; None of a recorded KPI."""
    if kpi_values.inputs.is_recorded(kpi):
        return None
    points = (
        (leaf, kpi_values.series(leaf).newest(kpi_values.day)) for leaf in kpi_values.figures.recorded_leaves(kpi)
    )
    found = [InputReading(leaf, point.day) for leaf, point in points if point is not None]
    return min(found, key=lambda reading: (reading.day, reading.kpi.id), default=None)


class _Moves(NamedTuple):
    """The value of a KPI and what it is compared with: `now` with `previous`, and with `at_start` of the period."""

    value: Fraction | None
    now: Fraction | None
    previous: Fraction | None
    at_start: Fraction | None
    change: Fraction | None
    period_change: Fraction | None
    figure: Figure | None = None
    comparison: Comparison | None = None


def _stock_moves(
    kpi_values: KpiValues, kpi: Kpi, period: Period | None, known: Point | str, spaced: list[Point]
) -> _Moves:
    """The value `known`, the newest one at least a cadence older, and the value on the day before the period."""
    value = None if isinstance(known, str) else known.value
    previous = spaced[1].value if len(spaced) > 1 else None
    has_day_before = period is not None and period.start > date.min
    before = kpi_values.point_on(kpi, days_before(period.start, 1)) if period and has_day_before else ""
    at_start = None if isinstance(before, str) else before.value
    return _Moves(value, value, previous, at_start, _difference(value, previous), _difference(value, at_start))


def _flow_moves(kpi_values: KpiValues, kpi: Kpi, period: Period | None, against: Against) -> _Moves | None:
    """The figure of the period, compared by whole slots; None for a stock, and where no period says what to add up."""
    figures = kpi_values.figures
    if period is None or not figures.is_flow(kpi):
        return None
    comparison = figures.compare(kpi, period.start, period.end, against)
    figure = figures.over_period(kpi, period.start, period.end) if figures.is_computed_flow(kpi) else None
    last = min(kpi_values.day, period.end)
    totals = RunningTotals(kpi_values.series(kpi), kpi.aggregate)
    value = figure.value if figure else totals.value_on(last, (last - period.start).days + 1)
    if comparison is None:
        return _Moves(value, value, None, None, None, None, figure)
    now, before, change = comparison.now.value, comparison.before.value, comparison.change
    return _Moves(value, now, before, before, change, change, figure, comparison)


def _difference(later: Fraction | None, earlier: Fraction | None) -> Fraction | None:
    return None if later is None or earlier is None else later - earlier
