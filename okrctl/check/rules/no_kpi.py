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
    """Active objectives without a KPI, also in their hypotheses and key results."""
    model = node.model
    has_kpi = (
        model.kpis or model.hypothesis or any(getattr(key_result.model, "kpi", None) for key_result in node.key_results)
    )
    if model.state == "active" and not has_kpi:
        help = "add the KPI that it should move under `kpis:`, or a `hypothesis:`"
        yield Finding((*node.route, "title"), "the objective names no KPI", help)


RULE = Rule(code="OKR108", name="no-kpi", severity="ignore", profiles={"academy": "info"}, check_objective=check)
