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
          - {id: calls, title: Calls per month, kpi: calls, from: 400, to: 900}
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
          - {id: calls, title: Calls per month, kpi: calls, from: 900, to: 400}
          - {id: booked, title: Repairs that customers book themselves, from: 52%, to: 76%}
    # FILE: kpis/company.yaml
    kpis:
      - {id: calls, title: Support calls, owner: coo, better: lower}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis.series import KpiValues
from okrctl.measures import change
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results that go in the other direction than `better:` of their KPI."""
    kpi_values = KpiValues(workspace, date.max)
    for kr in workspace.active_key_results():
        kpi = workspace.kpi_of(kr)
        if kpi is None or kpi.model.better is None or not kr.measure.has_range:
            continue
        distance = _distance_to_target(kr, kpi_values)
        if distance and (distance > 0) != (kpi.model.better == "higher"):
            direction = "up" if distance > 0 else "down"
            message = f"the key result goes {direction}, but its KPI '{kpi.id}' has `better: {kpi.model.better}`"
            yield Finding(
                (*kr.route, kr.measure.target_key), message, "reverse the target, or correct `better:`",
                related=((kpi.file, (*kpi.route, "better"), "declared here"),), ref=kr.ref, file=kr.file,
            )  # fmt: skip


def _distance_to_target(kr: KeyResult, kpi_values: KpiValues) -> Fraction | None:
    """The distance from start to target; None if one of them is unknown."""
    kpi, baseline = kpi_values.workspace.kpi_of(kr), kr.measure.written_start(kr.model)
    start: Fraction | None = None
    if isinstance(baseline, Quantity):
        start = baseline.number
    elif baseline is None and kpi is not None:
        point = kpi_values.series(kpi).newest(kr.first_day)
        start = Fraction(0) if kpi.aggregate == "sum" else point.value if point else None
    if start is None and kr.measure is change.MEASURE and kr.model.change.kind in ("absolute", "points"):
        return Fraction(kr.model.change.number)
    target = kr.measure.target(kr.model, start)
    return None if start is None or target is None else target - start


RULE = Rule(code="OKR321", name="key-result-opposes-kpi", severity="warning", check_workspace=check_workspace)
