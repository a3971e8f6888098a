"""Finds key results that need a number to start from and have none.

Without `from` the way begins at 0. For a share that stands at 72 % that makes a 75 % goal look nearly reached on the
first day; for a goal below 0 it is hardly ever where things stand. From nothing to `100%` is left alone.

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

from okrctl.check.finding import Context, Finding
from okrctl.measures import metric
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult

CODE = "OKR307"
NAME = "missing-baseline"
SEVERITY = "warning"
LOOKS_AT = "key_result"


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Metrics in percent or with a goal below 0 that say no `from`."""
    model = node.model
    if node.measure is not metric.MEASURE or model.from_ is not None:
        return
    if model.kpi is not None or model.aggregate == "sum":
        return
    if "draft" in (model.state, node.objective.model.state) or not isinstance(model.to, Quantity):
        return
    goal = model.to.number
    if goal < 0 or (node.own_unit == "%" and goal not in (0, 100)):
        help = "add `from:` with the value on the first day"
        yield Finding((*node.route, "to"), f"the way to '{model.to.text}' begins at 0, since there is no 'from'", help)
