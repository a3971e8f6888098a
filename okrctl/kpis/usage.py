"""Finds the objectives that take a KPI up: by name, as a hypothesis, with a key result or an initiative."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.workspace import Objective, Workspace


def kpis_of(objective: Objective, day: date | None = None) -> list[str]:
    """The KPIs that an objective takes up, each once; without key results that are not active on the day."""
    model = objective.model
    results = (kr for kr in objective.key_results if day is None or is_active_on(kr.model, day))
    work = (kpi for initiative in model.initiatives for kpi in initiative.kpis)
    from_results = (getattr(kr.model, "kpi", None) for kr in results)
    found = (*model.kpis, *(guess.kpi for guess in model.hypothesis), *from_results, *work)
    return list(dict.fromkeys(name for name in found if name))


def objectives_by_kpi(workspace: Workspace, day: date) -> dict[str, list[Objective]]:
    """The objectives that work on each KPI on a day: active ones, in periods that run."""
    found: dict[str, list[Objective]] = {}
    for objective in running_objectives(workspace, day):
        for name in kpis_of(objective, day):
            found.setdefault(name, []).append(objective)
    return found


def running_objectives(workspace: Workspace, day: date) -> Iterator[Objective]:
    """The objectives that are worked on."""
    for one in workspace.objectives:
        if one.first_day <= day <= one.period.end and is_active_on(one.model, day):
            yield one


def is_active_on(model: object, day: date) -> bool:
    """Whether an objective or key result is active; `deprioritized` and `postponed` act from their `since` on."""
    since: date | None = getattr(model, "since", None)
    state = getattr(model, "state", "active")
    return state == "active" or (state in ("deprioritized", "postponed") and since is not None and day < since)
