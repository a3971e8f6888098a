"""Which objectives address a KPI: by name, as a hypothesis, with a key result or with an initiative."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.workspace import Objective, Workspace


def kpis_of(objective: Objective, day: date | None = None) -> list[str]:
    """The KPIs that an objective addresses, each once; without key results that are not active on the day."""
    model = objective.model
    results = (kr for kr in objective.key_results if day is None or is_active_on(kr.model, day))
    names = (
        *model.kpis,
        *(hypothesis.kpi for hypothesis in model.hypothesis),
        *(getattr(kr.model, "kpi", None) for kr in results),
        *(kpi for initiative in model.initiatives for kpi in initiative.kpis),
    )
    return list(dict.fromkeys(name for name in names if name))


def objectives_by_kpi(workspace: Workspace, day: date) -> dict[str, list[Objective]]:
    """The running objectives that address each KPI."""
    found: dict[str, list[Objective]] = {}
    for objective in running_objectives(workspace, day):
        for name in kpis_of(objective, day):
            found.setdefault(name, []).append(objective)
    return found


def running_objectives(workspace: Workspace, day: date) -> Iterator[Objective]:
    """The active objectives of running periods."""
    for objective in workspace.objectives:
        runs = objective.period.runs_on(day) and objective.first_day <= day  # most of others are never read
        if runs and is_active_on(objective.model, day):
            yield objective


def is_active_on(model: object, day: date) -> bool:
    """Whether an objective or key result is active; `deprioritized` and `postponed` act from their `since` on."""
    since: date | None = getattr(model, "since", None)
    state = getattr(model, "state", "active")
    return state == "active" or (state in ("deprioritized", "postponed") and since is not None and day < since)
