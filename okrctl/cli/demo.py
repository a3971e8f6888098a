"""Builds the company of the demo with its history in git, up to today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from okrctl import scoring
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli.session import Session
from okrctl.git import Repository, fast_import
from okrctl.git.fast_import import Past
from okrctl.history import snapshot
from okrctl.outputs.terminal import safe
from okrctl.seals import seal
from okrctl.seals.seal import Circumstances
from okrctl.templates.demo import calendar, commits
from okrctl.templates.demo.calendar import Calendar
from okrctl.templates.demo.commits import Scene
from okrctl.values.errors import OkrctlError


def stage(session: Session, dry_run: bool) -> int:
    """Build the demo in the folder of the session, which must be empty; OkrctlError where it is not."""
    root = session.root
    if root.exists() and any(root.iterdir()):
        raise OkrctlError(f"{safe(str(root))} is not empty", "name a new folder: okrctl init --demo DIR")
    days = calendar.of(session.today)
    scenes = list(commits.scenes(days, session.today))
    if dry_run:
        session.out("\n".join(f"{one.day}  {one.who:<6} {one.subject}" for one in scenes))
        return 0
    session.say(f"building a company with four teams and {len(scenes) + 1} commits in {safe(str(root))}")
    root.mkdir(parents=True, exist_ok=True)
    repository = fast_import.begin(root)
    closed = days.day(*commits.SEALED)
    fast_import.replay(repository, _commits(one for one in scenes if one.day <= closed))
    fast_import.replay(repository, _commits([_seal(repository, days), *(one for one in scenes if one.day > closed)]))
    session.say(f"ready: cd {safe(str(root))}, then `okrctl status`; README.md there says what else to try")
    return 0


def _commits(scenes: Iterable[Scene]) -> Iterator[Past]:
    """The scenes as commits, those of one day a few minutes apart."""
    latest = datetime.min.replace(tzinfo=UTC)
    for one in scenes:
        start = datetime.combine(one.day, time(17) if one.subject.startswith("Close") else time(9), UTC)
        latest = max(start, latest + timedelta(minutes=7))
        yield Past(latest, one.who, one.email, one.subject, one.files)


def _seal(repository: Repository, days: Calendar) -> Scene:
    """The close of the quarter before, by the files as they are then."""
    head = repository.head()
    assert head is not None
    opened = snapshot.at(repository, head.id)
    closed = days.day(*commits.SEALED)
    day = scoring.day_asked(days.before, closed, opened.config)
    card = scoring.scorecard(opened, days.before, day)
    findings = retrospective.lines(retrospective.review(opened, [card], Context(opened.config, closed)))
    sealed = seal.seal(opened, card, Circumstances(head.id, closed, tuple(findings)))
    files = {seal.path_of(days.before.id): seal.written(sealed)}
    return Scene(closed, "Ines", f"Close {days.before.id}", files)
