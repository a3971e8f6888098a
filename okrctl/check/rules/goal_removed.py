"""Finds objectives and key results of a running period that were removed from the files.

A goal that is removed leaves no trace in the scorecard, and the score rises without progress. A goal that is given
up stays in the file with `state: deprioritized` or `postponed`, `reason` and `since`: it is listed, but not scored.
Nothing is reported while the period is still being agreed (`scoring: agree_days`), and a `draft` may always be
removed. A new id with `formerly:` is a rename, not a removal. Reported only with a base: `--base`, or a pull request
in CI.

To fix it, restore the goal and set its state, or write `formerly:` if it was renamed.

Bad:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a digital profile, to: 95}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}

Good:

    # BASE
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a digital profile, to: 95}
    # NOW
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000}
          - id: profiles
            title: Suppliers with a digital profile
            to: 95
            state: deprioritized
            reason: Half of the suppliers left
            since: 2026-05-11
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.history.diff import Change, Comparison
from okrctl.values.diagnostic import START
from okrctl.workspace import KeyResult, Objective

HELP = "restore it with `state: deprioritized`, `reason` and `since`; if it was renamed, add `formerly:`"


def check(comparison: Comparison, context: Context) -> Iterator[Finding]:
    """Removed goals, reported at their parent, or in their old file if that was removed as well."""
    for change in comparison.changes:
        node = change.before
        if change.kind != "removed" or not isinstance(node, Objective | KeyResult) or node.model.state == "draft":
            continue
        if comparison.is_agreed(node.period):
            yield _build_finding(comparison, change, node)


def _build_finding(comparison: Comparison, change: Change, node: Objective | KeyResult) -> Finding:
    kind = "objective" if isinstance(node, Objective) else "key result"
    message = f"the {kind} '{node.model.title}' was removed, but it is agreed for {node.period.id}"
    objective = comparison.current_objective(node.objective) if isinstance(node, KeyResult) else None
    if objective is not None:
        return Finding(
            (*objective.route, "key_results"), message, HELP, on_key=True, ref=change.ref, file=objective.file
        )
    file = next((file for file in comparison.new.files if file.path == change.file.path), None)
    if file is None:
        return Finding((), message, HELP, ref=change.ref, file=change.file, span=START)
    return Finding(("objectives",), message, HELP, on_key=True, ref=change.ref, file=file)


RULE = Rule(code="OKR606", name="goal-removed", severity="error", check_changes=check)
