"""Finds formulas that use a KPI with `aggregate: sum` and have a finer `cadence:` than that KPI.

A sum of a month cannot be divided among its weeks, so a weekly formula over it has no value in any week.

To fix it, give the formula the cadence of the sum, or none: it then takes the coarsest of its inputs. Or record the sum
as often as the formula is to be computed.

Bad:

    kpis:
      - {id: orders, title: Orders, owner: cmo, better: higher, aggregate: sum, cadence: monthly}
      - {id: visits, title: Visits, owner: cmo, better: higher, aggregate: sum, cadence: weekly}
      - {id: share, title: Orders per visit, owner: cmo, better: higher, cadence: weekly, formula: orders / visits}

Good:

    kpis:
      - {id: orders, title: Orders, owner: cmo, better: higher, aggregate: sum, cadence: monthly}
      - {id: visits, title: Visits, owner: cmo, better: higher, aggregate: sum, cadence: weekly}
      - {id: share, title: Orders per visit, owner: cmo, better: higher, cadence: monthly, formula: orders / visits}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis.series import KpiValues
from okrctl.workspace import Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The sums in each formula that have no value in its slots."""
    figures = KpiValues(workspace, date.max).figures
    for kpi in workspace.kpi_nodes:
        if kpi.model.cadence is None or figures.inputs.is_recorded(kpi) or workspace.kpis.get(kpi.id) is not kpi:
            continue
        parsed, inputs = figures.inputs.formula_and_inputs(kpi)
        names = {name.id: name for name in parsed.names} if parsed else {}
        for summed, cadence in figures.coarser_sums(inputs, kpi.model.cadence):
            name = names[summed.id]
            yield Finding(
                (*kpi.route, "formula"),
                f"'{summed.id}' is a sum with a coarser cadence ({cadence.name}) than this formula "
                f"({kpi.model.cadence.name}), which therefore has no value",
                f"write `cadence: {cadence.name}` here, or record '{summed.id}' as often as this is computed",
                text_range=(name.column - 1, name.column - 1 + name.length),
                related=((summed.file, summed.route, f"'{summed.id}' is declared here"),),
                ref=kpi.ref,
                file=kpi.file,
            )


RULE = Rule(code="OKR410", name="formula-cadence", severity="warning", check_workspace=check_workspace)
