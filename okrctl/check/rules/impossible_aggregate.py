"""Finds sums of values that cannot be summed.

Four weeks at 70 % are not 280 %. A sum starts at 0 on the first day, so `from` would be counted twice, and `change`
has no value to start from. `judge: held` looks at each interval on its own, not at a sum.

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
            yield Finding(route, "percentages cannot be summed", "take the `mean` or the `latest`", ref=node.ref)
        elif isinstance(node, KeyResult) and node.model.kpi is None:
            yield from _conflicts_with_sum(node, "a sum", ((None, route, "summed here"),))


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Key results that take the sum of a KPI."""
    for node in workspace.key_results:
        kpi = workspace.kpi_of(node)
        if kpi is not None and kpi.aggregate == "sum":
            related = ((kpi.file, (*kpi.route, "aggregate"), "summed here"),)
            yield from _conflicts_with_sum(node, f"the sum of the KPI '{kpi.id}'", related)


def _conflicts_with_sum(node: KeyResult, what: str, related: RelatedRoutes) -> Iterator[Finding]:
    """What has no sense beside a sum."""
    model = node.model
    found: tuple[str, str, str] | None = None
    if node.measure == "change":
        found = "change", f"{what} starts at 0 and has nothing to change from", "write `to:` with the sum to reach"
    elif getattr(model, "from_", None) is not None:
        found = "from", f"{what} starts at 0, so it takes no 'from'", "remove it, or take the `latest`"
    elif getattr(model, "judge", None) == "held":
        found = "judge", f"{what} cannot be judged interval by interval", "judge the `latest`, or do not sum"
    if found is not None:
        key, message, help = found
        yield Finding((*node.route, key), message, help, on_key=True, related=related, ref=node.ref, file=node.file)


RULE = Rule(
    code="OKR320", name="impossible-aggregate", severity="error", check_file=check, check_workspace=check_workspace
)
