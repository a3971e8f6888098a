"""Finds objectives that succeeded while their KPI got worse, or missed while it got better.

Key results are a guess at what moves a KPI. If the score and the KPI disagree, review that guess: the key results
measured something else, or another influence was stronger. `score`, `status` and `close` show this once the period
is over. The KPIs are those under `kpis` and `hypothesis`.

Bad:

    # FILE: kpis/company.yaml
    kpis:
      - {id: satisfaction, title: Satisfaction, owner: coo, better: higher, readings: {2025-12-31: 72, 2026-03-31: 68}}
    # FILE: okrs/page.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        kpis: satisfaction
        key_results:
          - {id: codes, title: Codes requested, to: 100, readings: {2026-03-30: 80}}

Good:

    # FILE: kpis/company.yaml
    kpis:
      - {id: satisfaction, title: Satisfaction, owner: coo, better: higher, readings: {2025-12-31: 72, 2026-03-31: 75}}
    # FILE: okrs/page.yaml
    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        kpis: satisfaction
        key_results:
          - {id: codes, title: Codes requested, to: 100, readings: {2026-03-30: 80}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.kpi_outcomes import ObjectiveOutcome
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.quantity import format_number


def check(outcome: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """KPIs that moved in the opposite direction of the score of their objective."""
    objective = outcome.objective
    if objective.score is None or objective.status not in ("achieved", "succeeded", "missed"):
        return
    opposite = "better" if objective.status == "missed" else "worse"
    for move in outcome.kpi_moves:
        if move.trend == opposite:
            values = f"{format_number(move.before, move.kpi.unit)} to {format_number(move.after, move.kpi.unit)}"
            score = objective.precision.score(objective.score)
            message = f"{objective.status} at {score}, while '{move.kpi.id}' got {opposite}: {values}"
            help = "check whether the key results measure what moves this KPI"
            yield Finding((*objective.node.route, "title"), message, help, ref=objective.node.ref)


RULE = Rule(code="OKR703", name="score-and-kpi-diverge", severity="info", check_outcome=check)
