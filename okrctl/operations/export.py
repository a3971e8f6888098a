"""Exports readings, scores, KPIs or goals as rows for other programs, with where each row comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from okrctl import git
from okrctl.analysis import export_rows, export_series
from okrctl.analysis.export_rows import ExportTable, Row, RowGroup, Stamp, What
from okrctl.analysis.export_series import Every, GoalRow, KpiRow, ScoreRow, Span
from okrctl.analysis.filters import Selection
from okrctl.history.seals.store import sealed_commit
from okrctl.operations.kept_rows import KeptRows, row_key
from okrctl.operations.load import NO_FILTERS, Filters, Loaded, find_repository, load_at_revision
from okrctl.operations.project import Project
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Workspace

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


def export(project: Project, request: ExportRequest, kept: KeptRows | None = None) -> ExportTable:
    """Return the rows; raises OkrctlError where an option does not apply to them.

    Those of scores are worked out when they are asked for; `kept` is where their text may be kept.

    With `needs_name`, also where nothing names the workspace: its rows are to be told from those of others.
    """
    _require_fitting(request)
    loaded = load_at_revision(project, request.known_at)
    stamp = _build_stamp(project, loaded, request)
    selection = request.filters.select(loaded.workspace)
    if request.what == "scores":
        span = _span(loaded, request)
        groups = list(_score_groups(loaded.workspace, selection, span, kept))
        return ExportTable(request.what, ScoreRow, groups, stamp)
    row_type, rows = _build_rows(loaded, request, selection)
    return ExportTable(request.what, row_type, [RowGroup(lambda: rows)], stamp)


def _require_fitting(request: ExportRequest) -> None:
    given = {"--every": request.every, "--since": request.since, "--until": request.until}
    names = {"readings": ("--since", "--until"), "objectives": ()}.get(request.what, tuple(given))
    for name, value in given.items():
        if value is not None and name not in names:
            raise OkrctlError(f"{name} does not apply to --what {request.what}", "leave it out, or use --what scores")
    if request.since and request.until and request.since > request.until:
        raise OkrctlError(f"--since {request.since} is after --until {request.until}", "swap the two days")


def _score_groups(
    workspace: Workspace, selection: Selection, span: Span, kept: KeptRows | None
) -> Iterator[RowGroup]:  # fmt: skip
    """The rows of scores; those of all lines may be kept, by what they follow from."""
    states = kept.period_states(workspace) if kept is not None and selection.is_everything else {}

    def key(period: Period, day: date, is_latest: bool) -> bytes | None:
        state = states.get(period.id)
        return None if state is None else row_key(state, period, day, is_latest)

    return export_series.score_groups(workspace, selection, span, key)


def _span(loaded: Loaded, request: ExportRequest) -> Span:
    day = request.as_of or loaded.today
    return Span(min(request.until or day, day), request.since, request.every or "week")


def _build_rows(loaded: Loaded, request: ExportRequest, selection: Selection) -> tuple[type[Any], Sequence[Any]]:
    workspace, commit, today = loaded
    if request.what == "readings":
        as_of = request.as_of or (today if commit else None)
        return Row, _select_days(export_rows.reading_rows(workspace, selection, today, as_of), request)
    if request.what == "kpis":
        return KpiRow, list(export_series.kpi_rows(workspace, selection, _span(loaded, request)))
    return GoalRow, list(export_series.goal_rows(workspace, selection, request.as_of or today))


def _select_days(rows: Any, request: ExportRequest) -> list[Row]:
    """The readings of the requested days; with bounds, rows without a day are left out."""
    since, until = request.since or date.min, request.until or date.max
    if not request.since and not request.until:
        return list(rows)
    return [row for row in rows if (day := row.reading.date_) is not None and since <= day <= until]


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
