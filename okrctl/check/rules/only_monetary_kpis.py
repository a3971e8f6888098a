"""Finds workspaces whose KPIs are all measured in a currency.

Financial figures show a problem only after it has cost something, and do not show its cause (Alberti).

To fix it, add what leads to the money: visitors, conversion, returns, satisfaction.

Bad:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR}
      - {id: costs, title: Costs, owner: cfo, better: lower, unit: EUR}

Good:

    kpis:
      - {id: turnover, title: Turnover, owner: cfo, better: higher, unit: EUR}
      - {id: returns, title: Orders sent back, owner: coo, better: lower, unit: "%"}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import count
from okrctl.workspace import Workspace

MIN_KPIS = 2


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The set of all KPIs, reported at the first KPI."""
    counts = count.total_count(workspace)
    kpi = count.kpi_at(workspace, 0) if counts.total >= MIN_KPIS and counts.monetary == counts.total else None
    if kpi is not None:
        help = "add what leads to the money: visitors, conversion, returns"
        yield Finding(("kpis",), f"all {counts.total} KPIs are measured in money", help, on_key=True, file=kpi.file)


RULE = Rule(
    code="OKR408",
    name="only-monetary-kpis",
    severity="info",
    profiles={"academy": "warning"},
    check_workspace=check_workspace,
)
