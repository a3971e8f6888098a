"""The addresses of what pages show."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from okrctl.schema.settings import Config
from okrctl.workspace import KeyResult, Kpi, Node, Workspace


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
    return (person.name if person and person.name else owner) or ""


def check_in_address(*refs: str) -> str:
    """The form that records readings of these."""
    return f"/check-in?{urlencode([('ref', ref) for ref in refs])}"
