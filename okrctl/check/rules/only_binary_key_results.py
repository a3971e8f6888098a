"""Finds objectives whose key results are all either done or not.

A list of things to do shows nothing until the last day, and says nothing about whether it helped. One yes-or-no key
result among numbers is fine; where all are, the objective is a project plan (the sources differ on a single one).

To mend it, add the number that the work should move, or `milestones:` for long work.

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
from okrctl.check.subjects import is_active, scored_key_results
from okrctl.workspace import Objective

CODE = "OKR308"
NAME = "only-binary-key-results"
SEVERITY = "warning"
LOOKS_AT = "objective"


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """An objective without anything that moves before it is done."""
    found = scored_key_results(objective)
    if is_active(objective) and found and all(kr.measure.records == "date" for kr in found):
        one = len(found) == 1
        message = "its one key result is done or not" if one else f"all {len(found)} key results are done or not"
        help = "add a number that the work should move, or `milestones:` for long work"
        yield Finding((*objective.route, "title"), message, help)
