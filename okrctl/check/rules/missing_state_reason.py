"""Finds deprioritized and postponed goals without `reason` or `since`.

Giving up a goal mid-quarter is fine and often wise. Giving it up without an explanation teaches that goals are not
binding. `reason:` says why, and `since:` from which day the goal is no longer scored.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        state: deprioritized
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        state: deprioritized
        reason: The supplier portal will not be ready before autumn
        since: 2026-05-04
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import File, KeyResult, Objective


def check(file: File, context: Context) -> Iterator[Finding]:
    """Deprioritized and postponed objectives and key results without `reason` or `since`."""
    for node in file.goals():
        yield from _check_node(node)


def _check_node(node: Objective | KeyResult) -> Iterator[Finding]:
    if node.model.state not in ("deprioritized", "postponed") or node.file.has_omitted_key(node.route):
        return
    missing = [key for key in ("reason", "since") if getattr(node.model, key) is None]
    if missing:
        names = " and ".join(f"'{key}'" for key in missing)
        help = "add `reason:` and the first day under `since:`"
        yield Finding((*node.route, "state"), f"{node.model.state} without {names}", help, ref=node.ref)


RULE = Rule(code="OKR503", name="missing-state-reason", severity="error", check_file=check)
