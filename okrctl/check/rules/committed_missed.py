"""Finds committed objectives that ended below 1 and have no `retrospective`.

A committed objective is a promise that others rely on. If it is missed, they need to know what happened, and the
team should learn from it. `score`, `status` and `close` show this once the period is over.

To fix it, write down what was learned under `retrospective:`.

Bad:

    period: 2026-Q1
    objectives:
      - id: moved
        title: Every customer is on the new platform
        owner: lea
        ambition: committed
        key_results:
          - {id: customers, title: Customers moved, to: 100, readings: {2026-03-30: 80}}

Good:

    period: 2026-Q1
    objectives:
      - id: moved
        title: Every customer is on the new platform
        owner: lea
        ambition: committed
        retrospective: The export of invoices took two weeks longer than we thought
        key_results:
          - {id: customers, title: Customers moved, to: 100, readings: {2026-03-30: 80}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.kpi_outcomes import ObjectiveOutcome
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule


def check(outcome: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """Committed objectives below 1 without a retrospective."""
    objective = outcome.objective
    if objective.verdict == "missed" and objective.score is not None and not objective.node.model.retrospective:
        message = (
            f"this committed objective ended at {objective.precision.score(objective.score)} and has no `retrospective`"
        )
        yield Finding((*objective.node.route, "title"), message, "write down what was learned under `retrospective:`",
                      ref=objective.node.ref)  # fmt: skip


RULE = Rule(code="OKR702", name="committed-missed", severity="warning", check_outcome=check)
