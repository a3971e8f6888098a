"""The objectives of a period that is over with the moves of their KPIs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from okrctl.kpis.series import KpiValues
from okrctl.kpis.trend import Trend, trend_of
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.values.dates import days_before
from okrctl.values.period import Period
from okrctl.values.timeseries import RunningTotals
from okrctl.workspace import Kpi, Workspace


class KpiMove(NamedTuple):
    """The value of a KPI before the period and on its last day, and whether that is better."""

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
    kpi_values = KpiValues(workspace, card.period.end)
    for objective in card.objectives:
        if objective.state == "active":
            model = objective.node.model
            names = dict.fromkeys([*model.kpis, *(hypothesis.kpi for hypothesis in model.hypothesis)])
            kpis = [workspace.kpis[name] for name in names if name in workspace.kpis]
            moves = (_kpi_move(kpi_values, kpi, card.period) for kpi in kpis)
            yield ObjectiveOutcome(objective, card.period, tuple(move for move in moves if move))


def _kpi_move(kpi_values: KpiValues, kpi: Kpi, period: Period) -> KpiMove | None:
    """A sum or mean is compared with as many days before the period as the period has."""
    totals = RunningTotals(kpi_values.series(kpi), kpi.aggregate)
    before = totals.value_on(days_before(period.start, 1), period.days)
    after = totals.value_on(period.end, period.days)
    trend = trend_of(kpi, before, after)
    return None if before is None or after is None or trend is None else KpiMove(kpi, before, after, trend)
