"""The addresses of what pages show."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import quote, urlencode

from okrctl.outputs.view import Cell
from okrctl.schema.settings import COMPANY, Config
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace


def node_address(node: Node) -> str:
    """The page of an objective, a key result or a KPI."""
    if isinstance(node, Kpi):
        return f"/kpis/{quote(node.id)}"
    return f"/{'key-results' if isinstance(node, KeyResult) else 'objectives'}/{quote(node.ref)}"


def ref_address(workspace: Workspace, ref: str) -> str:
    """The page of what a reference names: a goal by its full reference, a KPI or a period by its id."""
    if "/" in ref:
        kind = "key-results" if "." in ref.rpartition("/")[2] else "objectives"
        return f"/{kind}/{quote(ref)}"
    return f"/kpis/{quote(ref)}" if ref in workspace.kpis else f"/periods/{quote(ref)}"


def owner_name(config: Config, owner: str | None) -> str:
    """What people call an owner; empty for None."""
    person = (config.people or {}).get(owner or "")
    if person is None and owner in (config.teams or {}):
        return config.team_name(owner or "")
    return (person.name if person and person.name else owner) or ""


def goals_by_ref(workspace: Workspace) -> dict[str, Objective | KeyResult]:
    """The objectives and key results by their full references."""
    nodes: list[Objective | KeyResult] = [*workspace.objectives, *workspace.key_results]
    return {node.ref: node for node in nodes}


def period_address(id: str) -> str:
    """The page of a period."""
    return f"/periods/{quote(id, safe='')}"


def team_address(id: str) -> str:
    """The page of a team."""
    return f"/teams/{quote(id, safe='')}"


def owner_address(config: Config, key: str) -> str:
    """The page of an owner, by the key that the files have: a person, or a team."""
    is_team = key == COMPANY or key in (config.teams or {})
    return team_address(key) if is_team and key not in (config.people or {}) else f"/people/{quote(key, safe='')}"


class ServerLinks:
    """The pages of the server, for what templates share with the report."""

    home: str | None = None

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def _goals(self) -> dict[str, Objective | KeyResult]:
        return goals_by_ref(self._workspace)

    def title(self, ref: str) -> str:
        """The title of an objective or a key result; the reference of one that is not in the files."""
        node = self._goals.get(ref)
        return ref if node is None else node.model.title or node.id

    def period(self, id: str) -> str | None:
        """The page of a period."""
        return period_address(id)

    def team(self, id: str) -> str | None:
        """The page of a team."""
        return team_address(id)

    def owner(self, key: str) -> str | None:
        """The page of an owner."""
        return owner_address(self._workspace.config, key)

    def team_name(self, id: str) -> str:
        """What people call a team."""
        name = self._workspace.config.team_name(id)
        return "Company" if id == name == COMPANY else name

    def owner_cell(self, key: str) -> Cell:
        """What people call an owner, with their page, marked where the settings do not know them."""
        config = self._workspace.config
        status = None if config.is_known_owner(key) else "unknown"
        return Cell(owner_name(config, key), "name", status, href=self.owner(key))

    def goal_cell(self, ref: str) -> Cell:
        """The title of an objective or a key result, with its page."""
        return Cell(self.title(ref), "name", href=self.goal(ref))

    def goal(self, ref: str) -> str | None:
        """The page of an objective or a key result; None for one that is not in the files."""
        return ref_address(self._workspace, ref) if ref in self._goals else None

    def kpi(self, id: str) -> str | None:
        """The page of a KPI; None where there is none."""
        return ref_address(self._workspace, id) if id in self._workspace.kpis else None


def check_in_address(*refs: str) -> str:
    """The form that records readings of these."""
    return f"/check-in?{urlencode([('ref', ref) for ref in refs])}"
