"""Looks back on the objectives of a period that is over: how each ended, and where its KPIs went meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from okrctl.kpis.series import Gauges, Totals, earlier
from okrctl.kpis.trend import Turn, turn
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Workspace


class Move(NamedTuple):
    """Where a KPI stood before the period and on its last day, and whether that is better."""

    kpi: Kpi
    before: Fraction
    after: Fraction
    turn: Turn


@dataclass(frozen=True, slots=True)
class Aftermath:
    """An active objective of a period that is over, with the moves of the KPIs that it names."""

    objective: ObjectiveScore
    period: Period
    moves: tuple[Move, ...]


def aftermath(workspace: Workspace, card: Scorecard) -> Iterator[Aftermath]:
    """The active objectives of a scorecard; none while the period still runs."""
    if card.state != "over":
        return
    gauges = Gauges(workspace, card.period.end)
    for one in card.objectives:
        if one.state == "active":
            model = one.node.model
            names = dict.fromkeys([*model.kpis, *(guess.kpi for guess in model.hypothesis)])
            kpis = [workspace.kpis[name] for name in names if name in workspace.kpis]
            moves = (_move(gauges, kpi, card.period) for kpi in kpis)
            yield Aftermath(one, card.period, tuple(move for move in moves if move))


def _move(gauges: Gauges, kpi: Kpi, period: Period) -> Move | None:
    """What is added up or averaged is compared over as many days before the period as it has."""
    totals = Totals(gauges.series(kpi), kpi.aggregate)
    before, after = totals.standing(earlier(period.start, 1), period.days), totals.standing(period.end, period.days)
    how = turn(kpi, before, after)
    return None if before is None or after is None or how is None else Move(kpi, before, after, how)
