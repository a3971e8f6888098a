"""Tells people what moved, what needs them, what is due and what was decided since a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from okrctl.analysis.digest import Digest, DigestItem, build_digest, last_monday, people_of
from okrctl.analysis.filters import Selection
from okrctl.history import diff, snapshot
from okrctl.history.lineage import trace_refs
from okrctl.history.seals.store import load_reopenings, load_seal, sealed_period_ids
from okrctl.operations import site_writer, workspaces
from okrctl.operations.load import NO_FILTERS, Filters, find_repository, load_workspace
from okrctl.operations.project import Project
from okrctl.values.dates import days_before
from okrctl.values.errors import OkrctlError
from okrctl.values.slug import slugify
from okrctl.workspace import KeyResult, Objective, Workspace

REMOVED_REASON = "no longer in the files"


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """For whom, and since when: the last Monday by default."""

    filters: Filters = NO_FILTERS
    since: date | None = None


def digest(project: Project, request: DigestRequest) -> Digest:
    """Return the digest of the selected owners and teams, by default of the whole workspace."""
    whole, workspace = _build(project, request.since)
    return whole.for_selection(request.filters.select(workspace))


def digests_by_owner(project: Project, request: DigestRequest) -> dict[str, Digest]:
    """Return a digest for each person who owns something, by owner; with teams, only what is of these."""
    whole, workspace = _build(project, request.since)
    chosen = request.filters.select(workspace)
    return {
        owner: whole.for_selection(Selection(chosen.teams, (owner,)))
        for owner in people_of(whole.for_selection(chosen))
    }


def write_each(
    project: Project, folder: Path, digests: Mapping[str, Digest], suffix: str, render: Callable[[Digest], str],
    render_index: Callable[[list[dict[str, object]]], str],
) -> int:  # fmt: skip
    """Write a file for each person and `index.json` into a folder; returns the number of people.

    The index has the owner, their name and address, their file, and whether it has nothing to tell.
    """
    files: dict[str, bytes] = {}
    entries: list[dict[str, object]] = []
    taken = {"index"}
    for owner, found in digests.items():
        name = slugify(owner, taken, "owner")
        taken.add(name)
        path = f"{name}.{suffix}"
        email = found.addresses.get(owner)
        entries.append(
            {"owner": owner, "name": found.owner_name(owner), "email": email, "file": path, "empty": found.is_empty}
        )
        files[path] = render(found).encode("utf-8", "replace")
    files["index.json"] = render_index(entries).encode("utf-8", "replace")
    site_writer.write_site(project.directory / folder, files)
    return len(digests)


def _build(project: Project, since: date | None) -> tuple[Digest, Workspace]:
    workspace, day = load_workspace(project), project.today
    if not workspace.files:
        raise OkrctlError(f"no OKR or KPI file in {project.root}", workspaces.hint_to_start(project.directory))
    if since is not None and since > day:
        raise OkrctlError(f"--since {since} is after today, {day}", "use an earlier day")
    first = since or last_monday(day)
    notes: list[str] = []
    decided = [*_closings(project, workspace, first, day), *_changed_goals(project, workspace, first, notes)]
    found = build_digest(workspace, day, first, frozenset(sealed_period_ids(project.root)), decided)
    found.notes = notes
    return found, workspace


def _closings(project: Project, workspace: Workspace, since: date, day: date) -> Iterator[DigestItem]:
    """The periods that were closed or reopened in these days."""
    for period in sealed_period_ids(project.root):
        stored = load_seal(project.root, period)
        closed = _parse_day(stored.data.get("closed")) if stored else None
        if closed is not None and since <= closed <= day:
            yield DigestItem(period, period, f"closed on {closed}", "closed", day=closed)
    for name in (period.id for period in workspace.periods):
        for record in load_reopenings(project.root, name):
            reopened = _parse_day(record.get("date"))
            if reopened is not None and since <= reopened <= day:
                text = f"{record.get('reason')} ({record.get('by')})"
                yield DigestItem(name, name, text, "reopened", day=reopened)


def _parse_day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _changed_goals(project: Project, workspace: Workspace, since: date, notes: list[str]) -> Iterator[DigestItem]:
    """The goals that were added or removed since the last commit before these days; nothing without git."""
    repository = find_repository(project)
    if repository is None or repository.head() is None:
        return
    try:
        commit = repository.resolve(str(days_before(since, 1)))
        old = snapshot.load_snapshot(repository, commit.id, known=[workspace])
    except OkrctlError as error:
        notes.append(f"Goals that were added or removed are not known: {error.message}; {error.hint}")
        return
    later = trace_refs(repository, old, workspace, (commit.id, None))
    for change in diff.compare(old, workspace, readings=False, later=later):
        node = change.after or change.before
        if change.kind != "changed" and isinstance(node, Objective | KeyResult):
            text = "new" if change.kind == "added" else REMOVED_REASON
            yield DigestItem(node.ref, node.model.title or node.id, text, change.kind, node.owner, node=node)
