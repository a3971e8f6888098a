"""Recomputes sealed scorecards and compares them with their seals."""

from __future__ import annotations

from dataclasses import replace

from okrctl.history import snapshot
from okrctl.history.diff import identity
from okrctl.history.lineage import trace_refs
from okrctl.history.seals.store import StoredSeal, find_sealed_period, load_seal, sealed_period_ids
from okrctl.history.seals.verify import SealVerification, Verification, verify_seal, with_current_files
from okrctl.operations.load import load_workspace, require_repository, require_valid
from okrctl.operations.project import Project
from okrctl.operations.unrecorded import FINDING_PREFIX
from okrctl.values.errors import NotFoundError
from okrctl.workspace import Workspace, disk


def verify(project: Project, period: str | None = None) -> Verification:
    """Return whether the seals of a period, or of all, are valid; raises OkrctlError where there is no seal."""
    root = project.root
    if period is None:
        names = sealed_period_ids(root)
    else:
        config, _ = disk.read_settings(root)
        names = [find_sealed_period(root, config, period, project.today)]
    seals = {name: load_seal(root, name) for name in names}
    missing = [name for name, stored in seals.items() if stored is None]
    if missing or not seals:
        problem = f"{missing[0]} is not closed" if missing else "no period is closed"
        raise NotFoundError(problem, "`okrctl close PERIOD` closes one")
    workspace = load_workspace(project)
    verified = tuple(
        replace(_verify(project, workspace, stored), unrecorded=_find_unrecorded(stored))
        for stored in seals.values()
        if stored is not None
    )
    return Verification(verified, period is not None)


def _find_unrecorded(stored: StoredSeal) -> tuple[str, ...]:
    """Return what the seal says of goals that became easier without a record."""
    lines = [line for line in stored.data.get("findings") or () if isinstance(line, str)]
    return tuple(line.removeprefix(FINDING_PREFIX) for line in lines if line.startswith(FINDING_PREFIX))


def _verify(project: Project, workspace: Workspace, stored: StoredSeal) -> SealVerification:
    """Verify one seal against its commit, if git has it, and against the files."""
    commit, source = _seal_commit(project, stored)
    if commit is None:
        return verify_seal(stored.data, None, workspace, None, source)
    repository = require_repository(project)
    sealed = require_valid(snapshot.load_snapshot(repository, commit, index=project.index), commit)
    tree = snapshot.CommitTree(repository, commit)
    period = stored.data["period"]["id"]
    mixed = with_current_files(sealed, workspace, period, disk.csv_reader(project.root), tree.read_text)
    later = trace_refs(repository, sealed, workspace, (commit, None), period)
    pairs = identity.pair_kpis(sealed.kpi_nodes, workspace.kpi_nodes)
    kpis = {now.id: before.id for before, now in pairs if before is not None and now is not None}
    mixed.kpis |= {name: mixed.kpis[before] for name, before in kpis.items() if name not in mixed.kpis}
    return verify_seal(stored.data, sealed, mixed, commit, source, later, kpis)


def _seal_commit(project: Project, stored: StoredSeal) -> tuple[str | None, str]:
    """Return the commit to recompute from and its name: the one that was sealed, else the one that added the seal."""
    repository = project.repository
    if repository is None or repository.head() is None:
        return None, "the files: no git history here"
    named = stored.data.get("commit")
    if isinstance(named, str) and repository.find_commit_id(named) is not None:
        return named, f"commit {named[:10]}"
    adding = [commit for commit, change in repository.file_history(stored.path) if change.new_id is not None]
    if adding:
        why = "which added the seal" if named is None else f"which added the seal ({named[:10]} is missing)"
        return adding[0].id, f"commit {adding[0].id[:10]}, {why}"
    return None, "the files: no commit has the seal"
