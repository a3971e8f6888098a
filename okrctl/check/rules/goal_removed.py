"""Finds objectives and key results of a running period that were removed from the files.

A goal that is removed leaves no trace in the scorecard, and the score rises without progress. A goal that is given
up stays in the file with `state: deprioritized` or `postponed`, `reason` and `since`: it is listed, but not scored.
Only `check --base` reports this, because it compares two states. Removing is free while the period is still being
agreed (`scoring: agree_days`), and a `draft` may always be removed. A new id with `formerly:` is a rename, not a
removal.

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

HELP = "bring it back with `state: deprioritized`, `reason` and `since`; for a new name write `formerly:`"


def check(subject: Comparison, context: Context) -> Iterator[Finding]:
    """What is gone, at what it was part of; in its old file where that is gone too."""
    for one in subject.changes:
        node = one.before
        if one.kind != "removed" or not isinstance(node, Objective | KeyResult) or node.model.state == "draft":
            continue
        if subject.is_agreed(node.period):
            yield _build_finding(subject, one, node)


def _build_finding(subject: Comparison, one: Change, node: Objective | KeyResult) -> Finding:
    kind = "objective" if isinstance(node, Objective) else "key result"
    message = f"the {kind} '{node.model.title}' is gone, where it was agreed for {node.period.id}"
    above = subject.current_objective(node.objective) if isinstance(node, KeyResult) else None
    if above is not None:
        return Finding((*above.route, "key_results"), message, HELP, on_key=True, ref=one.ref, file=above.file)
    file = next((file for file in subject.new.files if file.path == one.file.path), None)
    if file is None:
        return Finding((), message, HELP, ref=one.ref, file=one.file, span=START)
    return Finding(("objectives",), message, HELP, on_key=True, ref=one.ref, file=file)


RULE = Rule(code="OKR606", name="goal-removed", severity="error", check_changes=check)
