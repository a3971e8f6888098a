"""Reopens a closed period."""

from __future__ import annotations

from okrctl.analysis.due_checkins import signature
from okrctl.history.seals.seal import build_reopening, render_seal
from okrctl.history.seals.store import (
    REOPENED_FOLDER,
    StoredSeal,
    find_sealed_period,
    load_seal,
    reopened_paths,
    sealed_period_ids,
)
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.project import Project
from okrctl.schema.settings import Config
from okrctl.values.errors import NotFoundError
from okrctl.workspace import disk
from okrctl.yaml_edit import build_plan


def find_seal(project: Project, period: str) -> StoredSeal:
    """Return the seal of a period; raises OkrctlError where the period is not closed."""
    config, _ = disk.read_settings(project.root)
    name = find_sealed_period(project.root, config, period, project.today)
    stored = load_seal(project.root, name)
    if stored is None:
        closed = ", ".join(sealed_period_ids(project.root)) or "none yet"
        raise NotFoundError(f"{name} is not closed", f"closed periods: {closed}")
    return stored


def reopen(project: Project, stored: StoredSeal, reason: str, options: WriteOptions) -> WriteResult:
    """Move a seal to the reopened ones, with the reason; the period can be edited and closed again."""
    config, _ = disk.read_settings(project.root)
    period = stored.data["period"]["id"]
    record = build_reopening(stored.data, project.today, _current_person(project, config), reason)
    moved = f"{REOPENED_FOLDER}/{period}.{len(reopened_paths(project.root, period)) + 1}.json"
    messages = (f"reopening {period}; its seal moves to {moved}",)
    texts = {stored.path: None, moved: render_seal(record)}
    plan = build_plan({stored.path: stored.text, moved: None}, texts, messages, f"reopen {period}\n\n{reason}")
    return apply_plan(project, plan, options)


def _current_person(project: Project, config: Config) -> str:
    """Return who is at work: as the settings or git name them, else the user of the machine."""
    if project.author is not None:
        return signature(config, project.author.email, project.author.name) or project.author.name
    repository = project.repository
    known = repository and signature(config, repository.user_email(), repository.get_setting("user.name"))
    return known or project.environment.get("USER") or "unknown"
