"""Finds objectives that name no KPI.

Objectives should move what matters to the company, and its KPIs define what that is. If an objective names a KPI,
the team can check later whether it moved. The profile `academy` reports this.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: kpis/company.yaml
    kpis: [{id: satisfaction, title: Customer satisfaction, owner: coo, better: higher}]
    # FILE: okrs/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        kpis: satisfaction
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective


def check(node: Objective, context: Context) -> Iterator[Finding]:
    """Active objectives that name a KPI neither themselves nor in a hypothesis or key result."""
    model = node.model
    named = model.kpis or model.hypothesis or any(getattr(one.model, "kpi", None) for one in node.key_results)
    if model.state == "active" and not named:
        help = "add `kpis:` with what it should move, or a `hypothesis:`"
        yield Finding((*node.route, "title"), "this objective names no KPI", help)


RULE = Rule(code="OKR108", name="no-kpi", severity="ignore", profiles={"academy": "info"}, check_objective=check)
