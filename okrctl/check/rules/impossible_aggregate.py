"""Finds sums of values that cannot be summed.

Four weeks at 70 % are not 280 %. A sum starts at 0 on the first day, so `from` would be counted twice, and `change`
has no value to start from. `judge: held` checks the readings of each cadence, not a sum.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, from: 300, to: 25000, aggregate: sum}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, aggregate: sum}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, RelatedRoutes
from okrctl.check.rule import Rule
from okrctl.measures import change
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, KeyResult, Kpi, Workspace


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results and KPIs that sum their own readings."""
    for node in file.nodes_with_readings():
        if vars(node.model).get("aggregate") != "sum":
            continue
        route: Route = (*node.route, "aggregate")
        unit = node.unit if isinstance(node, Kpi) else node.own_unit
        if unit == "%":
            yield Finding(route, "percentages cannot be summed", "use `mean` or `latest`", ref=node.ref)
        elif isinstance(node, KeyResult) and node.model.kpi is None:
            yield from _conflicts_with_sum(node, "a sum", ((None, route, "summed here"),))


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results that use the sum of a KPI."""
    for node in workspace.key_results:
        kpi = workspace.kpi_of(node)
        if kpi is not None and kpi.aggregate == "sum":
            related = ((kpi.file, (*kpi.route, "aggregate"), "summed here"),)
            yield from _conflicts_with_sum(node, f"the sum of the KPI '{kpi.id}'", related)


def _conflicts_with_sum(node: KeyResult, description: str, related: RelatedRoutes) -> Iterator[Finding]:
    """Keys that have no meaning together with a sum."""
    model = node.model
    conflict: tuple[str, str, str] | None = None
    if node.measure is change.MEASURE:
        conflict = (
            "change",
            f"{description} starts at 0, so it cannot have a 'change'",
            "write the sum to reach under `to:`",
        )
    elif node.measure.written_start(model) is not None:
        key = node.measure.start_key
        conflict = key, f"{description} starts at 0, so it cannot have a '{key}'", "remove it, or use `latest`"
    elif getattr(model, "judge", None) == "held":
        conflict = "judge", f"{description} cannot be judged by interval", "use `judge: latest`, or another `aggregate`"
    if conflict is not None:
        key, message, help = conflict
        yield Finding((*node.route, key), message, help, on_key=True, related=related, ref=node.ref, file=node.file)


RULE = Rule(
    code="OKR320", name="impossible-aggregate", severity="error", check_file=check, check_workspace=check_workspace
)
