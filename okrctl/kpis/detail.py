"""One KPI in full: its status, the KPIs whose formulas use it, the objectives that address it."""

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
    """One KPI: `used_in` are the KPIs whose formulas use it, `objectives` all that ever addressed it."""

    status: KpiStatus
    as_of: date
    period: Period | None
    used_in: list[str]
    objectives: list[Objective]


def build_kpi_detail(kpi_values: KpiValues, kpi: Kpi) -> KpiDetail:
    """One KPI on the day of the values."""
    workspace, day = kpi_values.workspace, kpi_values.day
    period = current_period(workspace, day)
    used_in = [
        other.id
        for other in workspace.kpi_nodes
        if (parsed := parse_kpi_formula(other)) and kpi.id in {name.id for name in parsed.names}
    ]
    objectives = [objective for objective in workspace.objectives if kpi.id in kpis_of(objective)]
    objectives.sort(key=lambda objective: (objective.period.start, objective.ref))
    status = kpi_status(kpi_values, kpi, period, objectives_by_kpi(workspace, day))
    return KpiDetail(status, day, period, used_in, objectives)
