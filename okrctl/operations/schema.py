"""Prints the JSON Schema of a kind of file."""

from __future__ import annotations

from okrctl import json_schema
from okrctl.json_schema import Kind, enums
from okrctl.operations.project import Project
from okrctl.workspace import disk


def schema(project: Project, kind: Kind, *, with_ids: bool = False) -> str:
    """Return the JSON Schema of a kind of file; `with_ids` adds the owners, teams, KPIs and parents that exist."""
    names = enums.workspace_names(disk.load_folder(project.root)) if with_ids else None
    return json_schema.render_schema(kind, names)
