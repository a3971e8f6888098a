"""Finds team objectives that have no parent.

Some companies want every objective to support one above it; others leave this to the teams, because not all
important work fits below another goal. This rule is therefore off by default.

Bad:

    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: okrs/company.yaml
    period: 2026-Q2
    objectives:
      - id: trusted
        title: Customers trust our brand
        owner: lea
        key_results: [{id: audits, title: Audited suppliers, to: 12}]
    # FILE: okrs/trust.yaml
    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        parent: company/trusted
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.schema.settings import COMPANY
from okrctl.workspace import Objective


def check(node: Objective, context: Context) -> Iterator[Finding]:
    """Active objectives of a team without a parent."""
    if node.team != COMPANY and node.model.state == "active" and not node.model.parent:
        help = "add the objective or key result that it supports under `parent:`"
        yield Finding((*node.route, "title"), "the objective has no parent", help)


RULE = Rule(code="OKR107", name="no-parent", severity="ignore", profiles={"databox": "info"}, check_objective=check)
