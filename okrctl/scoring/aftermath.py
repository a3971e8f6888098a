"""Looks back on the objectives of a period that is over: how each ended, and where its KPIs went meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from okrctl.kpis.series import Gauges, Step, amount, newest
from okrctl.period import Period
from okrctl.scoring.card import ObjectiveScore, Scorecard
from okrctl.workspace import Kpi, Workspace

Turn = Literal["better", "worse", "steady"]


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
    steps = gauges.series(kpi)
    before, after = _standing(steps, kpi, period, earlier=True), _standing(steps, kpi, period, earlier=False)
    if before is None or after is None:
        return None
    return Move(kpi, before, after, turn(kpi, before, after))


def _standing(steps: list[Step], kpi: Kpi, period: Period, earlier: bool) -> Fraction | None:
    """The value on the day before the period or on its last; of what is added up or averaged, over as many days."""
    end = _before(period.start, 1) if earlier else period.end
    if kpi.aggregate == "latest":
        found = newest(steps, end)
        return found.value if found else None
    start = _before(period.start, period.days) if earlier else period.start
    return amount([step for step in steps if start <= step.day <= end], kpi.aggregate)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=min(days, (day - date.min).days))


def turn(kpi: Kpi, before: Fraction, after: Fraction) -> Turn:
    """Whether a change is for the better by what the KPI says: up, down, or nearer to its band."""
    gain = after - before
    if kpi.model.between:
        low, high = (bound.number for bound in kpi.model.between)
        gain = _outside(before, low, high) - _outside(after, low, high)
    elif kpi.model.better == "lower":
        gain = -gain
    return "better" if gain > 0 else "worse" if gain < 0 else "steady"


def _outside(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low - value, value - high, Fraction(0))
