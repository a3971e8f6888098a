"""Compares two states of the goals: what changed, and what that does to the scores."""

from __future__ import annotations

from datetime import date

from okrctl.history import snapshot
from okrctl.history.lineage import trace_refs
from okrctl.history.pull_request import find_fork_point
from okrctl.history.score_diff import WorkspaceDiff, diff_workspaces, resolve_revisions
from okrctl.operations.load import Loaded, load_workspace, require_repository, require_valid
from okrctl.operations.project import Project
from okrctl.values.errors import OkrctlError


def diff(
    project: Project, revisions: str | None = None, *, base: str | None = None, as_of: date | None = None
) -> WorkspaceDiff:
    """Return the changes between REV and REV, or REV and the files on the disk; by default since the last commit.

    With a `base`, the changes of the files since they left it. Raises OkrctlError for both.
    """
    repository = require_repository(project)
    if base is not None and revisions is not None:
        raise OkrctlError(f"--base and {revisions} cannot be used together", "pass one of them")
    if base is None:
        first, last = resolve_revisions(repository, revisions)
    else:
        first, last = find_fork_point(repository, repository.resolve(base)), None
    if last is None:
        loaded = Loaded(load_workspace(project), None, project.today)
    else:
        workspace = require_valid(snapshot.load_snapshot(repository, last.id, index=project.index), last.id)
        loaded = Loaded(workspace, last.id, project.today)
    old = require_valid(snapshot.load_snapshot(repository, first.id, known=[loaded.workspace]), first.id)
    later = trace_refs(repository, old, loaded.workspace, (first.id, loaded.commit))
    return diff_workspaces(
        old, loaded.workspace, lambda period: loaded.day_of(period, as_of), (first.id, loaded.commit), later
    )  # fmt: skip
