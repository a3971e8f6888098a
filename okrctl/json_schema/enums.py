"""Adds the names of a workspace to its schemas, so that editors offer them; other names stay valid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from okrctl.workspace import Node, Workspace

Schema = dict[str, Any]
MAX_NAMES = 300  # editors show the whole list where one asks what a key means


@dataclass(frozen=True, slots=True)
class WorkspaceNames:
    """The names that files may refer to: owners, teams, KPIs, objectives, key results."""

    owners: list[str]
    teams: list[str]
    kpis: list[str]
    objectives: list[str]
    key_results: list[str]

    @property
    def parents(self) -> list[str]:
        """The nodes that can be a parent."""
        return (self.objectives + self.key_results)[:MAX_NAMES]


NAME_KINDS: Mapping[str, str] = {
    "owner": "owners", "contributors": "owners", "by": "owners", "lead": "owners",
    "team": "teams", "Team.parent": "teams",
    "kpi": "kpis", "kpis": "kpis", "KpiFile.kpis": "",
    "parent": "parents", "carried_from": "objectives",
    "moves": "key_results", "guards": "key_results",
    "sum": "key_results", "mean": "key_results", "min": "key_results", "max": "key_results",
}  # fmt: skip


def workspace_names(workspace: Workspace) -> WorkspaceNames:
    """The names of a workspace; references have no period, and key results of the newest periods come first."""
    nodes: list[Node] = [*workspace.objectives, *workspace.key_results, *workspace.kpi_nodes]
    newest = sorted(workspace.objectives, key=lambda objective: objective.period.start, reverse=True)
    teams = {*(workspace.config.teams or {}), *(objective.team for objective in workspace.objectives)}
    return WorkspaceNames(
        owners=_sorted_names({*(workspace.config.people or {}), *(node.owner for node in nodes if node.owner)}),
        teams=_sorted_names(teams),
        kpis=_sorted_names(workspace.kpis),
        objectives=_unique_names(objective.ref for objective in newest),
        key_results=_unique_names(result.id for objective in newest for result in objective.key_results),
    )


def _sorted_names(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name)[:MAX_NAMES]


def _unique_names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))[:MAX_NAMES]


def add_enums(names: WorkspaceNames, schemas: Mapping[str, Schema]) -> None:
    """Add the names to the properties of these schemas that refer to them."""
    for model_name, schema in schemas.items():
        for key, value in schema.get("properties", {}).items():
            kind = NAME_KINDS.get(f"{model_name}.{key}", NAME_KINDS.get(key))
            known = getattr(names, kind) if kind else []
            if known:
                _add_choices(value, known)


def _add_choices(value: Schema, names: list[str]) -> None:
    """Add the names as a choice for the value, and for the items if it may be a list."""
    for choice in value["anyOf"]:
        if choice.get("type") == "array":
            choice["items"] = {"anyOf": [choice["items"], {"enum": names}]}
    value["anyOf"].append({"enum": names})
