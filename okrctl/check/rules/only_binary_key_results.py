"""Finds objectives with only yes-or-no key results (`done:`).

A to-do list shows no progress until the last day, and does not show whether the work helped. One yes-or-no key
result among numbers is fine; if all are, the objective is a project plan. Sources disagree on objectives with a
single such key result.

To fix it, add a number that the work should move, or `milestones:` for long work.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: slip, title: The code is on the delivery slip, done: false}
          - {id: map, title: The map of farms is online, done: false}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: slip, title: The code is on the delivery slip, done: false}
          - {id: codes, title: Tracking codes requested, to: 25000}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """An objective without a key result that shows progress before it is done."""
    key_results = objective.scored_key_results()
    if objective.is_active and key_results and all(kr.measure.records == "date" for kr in key_results):
        counts = {1: "the only key result is", 2: "both key results are"}
        subject = counts.get(len(key_results), f"all {len(key_results)} key results are")
        message = f"{subject} yes-or-no (`done:`)"
        help = "add a number that the work should move, or `milestones:` for long work"
        yield Finding((*objective.route, "title"), message, help)


RULE = Rule(code="OKR308", name="only-binary-key-results", severity="warning", check_objective=check)
