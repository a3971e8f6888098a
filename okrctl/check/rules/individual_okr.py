"""Finds teams that consist of one person.

Goals of a single person are soon read as an appraisal; people then aim low and report problems late. A score in
okrctl measures progress toward a goal, not a person. This rule is off by default, because some people keep their own
goals on purpose.

To fix it, move the objective to the person's team and name the person as owner.

Bad:

    # FILE: okrctl.yaml
    people: {lea: {name: Lea}}
    # FILE: okrs/2026-Q2/lea.yaml
    period: 2026-Q2
    team: lea
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    # FILE: okrctl.yaml
    people: {lea: {name: Lea}}
    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.schema.settings import COMPANY
from okrctl.workspace import File, Objective


def check(file: File, context: Context) -> Iterator[Finding]:
    """A file whose team is named like a person, or like the only owner of its objectives."""
    owners = {node.owner for node in file.nodes if isinstance(node, Objective)}
    people = context.config.people or {}
    if file.team != COMPANY and owners and (file.team in people or owners == {file.team}):
        help = "move it to the person's team and name the person as `owner:`"
        yield Finding(("team",), f"the team '{file.team}' is one person; set OKRs for a team", help)


RULE = Rule(code="OKR318", name="individual-okr", severity="ignore", check_file=check)
