"""Finds key results that use a KPI of their own objective.

The objective is then scored by the very value that it should move, so the hypothesis that one leads to the other
cannot fail. Alberti wants key results to be drivers, not indicators; others treat a key result as a KPI with a
target. Only the profile `academy` reports this.

To fix it, find what has to change before the KPI can move, and measure that.

Bad:

    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        kpis: [satisfaction]
        key_results:
          - {id: happy, title: Satisfied customers, kpi: satisfaction, from: 70%, to: 80%}
          - {id: codes, title: Tracking codes requested, to: 25000}
    # FILE: kpis/company.yaml
    kpis:
      - {id: satisfaction, title: Customer satisfaction, owner: coo, better: higher, unit: "%"}

Good:

    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        kpis: [satisfaction]
        key_results:
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
          - {id: codes, title: Tracking codes requested, to: 25000}
    # FILE: kpis/company.yaml
    kpis:
      - {id: satisfaction, title: Customer satisfaction, owner: coo, better: higher, unit: "%"}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import KeyResult


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """A key result with a KPI that its objective names, also in a hypothesis."""
    kpi, objective = getattr(key_result.model, "kpi", None), key_result.objective.model
    if (
        kpi
        and key_result.is_active
        and kpi in (*objective.kpis, *(hypothesis.kpi for hypothesis in objective.hypothesis))
    ):
        help = "measure what has to change before the KPI can move"
        yield Finding(
            (*key_result.route, "kpi"), f"'{kpi}' is the KPI that the objective should move, not a driver of it", help
        )


RULE = Rule(
    code="OKR315",
    name="kpi-as-key-result",
    severity="ignore",
    profiles={"academy": "warning"},
    check_key_result=check,
)
