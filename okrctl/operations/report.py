"""Reports on a period for readers who do not use the command line: one page, or a site of all periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from okrctl import git
from okrctl.analysis.period_report import PeriodReport, build_period_report
from okrctl.analysis.period_trends import build_period_trends
from okrctl.history import baseline
from okrctl.history.baseline import Baselines
from okrctl.history.seals.store import sealed_period_ids
from okrctl.operations import site_writer
from okrctl.operations.load import Loaded, load_at_revision, load_baselines, requested_periods
from okrctl.operations.project import Project
from okrctl.operations.retrospective import retrospective_lines
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which period to report on, the shortest running one by default.

    `link_base` is the URL that paths are appended to; without it, the URL of the git remote is used.
    """

    period: str | None = None
    as_of: date | None = None
    known_at: str | None = None
    is_full: bool = False
    link_base: str | None = None


def report(project: Project, request: ReportRequest) -> PeriodReport:
    """Return the report on a period."""
    loaded = load_at_revision(project, request.known_at)
    period = requested_periods(project, loaded, [request.period] if request.period else None)[0]
    baselines = load_baselines(project, loaded)
    result = _build_report(project, loaded, baselines, period, request.as_of)
    result.is_full, result.link_base = request.is_full, forge_link_base(baselines, request.link_base)
    return result


def write_site(project: Project, folder: Path, request: ReportRequest) -> int:
    """Write a page for each period, team and owner, and an index, into a folder; returns the number of pages."""
    from okrctl.outputs.reports import site

    loaded = load_at_revision(project, request.known_at)
    requested_periods(project, loaded, None)
    baselines = load_baselines(project, loaded)
    link_base = forge_link_base(baselines, request.link_base)
    reports = []
    for period in loaded.workspace.periods:
        reports.append(_build_report(project, loaded, baselines, period, request.as_of))
        reports[-1].link_base = link_base
    texts = site.pages(build_period_trends(loaded.workspace, reports))
    pages = {path: text.encode("utf-8", "replace") for path, text in texts.items()}
    site_writer.write_site(project.directory / folder, pages)
    return len(pages)


def _build_report(
    project: Project, loaded: Loaded, baselines: Baselines, period: Period, as_of: date | None
) -> PeriodReport:
    """Return the report on a period, with the agreed targets and the findings of the retrospective rules."""
    workspace = loaded.workspace
    card, notes = baseline.score_with_baseline(baselines, period, loaded.day_of(period, as_of), agreed=False)
    if not baselines.is_certain and baselines.repository is not None:
        for note in notes:
            project.notify(note)
    result = build_period_report(workspace, card, loaded.today, frozenset(sealed_period_ids(project.root)))
    result.notes = notes + retrospective_lines(workspace, [card], loaded.today)
    return result


def forge_link_base(baselines: Baselines, url: str | None) -> str | None:
    """Return the URL that paths and lines are appended to, None where no forge is known."""
    if url is not None:
        if not url.startswith(("https://", "http://")):
            raise OkrctlError(
                f"--link-base '{url}' is not a URL", "write a URL, such as https://forge.example/team/goals/blob/main"
            )  # fmt: skip
        return url if url.endswith("/") else f"{url}/"
    repository = baselines.repository
    try:
        remote = repository.remote_url() if repository else None
        commit = repository.resolve(baselines.head) if repository and remote else None
    except OkrctlError:
        return None
    if repository is None or remote is None or commit is None or repository.has_submodules(commit.id):
        return None  # a forge shows the files of a submodule elsewhere
    return git.forge_base_url(remote, commit.id, repository.prefix)
