"""Builds the company of the demo with its history in git, up to today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from okrctl import scoring
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli.session import Session
from okrctl.git import Repository, fast_import
from okrctl.git.fast_import import PlannedCommit
from okrctl.history import snapshot
from okrctl.outputs.terminal import sanitize
from okrctl.seals import seal
from okrctl.seals.seal import SealContext
from okrctl.templates.demo import calendar, commits
from okrctl.templates.demo.calendar import Calendar
from okrctl.templates.demo.commits import DemoCommit
from okrctl.values.errors import OkrctlError


def build_demo(session: Session, dry_run: bool) -> int:
    """Build the demo in the folder of the session, which must be empty; OkrctlError where it is not."""
    root = session.root
    if root.exists() and any(root.iterdir()):
        raise OkrctlError(f"{sanitize(str(root))} is not empty", "name a new folder: okrctl init --demo DIR")
    days = calendar.build_calendar(session.today)
    scenes = list(commits.demo_commits(days, session.today))
    if dry_run:
        session.out("\n".join(f"{one.day}  {one.author:<6} {one.subject}" for one in scenes))
        return 0
    session.say(f"building a company with four teams and {len(scenes) + 1} commits in {sanitize(str(root))}")
    root.mkdir(parents=True, exist_ok=True)
    repository = fast_import.create_repository(root)
    closed = days.day(*commits.CLOSING_DAY)
    fast_import.import_commits(repository, _past_commits(one for one in scenes if one.day <= closed))
    fast_import.import_commits(
        repository, _past_commits([_seal_commit(repository, days), *(one for one in scenes if one.day > closed)])
    )
    session.say(f"ready: cd {sanitize(str(root))}, then `okrctl status`; README.md there says what else to try")
    return 0


def _past_commits(scenes: Iterable[DemoCommit]) -> Iterator[PlannedCommit]:
    """The scenes as commits, those of one day a few minutes apart."""
    latest = datetime.min.replace(tzinfo=UTC)
    for one in scenes:
        start = datetime.combine(one.day, time(17) if one.subject.startswith("Close") else time(9), UTC)
        latest = max(start, latest + timedelta(minutes=7))
        yield PlannedCommit(latest, one.author, one.email, one.subject, one.files)


def _seal_commit(repository: Repository, days: Calendar) -> DemoCommit:
    """The close of the quarter before, by the files as they are then."""
    head = repository.head()
    assert head is not None
    opened = snapshot.load_snapshot(repository, head.id)
    closed = days.day(*commits.CLOSING_DAY)
    day = scoring.default_day(days.previous, closed, opened.config)
    card = scoring.build_scorecard(opened, days.previous, day)
    findings = retrospective.format_lines(
        retrospective.run_retrospective_rules(opened, [card], Context(opened.config, closed))
    )
    sealed = seal.build_seal(opened, card, SealContext(head.id, closed, tuple(findings)))
    files = {seal.seal_path(days.previous.id): seal.render_seal(sealed)}
    return DemoCommit(closed, "Ines", f"Close {days.previous.id}", files)
