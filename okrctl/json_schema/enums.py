"""Puts the names of a workspace into its schemas: proposed while one writes, with nothing else forbidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from okrctl.workspace import Node, Workspace

Schema = dict[str, Any]
MAX_NAMES = 300  # editors show the whole list where one asks what a key means


@dataclass(frozen=True, slots=True)
class WorkspaceNames:
    """What files may refer to: people and roles, teams, KPIs, objectives, key results."""

    owners: list[str]
    teams: list[str]
    kpis: list[str]
    objectives: list[str]
    key_results: list[str]

    @property
    def parents(self) -> list[str]:
        """What an objective can support."""
        return (self.objectives + self.key_results)[:MAX_NAMES]


NAME_KINDS: Mapping[str, str] = {
    "owner": "owners", "contributors": "owners", "by": "owners", "lead": "owners",
    "team": "teams", "Team.parent": "teams",
    "kpi": "kpis", "kpis": "kpis", "KpiFile.kpis": "",
    "parent": "parents", "carried_from": "objectives",
    "moves": "key_results", "guards": "key_results",
    "sum": "key_results", "mean": "key_results", "min": "key_results", "max": "key_results",
}  # fmt: skip


def workspace_names(opened: Workspace) -> WorkspaceNames:
    """The names of a workspace; references without their period, and key results of the newest periods first."""
    nodes: list[Node] = [*opened.objectives, *opened.key_results, *opened.kpi_nodes]
    newest = sorted(opened.objectives, key=lambda one: one.period.start, reverse=True)
    teams = {*(opened.config.teams or {}), *(one.team for one in opened.objectives)}
    return WorkspaceNames(
        owners=_sorted_names({*(opened.config.people or {}), *(one.owner for one in nodes if one.owner)}),
        teams=_sorted_names(teams),
        kpis=_sorted_names(opened.kpis),
        objectives=_unique_names(one.ref for one in newest),
        key_results=_unique_names(result.id for one in newest for result in one.key_results),
    )


def _sorted_names(words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if word)[:MAX_NAMES]


def _unique_names(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))[:MAX_NAMES]


def add_enums(names: WorkspaceNames, shapes: Mapping[str, Schema]) -> None:
    """Put the names where the properties of these schemas refer to them."""
    for name, shape in shapes.items():
        for key, value in shape.get("properties", {}).items():
            kind = NAME_KINDS.get(f"{name}.{key}", NAME_KINDS.get(key))
            known = getattr(names, kind) if kind else []
            if known:
                _add_choices(value, known)


def _add_choices(value: Schema, known: list[str]) -> None:
    """The names as one more choice for the value, and for the entries where it may be a list."""
    for choice in value["anyOf"]:
        if choice.get("type") == "array":
            choice["items"] = {"anyOf": [choice["items"], {"enum": known}]}
    value["anyOf"].append({"enum": known})
