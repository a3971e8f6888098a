"""Gathers the KPIs that need a person: alarmed, silent, or getting worse while nobody works on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from okrctl.analysis.attention import AttentionItem
from okrctl.kpis.attribution import Contribution, attribute_change, most_harmful
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.series import KpiValues
from okrctl.values.quantity import format_number, round_number
from okrctl.workspace import Kpi


def kpi_attention_items(board: KpiOverview, gauges: KpiValues) -> Iterator[AttentionItem]:
    """What the KPIs of a board call for, each with the command to run next."""
    for one in board.statuses:
        if one.alarm:
            yield _item(
                one,
                "alarm",
                f"{_format_value(one)}: {one.alarm}; {_describe_objectives(one)}",
                f"okrctl show {one.kpi.id}",
            )
        elif one.is_getting_worse and not one.is_addressed:
            yield _worsening_item(one, board, gauges)
        if one.is_stale and not one.is_computed:
            due = f"last reading {one.series[-1].day}, {one.age_days} days ago"
            wanted = gauges.workspace.kpi_cadence(one.kpi).name
            yield _item(one, "stale", f"{due}, wanted {wanted}", _reading_command(one.kpi))


def _item(one: KpiStatus, status: str, why: str, next: str, gap: Fraction = Fraction(0)) -> AttentionItem:
    return AttentionItem(one.kpi.id, status, why, next, one.kpi.model.title or one.kpi.id, one.kpi.owner, gap)


def _worsening_item(one: KpiStatus, board: KpiOverview, gauges: KpiValues) -> AttentionItem:
    """A KPI that no active objective takes up, with the inputs that hurt it most since it began to get worse."""
    began = one.worsening_run[-1]
    way = f"from {_format(began.value, one.kpi)} to {_format(one.worsening_run[0].value, one.kpi)}"
    course = f"worse {one.worsening_count} readings in a row, {way}"
    hurting = most_harmful(attribute_change(gauges, one.kpi, began.day, one.worsening_run[0].day))
    why = "; ".join([course, *([_describe_causes(hurting)] if hurting else []), "no active objective takes it up"])
    return _item(one, "getting worse", why, _next_command(one, board, began.day), Fraction(one.worsening_count))


def _describe_causes(parts: Iterable[Contribution]) -> str:
    named = [f"{part.kpi.id} ({'+' if part.amount > 0 else ''}{_format(part.amount)})" for part in parts]
    return f"most of it by {', there by '.join(named)}"


def _next_command(one: KpiStatus, board: KpiOverview, began: date) -> str:
    if board.period is None or not board.period.runs_on(board.as_of):
        return f"okrctl explain {one.kpi.id} --since {began}" if one.is_computed else f"okrctl show {one.kpi.id}"
    return f"okrctl new {board.period.id} --for {one.kpi.id}"


def _describe_objectives(one: KpiStatus) -> str:
    if not one.objectives:
        return "no active objective takes it up"
    return f"taken up by {', '.join(objective.ref for objective in one.objectives)}"


def _reading_command(kpi: Kpi) -> str:
    return f"okrctl refresh {kpi.id}" if kpi.model.source else f"okrctl checkin {kpi.id} VALUE"


def _format_value(one: KpiStatus) -> str:
    return _format(one.series[-1].value, one.kpi) if one.series else ""


def _format(number: Fraction, kpi: Kpi | None = None) -> str:
    """A number to as many places as one reads."""
    return format_number(Fraction(round_number(number, 2 if abs(number) >= 1 else 4)), kpi.unit if kpi else None)
