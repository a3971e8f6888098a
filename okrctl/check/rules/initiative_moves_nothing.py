"""Finds initiatives without `moves:`.

Work that moves no key result does not belong to the objective, or the key result that it moves is missing. Naming
the key result shows which work could be left out.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
        initiatives: [{title: Print the code on the delivery slip}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
        initiatives: [{title: Print the code on the delivery slip, moves: codes}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective


def check(node: Objective, context: Context) -> Iterator[Finding]:
    """Initiatives of active objectives without `moves`."""
    for number, initiative in enumerate(node.model.initiatives if node.model.state == "active" else ()):
        if not initiative.moves:
            route = (*node.route, "initiatives", number, "title")
            yield Finding(route, "this initiative has no `moves:`", "add the id of a key result under `moves:`")


RULE = Rule(code="OKR109", name="initiative-moves-nothing", severity="ignore", check_objective=check)
