"""Finds active objectives without a key result that is scored.

An objective without key results, or with only guardrails and inactive ones, has no score and is left out of the
mean. A draft may have none.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: complaints, title: Complaints about wrong origins, at_most: 4, guards: all}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: complaints, title: Complaints about wrong origins, at_most: 4, guards: codes}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective


def check(node: Objective, context: Context) -> Iterator[Finding]:
    """Active objectives without an active key result that is not a guardrail."""
    if node.model.state != "active" or any(
        kr.model.state == "active" and not kr.is_guardrail for kr in node.key_results
    ):
        return
    route = (*node.route, "key_results")
    if node.file.is_broken_at(route):
        return
    if node.key_results:
        message = "the objective has only guardrails and inactive key results, so it has no score"
        yield Finding(route, message, "add a key result that is scored, or set `state: draft`", on_key=True)
    else:
        help = "add `key_results:`, or set `state: draft` until there are some"
        yield Finding((*node.route, "title"), "the objective has no key results", help)


RULE = Rule(code="OKR212", name="objective-not-scored", severity="warning", check_objective=check)
