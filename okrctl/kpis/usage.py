"""Finds the objectives that take a KPI up: by name, as a hypothesis, with a key result or an initiative."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.workspace import Objective, Workspace


def named(objective: Objective, day: date | None = None) -> list[str]:
    """The KPIs that an objective takes up, each once; without key results that are not active on the day."""
    model = objective.model
    results = (kr for kr in objective.key_results if day is None or active(kr.model, day))
    work = (kpi for initiative in model.initiatives for kpi in initiative.kpis)
    from_results = (getattr(kr.model, "kpi", None) for kr in results)
    found = (*model.kpis, *(guess.kpi for guess in model.hypothesis), *from_results, *work)
    return list(dict.fromkeys(name for name in found if name))


def taken_up(workspace: Workspace, day: date) -> dict[str, list[Objective]]:
    """The objectives that work on each KPI on a day: active ones, in periods that run."""
    found: dict[str, list[Objective]] = {}
    for objective in running(workspace, day):
        for name in named(objective, day):
            found.setdefault(name, []).append(objective)
    return found


def running(workspace: Workspace, day: date) -> Iterator[Objective]:
    """The objectives that are worked on."""
    for one in workspace.objectives:
        if one.first <= day <= one.period.end and active(one.model, day):
            yield one


def active(model: object, day: date) -> bool:
    """Whether an objective or key result is active; `deprioritized` and `postponed` act from their `since` on."""
    since: date | None = getattr(model, "since", None)
    state = getattr(model, "state", "active")
    return state == "active" or (state in ("deprioritized", "postponed") and since is not None and day < since)
