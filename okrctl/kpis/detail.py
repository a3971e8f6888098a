"""Gathers what there is to say of one KPI in full: its course, what it is made of, where it is used and named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from okrctl.kpis.attribution import parse_kpi_formula
from okrctl.kpis.overview import KpiStatus, kpi_status
from okrctl.kpis.series import KpiValues, current_period
from okrctl.kpis.usage import kpis_of, objectives_by_kpi
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Objective


@dataclass(slots=True)
class KpiDetail:
    """One KPI: `used_in` are the KPIs whose formulas have it, `named` all objectives that ever took it up."""

    status: KpiStatus
    as_of: date
    period: Period | None
    used_in: list[str]
    objectives: list[Objective]


def build_kpi_detail(gauges: KpiValues, kpi: Kpi) -> KpiDetail:
    """One KPI on the day of the gauges."""
    workspace, day = gauges.workspace, gauges.day
    asked = current_period(workspace, day)
    used = [
        one.id
        for one in workspace.kpi_nodes
        if (of := parse_kpi_formula(one)) and kpi.id in {name.id for name in of.names}
    ]
    objectives = [one for one in workspace.objectives if kpi.id in kpis_of(one)]
    objectives.sort(key=lambda one: (one.period.start, one.ref))
    return KpiDetail(kpi_status(gauges, kpi, asked, objectives_by_kpi(workspace, day)), day, asked, used, objectives)
