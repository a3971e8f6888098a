"""Gathers what there is to say of one KPI in full: its course, what it is made of, where it is used and named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from okrctl.kpis.attribution import read
from okrctl.kpis.overview import Gauge, gauge
from okrctl.kpis.series import Gauges, period_asked
from okrctl.kpis.usage import named, taken_up
from okrctl.values.period import Period
from okrctl.workspace import Kpi, Objective


@dataclass(slots=True)
class Portrait:
    """One KPI: `used_in` are the KPIs whose formulas have it, `named` all objectives that ever took it up."""

    gauge: Gauge
    as_of: date
    period: Period | None
    used_in: list[str]
    named: list[Objective]


def portrait(gauges: Gauges, kpi: Kpi) -> Portrait:
    """One KPI on the day of the gauges."""
    workspace, day = gauges.workspace, gauges.day
    asked = period_asked(workspace, day)
    used = [one.id for one in workspace.kpi_nodes if (of := read(one)) and kpi.id in {name.id for name in of.names}]
    objectives = [one for one in workspace.objectives if kpi.id in named(one)]
    objectives.sort(key=lambda one: (one.period.start, one.ref))
    return Portrait(gauge(gauges, kpi, asked, taken_up(workspace, day)), day, asked, used, objectives)
