"""Finds objectives that were added to a running period while no other objective was given up.

The team has as much time as before, so one more objective makes each of the others less likely to be reached. Nothing
is reported while the period is still being agreed (`scoring: agree_days`), or for a team that had no objective in the
period. Reported only with a base: `--base`, or a pull request in CI.

To fix it, set `state: deprioritized`, `reason` and `since` on an objective that the team gives up, or move the new one
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
from okrctl.values.nouns import count_noun
from okrctl.workspace import Objective, Workspace

HELP = "set `state: deprioritized`, `reason` and `since` on one that is given up, or move this one to the next period"


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """The last objectives added to a running period, as many as the team has more than before."""
    before, after = _count_active(comparison.old), _count_active(comparison.new)
    added = [
        change.after for change in comparison.changes if change.kind == "added" and isinstance(change.after, Objective)
    ]
    surplus = {key: after[key] - before[key] for key in after}
    for node in reversed(added):
        key = (node.period.id, node.team)
        is_running = comparison.is_agreed(node.period) and comparison.day <= node.period.end
        if is_running and before[key] and surplus[key] > 0 and node.model.state == "active":
            surplus[key] -= 1
            message = f"added to a running period with {count_noun(before[key], 'objective')}, and none was given up"
            yield Finding((*node.route, "title"), message, HELP, ref=node.ref, file=node.file)


def _count_active(workspace: Workspace) -> Counter[tuple[str, str]]:
    return Counter(
        (objective.period.id, objective.team) for objective in workspace.objectives if objective.model.state == "active"
    )


RULE = Rule(code="OKR605", name="added-without-deprioritizing", severity="warning", check_changes=check)
