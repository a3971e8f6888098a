"""Finds guardrails that have a weight or have no limit.

A guardrail makes sure that a goal is not reached at the cost of something else. It holds or is broken, and is never
averaged into a score. A weight therefore has no effect, and without a limit the guardrail cannot be broken.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: complaints, title: Complaints about wrong origins, to: 4, from: 9, guards: [codes]}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: complaints, title: Complaints about wrong origins, at_most: 4, guards: [codes]}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import KeyResult


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Guardrails with a weight, or without a limit."""
    if not node.is_guardrail:
        return
    if node.model.weight is not None:
        message = "a guardrail is not averaged into the score, so it cannot have a weight"
        yield Finding(
            (*node.route, "weight"),
            message,
            "remove `weight:`, or remove `guards:` if it should be scored",
            on_key=True,
        )
    if not node.measure.has_bounds:
        help = "use `at_least`, `at_most` or `between`, or remove `guards:` if it should be scored"
        yield Finding((*node.route, "guards"), "a guardrail needs a limit", help, on_key=True)


RULE = Rule(code="OKR313", name="invalid-guardrail", severity="error", check_key_result=check)
