"""Finds guardrails that were out of bounds when their period ended.

A guardrail names a cost that the team did not want to pay. It never changes a score, so a good score may hide a
broken guardrail. `score`, `status` and `close` show this once the period is over; while the period runs, `status`
shows broken guardrails.

Bad:

    period: 2026-Q1
    objectives:
      - id: cards
        title: Young people pay with our card
        owner: lea
        key_results:
          - {id: issued, title: Cards issued, to: 5000, readings: {2026-03-30: 3900}}
          - {id: fraud, title: Payments that are fraud, at_most: 2%, guards: issued, readings: {2026-03-30: 2.6%}}

Good:

    period: 2026-Q1
    objectives:
      - id: cards
        title: Young people pay with our card
        owner: lea
        key_results:
          - {id: issued, title: Cards issued, to: 5000, readings: {2026-03-30: 3900}}
          - {id: fraud, title: Payments that are fraud, at_most: 2%, guards: issued, readings: {2026-03-30: 1.8%}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.kpi_outcomes import ObjectiveOutcome
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.quantity import format_number


def check(subject: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """Active guardrails that are out of bounds."""
    for one in subject.objective.key_results:
        if one.broken and one.state == "active" and one.value is not None:
            message = f"this guardrail is out of bounds at {format_number(one.value, one.unit)}"
            help = "say in the retrospective what it cost"
            yield Finding((*one.node.route, "title"), message, help, ref=one.node.ref)


RULE = Rule(code="OKR704", name="guardrail-broken", severity="warning", check_outcome=check)
