"""The check-ins that are due on a day, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from okrctl.schema.settings import Config
from okrctl.workspace import KeyResult, Kpi, Workspace


def due_checkins(workspace: Workspace, today: date, owners: Collection[str] | None = None) -> list[KeyResult | Kpi]:
    """The KPIs and key results without a reading, or whose newest is as old as their cadence.

    Left out are those that are computed or fetched, finished, not active, or in no running period; with `owners`,
    those of others too.
    """
    nodes: list[KeyResult | Kpi] = [*_due_key_results(workspace, today), *_due_kpis(workspace, today)]
    return [node for node in nodes if owners is None or _is_owned_by(node, owners)]


def owner_names(config: Config, email: str | None, name: str | None) -> set[str]:
    """The people, and the teams that they lead, behind a git identity; without `people:` the name itself."""
    names = set(_matching_people(config, email))
    if config.people is None:
        names = {candidate for candidate in (name, (email or "").partition("@")[0]) if candidate}
    return names | {id for id, team in (config.teams or {}).items() if team.lead in names}


def signature(config: Config, email: str | None, name: str | None) -> str | None:
    """How a person signs in a file: their name under `people:`, else the one that git has."""
    return next(iter(_matching_people(config, email)), name)


def _matching_people(config: Config, email: str | None) -> list[str]:
    address = (email or "").strip().casefold()
    people = (config.people or {}).items()
    return [key for key, person in people if address and (person.email or "").strip().casefold() == address]


def _due_key_results(workspace: Workspace, today: date) -> Iterator[KeyResult]:
    for node in workspace.key_results:
        if _takes_checkins(node, today):
            days = [reading.day for reading in node.readings if reading.day <= today]
            days += [day for day in node.model.readings or () if isinstance(day, date) and day <= today]
            if _is_old(max(days, default=None), today, workspace.cadence(node).days):
                yield node


def _takes_checkins(node: KeyResult, today: date) -> bool:
    """Whether a person writes its readings: active, running, neither computed nor finished."""
    if node.model.state != "active" or node.objective.model.state != "active" or not node.is_measured:
        return False
    is_computed = getattr(node.model, "kpi", None) or getattr(node.model, "rollup", None)
    is_running = node.period.runs_on(today) and node.first_day <= today
    return is_running and not is_computed and not _is_finished(node)


def _due_kpis(workspace: Workspace, today: date) -> Iterator[Kpi]:
    for node in workspace.kpi_nodes:
        days = [reading.day for reading in node.readings if reading.day <= today]
        is_computed = node.model.formula is not None or node.model.source is not None
        if not is_computed and _is_old(max(days, default=None), today, workspace.kpi_cadence(node).days):
            yield node


def _is_finished(node: KeyResult) -> bool:
    steps = node.measure.steps(node.model)
    return bool(steps) and all(step.done for step in steps)


def _is_old(newest: date | None, today: date, days: int) -> bool:
    return newest is None or (today - newest).days >= days


def _is_owned_by(node: KeyResult | Kpi, owners: Collection[str]) -> bool:
    team = node.model.team if isinstance(node, Kpi) else node.objective.team
    return node.owner in owners or (node.owner is None and team in owners)
