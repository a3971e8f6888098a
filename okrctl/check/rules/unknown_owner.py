"""Finds owners who are neither in `people:` of okrctl.yaml nor a team.

If the settings list the people, any other owner is misspelled or has left, and nobody looks after the goal. Without
`people:`, every name is valid.

Bad:

    # FILE: okrctl.yaml
    people: {lea: {}, tom: {}}
    # FILE: okrs/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lee
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: okrctl.yaml
    people: {lea: {}, tom: {}}
    # FILE: okrs/page.yaml
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
from okrctl.values import suggestions
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, Objective


def check(file: File, context: Context) -> Iterator[Finding]:
    """Unknown owners of objectives, key results, initiatives and KPIs, and unknown leads of teams."""
    people = context.config.people
    if people is None:
        return
    known = dict.fromkeys((*people, *(context.config.teams or ())))
    for route, name, ref in (*_owners(file), *_team_leads(file)):
        if not context.config.is_known_owner(name):
            did_you_mean = suggestions.did_you_mean(suggestions.find_closest(name, known))
            message = f"'{name}' is neither a person nor a team in okrctl.yaml{did_you_mean}"
            yield Finding(route, message, "add the owner under `people:`, or choose another", ref=ref)


def _owners(file: File) -> Iterator[tuple[Route, str, str]]:
    for node in file.nodes:
        if node.model.owner:
            yield (*node.route, "owner"), node.model.owner, node.ref
        if isinstance(node, Objective):
            for key_result in node.key_results:
                if key_result.model.owner:
                    yield (*key_result.route, "owner"), key_result.model.owner, key_result.ref
            for index, initiative in enumerate(node.model.initiatives):
                if initiative.owner:
                    yield (*node.route, "initiatives", index, "owner"), initiative.owner, node.ref


def _team_leads(file: File) -> Iterator[tuple[Route, str, None]]:
    teams = file.model.teams if file.kind == "config" else None
    for name, team in (teams or {}).items():
        if team.lead:
            yield ("teams", name, "lead"), team.lead, None


RULE = Rule(code="OKR104", name="unknown-owner", severity="warning", check_file=check)
