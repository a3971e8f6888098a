"""Finds parents whose period does not contain the period of the child.

An objective of a quarter should support one of the same quarter, half or year. A parent of another quarter was usually
left over when the file was copied. To continue an objective of an earlier period, use `carried_from`.

Bad:

    # FILE: okrs/2026-Q1/page.yaml
    period: 2026-Q1
    objectives:
      - id: trusted
        title: Customers trust our brand
        owner: lea
        key_results: [{id: audits, title: Audited suppliers, to: 12}]
    # FILE: okrs/2026-Q2/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        parent: 2026-Q1/company/trusted
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: okrs/2026/page.yaml
    period: 2026
    objectives:
      - id: trusted
        title: Customers trust our brand
        owner: lea
        key_results: [{id: audits, title: Audited suppliers, to: 12}]
    # FILE: okrs/2026-Q2/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        parent: trusted
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Objectives whose parent's period does not contain theirs."""
    for node in workspace.objectives:
        parent = workspace.resolve(node.model.parent, node) if node.model.parent else None
        if parent is not None and not parent.period.contains(node.period):
            message = f"the parent's period {parent.period.id} does not contain {node.period.id}"
            help = "use a parent of the same or a longer period; `carried_from:` continues an earlier objective"
            related = ((parent.file, ("period",), "the parent's period"),)
            yield Finding((*node.route, "parent"), message, help, related=related, ref=node.ref, file=node.file)


RULE = Rule(code="OKR106", name="parent-other-period", severity="warning", check_workspace=check_workspace)
