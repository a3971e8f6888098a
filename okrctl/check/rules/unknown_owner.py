"""Finds owners who are neither in `people:` of okrctl.yaml nor a team, and those who left before the goal ends.

If the settings list the people, any other owner is misspelled or has left, and nobody looks after the goal. Without
`people:`, every name is valid. A person or team with `until:` leaves after that day. Their active goals that end later,
and their KPIs, need another owner. A key result ends on its `due:` day, and every other goal with its period. Sealed
periods are not checked.

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
from datetime import date
from typing import NamedTuple

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.schema.settings import Config
from okrctl.values import suggestions
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, Kpi, Objective


class _Ownership(NamedTuple):
    """Where an owner is named, of what, and the last day of that (None: a KPI); `is_over` where nothing goes on."""

    route: Route
    owner: str
    ref: str | None
    end: date | None = None
    is_over: bool = False


def check(file: File, context: Context) -> Iterator[Finding]:
    """Owners of objectives, key results, initiatives and KPIs who are unknown or left, and unknown leads of teams."""
    config = context.config
    known = dict.fromkeys((*(config.people or ()), *(config.teams or ())))
    for named in (*_owners(file), *_team_leads(file)):
        if not config.is_known_owner(named.owner):
            did_you_mean = suggestions.did_you_mean(suggestions.find_closest(named.owner, known))
            message = f"'{named.owner}' is neither a person nor a team in okrctl.yaml{did_you_mean}"
            yield Finding(named.route, message, "add the owner under `people:`, or choose another", ref=named.ref)
        elif not named.is_over:
            yield from _check_until(named, config, "the owner")
    for named in _teams(file):
        yield from _check_until(named, config, "the team")


def _check_until(named: _Ownership, config: Config, kind: str) -> Iterator[Finding]:
    last = config.last_day(named.owner)
    if last is None or (named.end is not None and last >= named.end):
        return
    what = "and a KPI has no end" if named.end is None else f"before this ends on {named.end}"
    message = f"{kind} '{named.owner}' has `until: {last}`, {what}"
    yield Finding(named.route, message, "use another one, or correct `until:` in okrctl.yaml", ref=named.ref)


def _owners(file: File) -> Iterator[_Ownership]:
    for node in file.nodes:
        if isinstance(node, Objective):
            yield from _owners_of_objective(node)
        elif node.model.owner:
            yield _Ownership((*node.route, "owner"), node.model.owner, node.ref)


def _owners_of_objective(node: Objective) -> Iterator[_Ownership]:
    end = node.period.end
    if node.model.owner:
        yield _Ownership((*node.route, "owner"), node.model.owner, node.ref, end, not node.is_active)
    for key_result in node.key_results:
        model = key_result.model
        if model.owner:
            route, is_over = (*key_result.route, "owner"), not key_result.is_active
            yield _Ownership(route, model.owner, key_result.ref, model.due or end, is_over)
    for index, initiative in enumerate(node.model.initiatives):
        if initiative.owner:
            route, is_over = (*node.route, "initiatives", index, "owner"), not node.is_active or bool(initiative.done)
            yield _Ownership(route, initiative.owner, node.ref, end, is_over)


def _team_leads(file: File) -> Iterator[_Ownership]:
    teams = file.model.teams if file.kind == "config" else None
    for name, team in (teams or {}).items():
        if team.lead:
            yield _Ownership(("teams", name, "lead"), team.lead, None, is_over=True)


def _teams(file: File) -> Iterator[_Ownership]:
    """The team of a file with an active objective, and those of KPIs."""
    if file.period is not None and any(isinstance(node, Objective) and node.is_active for node in file.nodes):
        yield _Ownership(("team",), file.team, None, file.period.end)
    for node in file.nodes:
        if isinstance(node, Kpi) and node.model.team:
            yield _Ownership((*node.route, "team"), node.model.team, node.ref)


RULE = Rule(code="OKR104", name="unknown-owner", severity="warning", check_file=check)
