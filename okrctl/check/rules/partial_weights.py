"""Finds siblings of which only some have a weight.

A missing weight counts as 1. Next to `weight: 40` that is almost nothing, and probably a mistake. Next to `weight: 2`
it may be intended, but readers cannot tell. Guardrails are ignored.

To fix it, set a weight for each sibling, or for none.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, weight: 40}
          - {id: shops, title: Shops that show the origin, to: 12, weight: 40}
          - {id: suppliers, title: Suppliers with a profile, to: 80}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 25000, weight: 40}
          - {id: shops, title: Shops that show the origin, to: 12, weight: 40}
          - {id: suppliers, title: Suppliers with a profile, to: 80, weight: 20}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import KeyResult, Objective, Workspace


def check(node: Objective, context: Context) -> Iterator[Finding]:
    """Key results of one objective without a weight."""
    if node.model.state == "active":
        yield from _siblings_without_weight(
            [key_result for key_result in node.key_results if not key_result.is_guardrail], "key results"
        )


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Objectives of one team and period without a weight."""
    siblings: dict[tuple[str, str], list[Objective]] = {}
    for node in workspace.objectives:
        siblings.setdefault((node.period.id, node.team), []).append(node)
    for nodes in siblings.values():
        yield from _siblings_without_weight(nodes, "objectives")


def _siblings_without_weight(nodes: Sequence[Objective | KeyResult], kind: str) -> Iterator[Finding]:
    """One finding for each sibling without a weight, if another has one."""
    nodes = [node for node in nodes if node.model.state == "active"]
    weighted = next((node for node in nodes if node.model.weight is not None), None)
    for node in nodes if weighted is not None else ():
        if node.model.weight is None and not node.file.has_omitted_key(node.route):
            assert weighted is not None
            message = f"some of these {kind} have a weight, but this one has none and counts as 1"
            related = ((weighted.file, (*weighted.route, "weight"), "has a weight"),)
            help = "set a weight for all of them, or for none"
            yield Finding((*node.route, "title"), message, help, related=related, ref=node.ref, file=node.file)


RULE = Rule(
    code="OKR110", name="partial-weights", severity="warning", check_objective=check, check_workspace=check_workspace
)
