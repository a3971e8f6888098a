"""Builds a demo company with two quarters of goals, and their history in git up to today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from okrctl import scoring
from okrctl.git import Repository, fast_import
from okrctl.git.fast_import import PlannedCommit
from okrctl.history import snapshot
from okrctl.history.seals import seal
from okrctl.history.seals.seal import SealContext
from okrctl.operations.project import Project
from okrctl.operations.retrospective import retrospective_lines
from okrctl.templates.demo import calendar, commits
from okrctl.templates.demo.calendar import Calendar
from okrctl.templates.demo.commits import DemoCommit
from okrctl.values.errors import ConflictError, OkrctlError

YEARS = range(2001, 2099)  # those whose fiscal years, and the ones before and after, have names


def build_demo(project: Project, *, dry_run: bool = False) -> list[DemoCommit]:
    """Build the demo in the folder of the project, and return its commits; raises OkrctlError if it is not empty."""
    root = project.root
    if root.exists() and any(root.iterdir()):
        raise ConflictError(f"{root} is not empty", "pass a new folder: okrctl init --demo DIR")
    if project.today.year not in YEARS:
        years = f"{YEARS[0]} to {YEARS[-1]}"
        raise OkrctlError(f"the demo cannot end on {project.today}", f"set OKRCTL_TODAY to a day in the years {years}")
    days = calendar.build_calendar(project.today)
    planned = list(commits.demo_commits(days, project.today))
    if dry_run:
        return planned
    project.notify(f"building a company with four teams and {len(planned) + 1} commits in {root}")
    root.mkdir(parents=True, exist_ok=True)
    repository = fast_import.create_repository(root)
    closing_day = days.day(*commits.CLOSING_DAY)
    before = [commit for commit in planned if commit.day <= closing_day]
    fast_import.import_commits(repository, _with_times(before))
    after = [_closing_commit(repository, days), *planned[len(before) :]]
    fast_import.import_commits(repository, _with_times(after))
    return planned


def _with_times(planned: Iterable[DemoCommit]) -> Iterator[PlannedCommit]:
    """Yield the commits with their times, those of one day a few minutes apart."""
    latest = datetime.min.replace(tzinfo=UTC)
    for commit in planned:
        start = datetime.combine(commit.day, time(17) if commit.subject.startswith("Close") else time(9), UTC)
        latest = max(start, latest + timedelta(minutes=7))
        yield PlannedCommit(latest, commit.author, commit.email, commit.subject, commit.files)


def _closing_commit(repository: Repository, days: Calendar) -> DemoCommit:
    """Return the commit that closes the previous quarter, from the files as they are then."""
    head = repository.head()
    assert head is not None
    workspace = snapshot.load_snapshot(repository, head.id)
    closing_day = days.day(*commits.CLOSING_DAY)
    card = scoring.build_scorecard(
        workspace, days.previous, scoring.default_day(days.previous, closing_day, workspace.config)
    )  # fmt: skip
    findings = retrospective_lines(workspace, [card], closing_day)
    sealed = seal.build_seal(workspace, card, SealContext(head.id, closing_day, tuple(findings)))
    files = {seal.seal_path(days.previous.id): seal.render_seal(sealed)}
    return DemoCommit(closing_day, "Ines", f"Close {days.previous.id}", files)
