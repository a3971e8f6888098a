"""Finds key results that need a baseline but have no `from`.

Without `from`, progress starts at 0. A share that is 72 % today then looks nearly complete against a target of 75 %,
and a key result with a target below 0 rarely starts at 0. A target of `100%` is not reported. Write `from: 0%` for a
share of something new.

With `kpi`, progress starts at the newest value of the KPI that is not later than the first day. Where the KPI has no
value that early, the start cannot be found, and the key result has no data until `from` is written.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: profiles, title: Suppliers with a profile, to: 95%}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.kpis.series import KpiValues
from okrctl.measures import metric
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Workspace


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Metrics in percent, or with a target below 0, without `from`."""
    model = node.model
    if node.measure is not metric.MEASURE or model.from_ is not None:
        return
    if model.kpi is not None or model.aggregate == "sum":
        return
    if "draft" in (model.state, node.objective.model.state) or not isinstance(model.to, Quantity):
        return
    target = model.to.number
    if target < 0 or (node.own_unit == "%" and target not in (0, 100)):
        help = "add the value of the first day under `from:`; the share of something new starts at `from: 0%`"
        yield Finding(
            (*node.route, "to"), f"progress to '{model.to.text}' starts at 0, because there is no 'from'", help
        )


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results on a KPI that has no value on or before their first day, without `from`."""
    kpi_values = KpiValues(workspace, date.max)
    for node in workspace.active_key_results():
        kpi = workspace.kpi_of(node)
        is_open = node.measure.has_range and node.measure.written_start(node.model) is None
        if kpi is None or kpi.aggregate == "sum" or not is_open:
            continue
        if kpi_values.series(kpi).newest(node.first_day) is None:
            message = f"the start cannot be found: '{kpi.id}' has no value on or before {node.first_day}"
            help = f"write `from:`, or record a value of '{kpi.id}' for a day up to {node.first_day}"
            yield Finding((*node.route, "kpi"), message, help, ref=node.ref, file=node.file)


RULE = Rule(
    code="OKR307",
    name="missing-baseline",
    severity="warning",
    check_key_result=check,
    check_workspace=check_workspace,
)
