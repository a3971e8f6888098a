"""Looks back on the objectives of a period that is over: how each ended, and where its KPIs went meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from okrctl.kpis.series import KpiValues
from okrctl.kpis.trend import Trend, trend_of
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.values.period import Period
from okrctl.values.timeseries import RunningTotals, days_before
from okrctl.workspace import Kpi, Workspace


class KpiMove(NamedTuple):
    """Where a KPI stood before the period and on its last day, and whether that is better."""

    kpi: Kpi
    before: Fraction
    after: Fraction
    trend: Trend


@dataclass(frozen=True, slots=True)
class ObjectiveOutcome:
    """An active objective of a period that is over, with the moves of the KPIs that it names."""

    objective: ObjectiveScore
    period: Period
    kpi_moves: tuple[KpiMove, ...]


def objective_outcomes(workspace: Workspace, card: Scorecard) -> Iterator[ObjectiveOutcome]:
    """The active objectives of a scorecard; none while the period still runs."""
    if card.state != "over":
        return
    gauges = KpiValues(workspace, card.period.end)
    for one in card.objectives:
        if one.state == "active":
            model = one.node.model
            names = dict.fromkeys([*model.kpis, *(guess.kpi for guess in model.hypothesis)])
            kpis = [workspace.kpis[name] for name in names if name in workspace.kpis]
            moves = (_kpi_move(gauges, kpi, card.period) for kpi in kpis)
            yield ObjectiveOutcome(one, card.period, tuple(move for move in moves if move))


def _kpi_move(gauges: KpiValues, kpi: Kpi, period: Period) -> KpiMove | None:
    """What is added up or averaged is compared over as many days before the period as it has."""
    totals = RunningTotals(gauges.series(kpi), kpi.aggregate)
    before, after = totals.value_on(days_before(period.start, 1), period.days), totals.value_on(period.end, period.days)
    how = trend_of(kpi, before, after)
    return None if before is None or after is None or how is None else KpiMove(kpi, before, after, how)
