"""Changes what was agreed, and records what it was before and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from okrctl.analysis.due_checkins import signature
from okrctl.history.seals.store import is_sealed
from okrctl.measures import AMEND_OPTIONS
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from okrctl.values.errors import GitError, OkrctlError
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace, references
from okrctl.yaml_edit import amendments
from okrctl.yaml_edit.amendments import AmendmentRequest
from okrctl.yaml_edit.checkins import PlannedEdit
from okrctl.yaml_edit.preview import ScoreEffect


class Amendment(NamedTuple):
    """A planned amendment in its workspace, and its reason."""

    workspace: Workspace
    edit: PlannedEdit
    reason: str

    def commit_message(self, effects: Sequence[ScoreEffect]) -> str:
        """Return the message for git."""
        return f"amend {effects[0].sentence}" + (f"\n\n{self.reason}" if self.reason else "")


def amend(project: Project, reference: str, values: Mapping[str, str], reason: str) -> Amendment:
    """Plan new values, by key, for an objective or key result; raises OkrctlError for an invalid value."""
    if not values:
        *names, last = (f"--{name}" for name in (*AMEND_OPTIONS, *amendments.GOAL_OPTIONS))
        raise OkrctlError("nothing to change", f"use {', '.join(names)} or {last}")
    workspace = load_workspace(project)
    node = references.find_node(workspace, reference, project.today, (KeyResult, Objective, Kpi))
    reason = " ".join(reason.split())
    request = AmendmentRequest(values, reason, current_person(project, workspace), project.today)
    sealed = not isinstance(node, Kpi) and is_sealed(project.root, node)
    edit = amendments.plan_amendment(workspace, node, request, sealed)
    if isinstance(node, Objective) and "weight" in values:
        project.notify("objectives have no `amended:`, so the reason is only in the message of a commit (--commit)")
    return Amendment(workspace, edit, reason)


def current_person(project: Project, workspace: Workspace) -> str:
    """Return who signs a record: the person with git's address, else the name that git has."""
    if project.author is not None:
        return signature(workspace.config, project.author.email, project.author.name) or project.author.name
    repository = project.repository
    person = repository and signature(
        workspace.config, repository.user_email(), repository.get_setting("user.name")
    )  # fmt: skip
    if not person:
        raise GitError("git does not know who you are, and the record needs a name", "git config user.name NAME")
    return person
