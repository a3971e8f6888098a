"""Finds key results that move their KPI in the direction in which it gets worse.

If the KPI says that lower is better and the key result goes up, one of the two is wrong. Often `from` and `to` are
swapped.

Bad:

    # FILE: okrs/2026-Q2/app.yaml
    period: 2026-Q2
    objectives:
      - id: hotline
        title: Customers solve a bike problem without calling
        owner: mira
        key_results:
          - {id: calls, title: Calls for a month, kpi: calls, from: 400, to: 900}
          - {id: booked, title: Repairs that customers book themselves, from: 52%, to: 76%}
    # FILE: kpis/company.yaml
    kpis:
      - {id: calls, title: Support calls, owner: coo, better: lower}

Good:

    # FILE: okrs/2026-Q2/app.yaml
    period: 2026-Q2
    objectives:
      - id: hotline
        title: Customers solve a bike problem without calling
        owner: mira
        key_results:
          - {id: calls, title: Calls for a month, kpi: calls, from: 900, to: 400}
          - {id: booked, title: Repairs that customers book themselves, from: 52%, to: 76%}
    # FILE: kpis/company.yaml
    kpis:
      - {id: calls, title: Support calls, owner: coo, better: lower}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl import measures
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis.series import KpiValues
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results with a KPI whose way and whose KPI's better way differ."""
    gauges = KpiValues(workspace, date.max)
    for kr in workspace.active_key_results():
        kpi = workspace.kpi_of(kr)
        if kpi is None or kpi.model.better is None or kr.measure not in ("metric", "change"):
            continue
        way = _distance_to_target(kr, gauges)
        if way and (way > 0) != (kpi.model.better == "higher"):
            goes = "up" if way > 0 else "down"
            message = f"goes {goes}, but of its KPI '{kpi.id}' {kpi.model.better} is better"
            yield Finding(
                (*kr.route, kr.measure.replace("metric", "to")), message, "turn the goal round, or mend `better:`",
                related=((kpi.file, (*kpi.route, "better"), "the KPI says so here"),), ref=kr.ref, file=kr.file,
            )  # fmt: skip


def _distance_to_target(kr: KeyResult, gauges: KpiValues) -> Fraction | None:
    """How far the goal is from the start; None where one of them is not known."""
    kpi, said = gauges.workspace.kpi_of(kr), getattr(kr.model, "from_", None)
    start: Fraction | None = None
    if isinstance(said, Quantity):
        start = said.number
    elif said is None and kpi is not None:
        step = gauges.series(kpi).newest(kr.first_day)
        start = Fraction(0) if kpi.aggregate == "sum" else step.value if step else None
    if start is None and kr.measure == "change" and kr.model.change.kind in ("absolute", "points"):
        return Fraction(kr.model.change.number)
    goal: Fraction | None = measures.MEASURES[kr.measure].target(kr.model, start)
    return None if start is None or goal is None else goal - start


RULE = Rule(code="OKR321", name="key-result-opposes-kpi", severity="warning", check_workspace=check_workspace)
