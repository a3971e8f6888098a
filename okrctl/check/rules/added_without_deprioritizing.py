"""Finds objectives that were added to a running period while no other objective was given up.

The team has as much time as before, so one more objective makes each of the others less likely. Only `check --base`
reports this, because it compares two states. Adding is free while the period is still being agreed (`scoring:
agree_days`), and for a team that had no objective in the period.

To fix it, set the objective that gives way to `state: deprioritized` with `reason` and `since`, or move the new one
to the next period.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
      - id: returns
        title: Sending something back is as easy as buying it
        owner: tom
        added: 2026-05-11
        key_results: [{id: labels, title: Returns without a call, to: 500}]

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        state: deprioritized
        reason: The printer will not come before autumn
        since: 2026-05-11
        key_results: [{id: codes, title: Codes requested, to: 25000}]
      - id: returns
        title: Sending something back is as easy as buying it
        owner: tom
        added: 2026-05-11
        key_results: [{id: labels, title: Returns without a call, to: 500}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.history.diff import Comparison
from okrctl.workspace import Objective, Workspace

HELP = "say what gives way with `state: deprioritized`, `reason` and `since`, or keep this one for the next period"


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """As many of a team's new active objectives as it now has more of than before, the last ones first."""
    before, now = _count_active(subject.old), _count_active(subject.new)
    came = [one.after for one in subject.changes if one.kind == "added" and isinstance(one.after, Objective)]
    left = {key: now[key] - before[key] for key in now}
    for node in reversed(came):
        key = (node.period.id, node.team)
        running = subject.is_agreed(node.period) and subject.day <= node.period.end
        if running and before[key] and left[key] > 0 and node.model.state == "active":
            left[key] -= 1
            message = f"one more objective in a period that runs, and nothing is given up for it: {before[key]} before"
            yield Finding((*node.route, "title"), message, HELP, ref=node.ref, file=node.file)


def _count_active(workspace: Workspace) -> Counter[tuple[str, str]]:
    return Counter((one.period.id, one.team) for one in workspace.objectives if one.model.state == "active")


RULE = Rule(code="OKR605", name="added-without-deprioritizing", severity="warning", check_changes=check)
