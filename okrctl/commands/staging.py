"""Builds the company of the demo with its history in git, up to today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from okrctl import reviewing, scoring
from okrctl.closing import sealing
from okrctl.closing.sealing import Circumstances
from okrctl.commands.session import Session
from okrctl.demo import calendar, story
from okrctl.demo.calendar import Calendar
from okrctl.demo.story import Scene
from okrctl.errors import OkrctlError
from okrctl.finding import Context
from okrctl.git import Repository, replaying
from okrctl.git.replaying import Past
from okrctl.history import past
from okrctl.outputs.terminal import safe


def stage(session: Session, dry_run: bool) -> int:
    """Build the demo in the folder of the session, which must be empty; OkrctlError where it is not."""
    root = session.root
    if root.exists() and any(root.iterdir()):
        raise OkrctlError(f"{safe(str(root))} is not empty", "name a new folder: okrctl init --demo DIR")
    days = calendar.of(session.today)
    scenes = list(story.scenes(days, session.today))
    if dry_run:
        session.out("\n".join(f"{one.day}  {one.who:<6} {one.subject}" for one in scenes))
        return 0
    session.say(f"building a company with four teams and {len(scenes) + 1} commits in {safe(str(root))}")
    root.mkdir(parents=True, exist_ok=True)
    repository = replaying.begin(root)
    closed = days.day(*story.SEALED)
    replaying.replay(repository, _commits(one for one in scenes if one.day <= closed))
    replaying.replay(repository, _commits([_seal(repository, days), *(one for one in scenes if one.day > closed)]))
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
    opened = past.at(repository, head.id)
    closed = days.day(*story.SEALED)
    day = scoring.day_asked(days.before, closed, opened.config)
    card = scoring.scorecard(opened, days.before, day)
    findings = reviewing.lines(reviewing.review(opened, [card], Context(opened.config, closed)))
    sealed = sealing.seal(opened, card, Circumstances(head.id, closed, tuple(findings)))
    files = {sealing.path_of(days.before.id): sealing.written(sealed)}
    return Scene(closed, "Ines", f"Close {days.before.id}", files)
