"""Finds objectives with only one key result.

With one key result, the objective is just that number, and teams will reach it by any means. A second one from
another point of view, or a guardrail, prevents that.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """An objective with only one key result, counting those that were given up."""
    if objective.is_active and len(objective.key_results) == 1 and not objective.key_results[0].is_guardrail:
        help = "add a key result from another point of view, or a guardrail"
        yield Finding((*objective.route, "title"), "the objective has only one key result", help)


RULE = Rule(
    code="OKR304",
    name="too-few-key-results",
    severity="info",
    profiles={"databox": "ignore", "google": "warning"},
    check_objective=check,
)
