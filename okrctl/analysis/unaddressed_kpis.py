"""Gathers the KPIs that need a person: alarmed, silent, or getting worse while nobody works on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from okrctl.analysis.attention import Attention
from okrctl.kpis.attribution import Part, explain, worst
from okrctl.kpis.overview import Board, Gauge
from okrctl.kpis.series import Gauges
from okrctl.values.quantity import rounded, show
from okrctl.workspace import Kpi


def kpis_to_look_at(board: Board, gauges: Gauges) -> Iterator[Attention]:
    """What the KPIs of a board call for, each with the command to run next."""
    for one in board.gauges:
        if one.alarm:
            yield _attention(one, "alarm", f"{_value(one)}: {one.alarm}; {_taken_up(one)}", f"okrctl show {one.kpi.id}")
        elif one.going_wrong and not one.addressed:
            yield _getting_worse(one, board, gauges)
        if one.overdue and not one.computed:
            due = f"last reading {one.steps[-1].day}, {one.age_days} days ago"
            wanted = gauges.workspace.kpi_cadence(one.kpi).name
            yield _attention(one, "stale", f"{due}, wanted {wanted}", _reading(one.kpi))


def _attention(one: Gauge, status: str, why: str, next: str, gap: Fraction = Fraction(0)) -> Attention:
    return Attention(one.kpi.id, status, why, next, one.kpi.model.title or one.kpi.id, one.kpi.owner, gap)


def _getting_worse(one: Gauge, board: Board, gauges: Gauges) -> Attention:
    """A KPI that no active objective takes up, with the inputs that hurt it most since it began to get worse."""
    began = one.run[-1]
    way = f"from {_show(began.value, one.kpi)} to {_show(one.run[0].value, one.kpi)}"
    course = f"worse {one.worsening} readings in a row, {way}"
    hurting = worst(explain(gauges, one.kpi, began.day, one.run[0].day))
    why = "; ".join([course, *([_hurt(hurting)] if hurting else []), "no active objective takes it up"])
    return _attention(one, "getting worse", why, _draft(one, board, began.day), Fraction(one.worsening))


def _hurt(parts: Iterable[Part]) -> str:
    named = [f"{part.kpi.id} ({'+' if part.part > 0 else ''}{_show(part.part)})" for part in parts]
    return f"most of it by {', there by '.join(named)}"


def _draft(one: Gauge, board: Board, began: date) -> str:
    if board.period is None or not board.period.runs_on(board.as_of):
        return f"okrctl explain {one.kpi.id} --since {began}" if one.computed else f"okrctl show {one.kpi.id}"
    return f"okrctl new {board.period.id} --for {one.kpi.id}"


def _taken_up(one: Gauge) -> str:
    if not one.objectives:
        return "no active objective takes it up"
    return f"taken up by {', '.join(objective.ref for objective in one.objectives)}"


def _reading(kpi: Kpi) -> str:
    return f"okrctl refresh {kpi.id}" if kpi.model.source else f"okrctl checkin {kpi.id} VALUE"


def _value(one: Gauge) -> str:
    return _show(one.steps[-1].value, one.kpi) if one.steps else ""


def _show(number: Fraction, kpi: Kpi | None = None) -> str:
    """A number to as many places as one reads."""
    return show(Fraction(rounded(number, 2 if abs(number) >= 1 else 4)), kpi.unit if kpi else None)
