"""Finds workspaces with more KPIs than the limit.

Nobody looks at a dashboard of fifty numbers; a few show how a company is doing. The limit is 30 (Rioja); `limits:
{kpis: ...}` in okrctl.yaml changes it.

To fix it, keep those that somebody would act on.

Bad:

    # FILE: okrctl.yaml
    limits: {kpis: 1}
    # FILE: kpis/company.yaml
    kpis:
      - {id: mrr, title: Monthly recurring revenue, owner: cfo, better: higher, unit: EUR}
      - {id: visits, title: Visits, owner: cmo, better: higher, indicator: leading, unit: visits}

Good:

    # FILE: okrctl.yaml
    limits: {kpis: 1}
    # FILE: kpis/company.yaml
    kpis:
      - {id: visits, title: Visits, owner: cmo, better: higher, indicator: leading, unit: visits}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis import count
from okrctl.workspace import Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The first KPI over the limit."""
    limit, total = context.config.limit("kpis"), count.total_count(workspace).total
    kpi = count.kpi_at(workspace, limit) if total > limit else None
    if kpi is not None:
        message, help = f"the workspace has {total} KPIs, more than {limit}", "keep those that somebody would act on"
        yield Finding((*kpi.route, "title"), message, help, ref=kpi.ref, file=kpi.file)


RULE = Rule(code="OKR402", name="too-many-kpis", severity="warning", check_workspace=check_workspace)
