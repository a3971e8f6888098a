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


def check(subject: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """KPIs that went the other way than the objective that names them."""
    one = subject.objective
    if one.score is None or one.status not in ("achieved", "succeeded", "missed"):
        return
    against = "better" if one.status == "missed" else "worse"
    for move in subject.kpi_moves:
        if move.trend == against:
            way = f"{format_number(move.before, move.kpi.unit)} to {format_number(move.after, move.kpi.unit)}"
            message = (
                f"{one.status} at {format_number(one.score, places=2)}, while '{move.kpi.id}' got {against}: {way}"
            )
            help = "ask whether the key results measure what moves this KPI"
            yield Finding((*one.node.route, "title"), message, help, ref=one.node.ref)


RULE = Rule(code="OKR703", name="score-and-kpi-diverge", severity="info", check_outcome=check)
