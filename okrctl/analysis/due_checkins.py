"""Finds the check-ins that are due on a day, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from okrctl.schema.settings import Config
from okrctl.workspace import KeyResult, Kpi, Workspace


def due_checkins(workspace: Workspace, today: date, owners: Collection[str] | None = None) -> list[KeyResult | Kpi]:
    """The KPIs and key results that want a reading: none yet, or the newest as old as their cadence.

    Left out are those that are worked out or fetched, finished, not active, or in no running period; with `owners`,
    those of others too.
    """
    found: list[KeyResult | Kpi] = [*_due_key_results(workspace, today), *_due_kpis(workspace, today)]
    return [one for one in found if owners is None or _is_owned_by(one, owners)]


def owner_names(config: Config, email: str | None, name: str | None) -> set[str]:
    """The people, and the teams that they lead, behind a git identity; without `people:` the name itself will do."""
    mine = set(_matching_people(config, email))
    if config.people is None:
        mine = {one for one in (name, (email or "").partition("@")[0]) if one}
    return mine | {team for team, about in (config.teams or {}).items() if about.lead in mine}


def signature(config: Config, email: str | None, name: str | None) -> str | None:
    """How a person signs in a file: their name under `people:`, else the one that git has."""
    return next(iter(_matching_people(config, email)), name)


def _matching_people(config: Config, email: str | None) -> list[str]:
    plain = (email or "").strip().casefold()
    known = (config.people or {}).items()
    return [who for who, person in known if plain and (person.email or "").strip().casefold() == plain]


def _due_key_results(workspace: Workspace, today: date) -> Iterator[KeyResult]:
    for node in workspace.key_results:
        model = node.model
        worked_out = getattr(model, "kpi", None) or getattr(model, "rollup", None)
        active = model.state == "active" and node.objective.model.state == "active"
        runs = node.period.runs_on(today) and node.first_day <= today
        if active and runs and node.measure and not worked_out and not _is_finished(node):
            days = [one.day for one in node.readings if one.day <= today]
            days += [day for day in model.readings or () if isinstance(day, date) and day <= today]
            if _is_old(max(days, default=None), today, workspace.cadence(node).days):
                yield node


def _due_kpis(workspace: Workspace, today: date) -> Iterator[Kpi]:
    for node in workspace.kpi_nodes:
        days = [one.day for one in node.readings if one.day <= today]
        fetched = node.model.formula is not None or node.model.source is not None
        if not fetched and _is_old(max(days, default=None), today, workspace.kpi_cadence(node).days):
            yield node


def _is_finished(node: KeyResult) -> bool:
    if node.measure == "milestones":
        return all(step.done for step in node.model.milestones or ())
    return node.measure == "done" and bool(node.model.done)


def _is_old(newest: date | None, today: date, days: int) -> bool:
    return newest is None or (today - newest).days >= days


def _is_owned_by(node: KeyResult | Kpi, owners: Collection[str]) -> bool:
    team = node.model.team if isinstance(node, Kpi) else node.objective.team
    return node.owner in owners or (node.owner is None and team in owners)
