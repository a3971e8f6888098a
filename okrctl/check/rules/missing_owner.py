"""Finds objectives and KPIs without an owner.

A goal that everybody owns is owned by nobody: one person or role has to notice when it stalls. A key result without
an owner belongs to the owner of its objective.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import File, Kpi

HELP = "add `owner:` with one person or role"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Objectives and KPIs without an owner."""
    for node in file.nodes:
        if node.owner is None and not node.file.has_omitted_key(node.route):
            if isinstance(node, Kpi):
                yield Finding((*node.route, "title"), "this KPI has no owner", HELP, ref=node.ref)
            elif node.model.state != "draft":
                yield Finding((*node.route, "title"), "this objective has no owner", HELP, ref=node.ref)


RULE = Rule(code="OKR105", name="missing-owner", severity="warning", check_file=check)
