"""Finds workspaces in which more than a third of the KPIs should stay between bounds.

Nearly every important value should be as high or as low as possible. Only a few need to stay within a range (Alberti).

To fix it, set `better:` where one direction is better, and `watch:` for the other.

Bad:

    kpis:
      - {id: load, title: Machines in use, owner: coo, between: [70, 85], unit: "%"}
      - {id: stock, title: Days of stock, owner: coo, between: [10, 20], unit: days}
      - {id: visits, title: Visits, owner: cmo, better: higher, indicator: leading, unit: visits}

Good:

    kpis:
      - {id: load, title: Machines in use, owner: coo, between: [70, 85], unit: "%"}
      - {id: stock, title: Days of stock, owner: coo, better: lower, watch: {below: 8}, unit: days}
      - {id: visits, title: Visits, owner: cmo, better: higher, indicator: leading, unit: visits}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import count
from okrctl.workspace import Workspace

MIN_KPIS = 3


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The set of all KPIs, reported at the first KPI with bounds."""
    counts = count.total_count(workspace)
    kpi = (
        count.kpi_at(workspace, 0, "bounded")
        if counts.total >= MIN_KPIS and 3 * counts.bounded > counts.total
        else None
    )
    if kpi is not None:
        message = f"{counts.bounded} of {counts.total} KPIs should stay between bounds"
        help = "set `better:` where one direction is better, and `watch:` for the other"
        yield Finding((*kpi.route, "between"), message, help, on_key=True, ref=kpi.ref, file=kpi.file)


RULE = Rule(
    code="OKR409",
    name="too-many-range-kpis",
    severity="info",
    profiles={"academy": "warning"},
    check_workspace=check_workspace,
)
