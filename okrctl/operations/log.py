"""Reads the history of one objective, key result or KPI from git."""

from __future__ import annotations

from datetime import date

from okrctl import scoring
from okrctl.history.log import NodeLog, build_log, is_self_contained
from okrctl.operations.load import load_at_revision, load_for_reference, require_repository, require_valid
from okrctl.operations.project import Project
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Node, Workspace, references


def log(project: Project, reference: str, *, known_at: str | None = None) -> NodeLog:
    """Return what changed in a node, commit by commit; raises OkrctlError without a repository."""
    require_repository(project)
    return log_loaded(project, *_load_node(project, reference, known_at))


def log_loaded(
    project: Project, workspace: Workspace, node: Node, commit: str | None, *, with_scores: bool = True
) -> NodeLog:
    """Return the log of a node that is loaded, up to the commit that it was read from."""
    repository = require_repository(project)

    def day_of(period: Period, day: date) -> date:
        return scoring.default_day(period, day, workspace.config)

    found = build_log(repository, workspace, node, commit, day_of, with_scores=with_scores)
    if found.problem:
        project.notify(found.problem)
    return found


def _load_node(project: Project, reference: str, known_at: str | None) -> tuple[Workspace, Node, str | None]:
    """Return the node of a reference, reading only the files that contain its names if these are enough."""
    if known_at is None:
        workspace = load_for_reference(project, reference)
        try:
            node = references.find_node(require_valid(workspace), reference, project.today) if workspace else None
        except OkrctlError:
            node = None
        if workspace is not None and node is not None and is_self_contained(node):
            return workspace, node, None
    loaded = load_at_revision(project, known_at)
    return loaded.workspace, references.find_node(loaded.workspace, reference, loaded.today), loaded.commit
