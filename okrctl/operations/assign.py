"""Gives a goal or KPI another owner."""

from __future__ import annotations

from typing import NamedTuple

from okrctl.operations import record
from okrctl.operations.apply import WriteOptions
from okrctl.operations.project import Project
from okrctl.operations.record import RecordResult
from okrctl.values.errors import NotFoundError
from okrctl.workspace import Node, Workspace
from okrctl.yaml_edit import SetValue
from okrctl.yaml_edit.checkins import PlannedEdit


class Owner(NamedTuple):
    """Who may own something: the word for it in the files, and its name."""

    id: str
    name: str


def find_owners(project: Project, workspace: Workspace) -> list[Owner]:
    """Return the people and teams of the settings that have not left."""
    config, today = workspace.config, project.today
    people = [Owner(id, person.name or id) for id, person in (config.people or {}).items()]
    teams = [Owner(id, team.name or id) for id, team in (config.teams or {}).items()]
    return [owner for owner in (*people, *teams) if not config.ends_before(owner.id, today)]


def assign(project: Project, workspace: Workspace, node: Node, owner: str, options: WriteOptions) -> RecordResult:
    """Write the owner of a goal or KPI; raises OkrctlError for one whom the settings do not know."""
    known = [each.id for each in find_owners(project, workspace)]
    if owner not in known:
        raise NotFoundError(f"no such person or team: '{owner}'", f"choose one of {', '.join(known)}")
    edit = PlannedEdit(
        node, project.today, node.file.path, (SetValue((*node.route, "owner"), owner),), new_value=f"owner {owner}",
        has_value=False,
    )  # fmt: skip
    prepared = record.prepare_edits(project, workspace, [edit])
    return record.write_prepared(project, workspace, prepared, options, lambda _: f"assign {node.ref} to {owner}")
