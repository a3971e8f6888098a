"""Finds workspaces with three or more KPIs of which none is leading.

Lagging KPIs, such as turnover, show a problem when it is too late to act. A workspace also needs KPIs that move first,
such as talks with prospects (Alberti).

To fix it, set `indicator: leading` on the KPI that moves first, or add one.

Bad:

    kpis:
      - {id: orders, title: Orders, owner: cfo, better: higher, indicator: lagging, unit: orders}
      - {id: costs, title: Costs, owner: cfo, better: lower, indicator: lagging, unit: EUR}
      - {id: turnover, title: Turnover, owner: cfo, better: higher, indicator: lagging, unit: EUR}

Good:

    kpis:
      - {id: visits, title: Visits to the shop, owner: cmo, better: higher, indicator: leading, unit: visits}
      - {id: costs, title: Costs, owner: cfo, better: lower, indicator: lagging, unit: EUR}
      - {id: turnover, title: Turnover, owner: cfo, better: higher, indicator: lagging, unit: EUR}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import count
from okrctl.workspace import Workspace

MIN_KPIS = 3


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The set of all KPIs, reported at the first KPI."""
    counts = count.total_count(workspace)
    kpi = count.kpi_at(workspace, 0) if counts.total >= MIN_KPIS and not counts.leading else None
    if kpi is not None:
        help = "set `indicator: leading` on the KPI that moves first, or add one"
        yield Finding(
            ("kpis",), f"none of the {counts.total} KPIs is a leading indicator", help, on_key=True, file=kpi.file
        )


RULE = Rule(
    code="OKR407",
    name="no-leading-kpi",
    severity="info",
    profiles={"academy": "warning"},
    check_workspace=check_workspace,
)
