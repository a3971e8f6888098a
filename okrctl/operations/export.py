"""Exports readings, scores, KPIs or goals as rows for other programs, with where each row comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from okrctl import git
from okrctl.analysis import export_rows, export_series
from okrctl.analysis.export_rows import ExportTable, ReadingDays, Row, RowGroup, Stamp, What
from okrctl.analysis.export_series import Every, GoalRow, KpiRow, ScoreRow, Span
from okrctl.analysis.filters import Selection
from okrctl.history.seals.store import sealed_commit
from okrctl.operations.kept_rows import KeptRows, open_kept_rows, row_key
from okrctl.operations.load import NO_FILTERS, Filters, Loaded, find_repository, load_at_revision
from okrctl.operations.project import Project
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import File, Workspace

DIRTY = "dirty"
WITH_RHYTHM = ("scores", "kpis")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which rows to export.

    `every` is the rhythm of scores and KPIs, a week by default; `since` and `until` bound the days of all but
    objectives. `workspace` is the name of the workspace in each row, by default that of its git remote.
    """

    what: What = "readings"
    as_of: date | None = None
    known_at: str | None = None
    filters: Filters = NO_FILTERS
    every: Every | None = None
    since: date | None = None
    until: date | None = None
    workspace: str | None = None
    needs_name: bool = False


def export(project: Project, request: ExportRequest) -> ExportTable:
    """Return the rows; raises OkrctlError where an option does not apply to them.

    Most are worked out when they are asked for. With `needs_name`, it also raises OkrctlError where nothing names the
    workspace: its rows are to be told from those of others.
    """
    _require_fitting(request)
    loaded = load_at_revision(project, request.known_at)
    kept = open_kept_rows(project)
    row_type, groups = _build_groups(loaded, request, kept)
    return ExportTable(request.what, row_type, list(groups), _build_stamp(project, loaded, request), kept)


def _require_fitting(request: ExportRequest) -> None:
    given = {"--every": request.every, "--since": request.since, "--until": request.until}
    names = {"readings": ("--since", "--until"), "objectives": ()}.get(request.what, tuple(given))
    for name, value in given.items():
        if value is not None and name not in names:
            raise OkrctlError(f"{name} does not apply to --what {request.what}", "leave it out, or use --what scores")
    if request.since and request.until and request.since > request.until:
        raise OkrctlError(f"--since {request.since} is after --until {request.until}", "swap the two days")


def _build_groups(
    loaded: Loaded, request: ExportRequest, kept: KeptRows | None
) -> tuple[type[Any], Iterable[RowGroup]]:  # fmt: skip
    workspace, today = loaded.workspace, loaded.today
    selection = request.filters.select(workspace)
    store = kept if selection.is_everything else None
    if request.what == "readings":
        as_of = request.as_of or (today if loaded.commit else None)
        days = ReadingDays(today, as_of, request.since, request.until)
        return Row, _reading_groups(workspace, selection, days, store)
    day = request.as_of or today
    span = Span(min(request.until or day, day), request.since, request.every or "week")
    if request.what == "scores":
        return ScoreRow, _score_groups(workspace, selection, span, store)
    if request.what == "kpis":
        rows = list[Any](export_series.kpi_rows(workspace, selection, span))
        return KpiRow, [RowGroup(lambda: rows)]
    goals = list(export_series.goal_rows(workspace, selection, day))
    return GoalRow, [RowGroup(lambda: goals)]


def _reading_groups(
    workspace: Workspace, selection: Selection, days: ReadingDays, kept: KeptRows | None
) -> Iterable[RowGroup]:  # fmt: skip
    """The rows of readings, kept by file; those of key results without readings have a day of their own."""
    states = kept.states(workspace, {file.path: [file] for file in workspace.files}) if kept is not None else {}

    def key(file: File) -> bytes | None:
        state, period = states.get(file.path), file.period
        day = None if period is None else days.default_day(period, workspace.config)
        return None if state is None else row_key(state, "readings", period, day, *days[1:])

    return export_rows.reading_groups(workspace, selection, days, key)


def _score_groups(
    workspace: Workspace, selection: Selection, span: Span, kept: KeptRows | None
) -> Iterable[RowGroup]:  # fmt: skip
    """The rows of scores, kept by period and day."""
    by_period: dict[str, list[File]] = {}
    for file in workspace.files:
        if file.period is not None:
            by_period.setdefault(file.period.id, []).append(file)
    states = kept.states(workspace, by_period) if kept is not None else {}

    def key(period: Period, day: date, is_latest: bool) -> bytes | None:
        state = states.get(period.id)
        return None if state is None else row_key(state, "scores", period, day, is_latest)

    return export_series.score_groups(workspace, selection, span, key)


def _build_stamp(project: Project, loaded: Loaded, request: ExportRequest) -> Stamp:
    repository = find_repository(project)
    commit = loaded.commit
    if commit is None and repository is not None:
        commit = sealed_commit(repository, loaded.workspace) or DIRTY
    name = request.workspace
    remote = repository.remote_url() if repository is not None and name is None else None
    if remote is not None and repository is not None:
        name = git.repository_name(remote, repository.prefix)
    if name is None and request.needs_name:
        raise OkrctlError(f"the workspace in {project.root} has no name: it has no git remote", "use --workspace NAME")
    return Stamp(name or project.root.name, loaded.workspace.config.organisation, commit, loaded.today)
