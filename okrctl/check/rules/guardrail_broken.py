"""Finds guardrails that were out of bounds when their period ended.

A guardrail names what must not get worse. It never changes a score, so a good score may hide a
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


def check(outcome: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """Active guardrails that are out of bounds."""
    for guardrail in outcome.objective.key_results:
        if guardrail.broken and guardrail.state == "active" and guardrail.value is not None:
            message = f"the guardrail is out of bounds at {format_number(guardrail.value, guardrail.unit)}"
            help = "describe the effect in the retrospective"
            yield Finding((*guardrail.node.route, "title"), message, help, ref=guardrail.node.ref)


RULE = Rule(code="OKR704", name="guardrail-broken", severity="warning", check_outcome=check)
