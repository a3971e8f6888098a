"""Tells who changed what, and when, in the half year of the invented company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from okrctl.templates.demo import current_quarter, kpis, previous_quarter
from okrctl.templates.demo.calendar import Calendar, render_text

EMAIL_DOMAIN = "morgenrot.example"
CLOSING_DAY = ("b", 1, 2)  # the day on which the quarter before is closed


class DemoCommit(NamedTuple):
    """One commit: the day, who made it (a first name), what it says, and the files as they are then."""

    day: date
    author: str
    subject: str
    files: dict[str, str]

    @property
    def email(self) -> str:
        """The address that `people:` knows."""
        return f"{self.author.lower()}@{EMAIL_DOMAIN}"


class PlannedChange(NamedTuple):
    """Somebody turns to a file on a day."""

    day: date
    author: str
    subject: str
    name: str


TEAM_LEADS = {"company": "Ines", "app": "Paul", "roastery": "Noor", "service": "Jonas", "markets": "Amara"}

# (quarter, week, weekday), who, what they say, the file.
SCHEDULED_CHANGES = (
    (("a", 5, 3), "Amara", "Postpone the shop in the station: the landlord is silent", "a/markets"),
    (("b", 4, 3), "Noor", "Aim for fewer defects after the second mill, and say so", "b/roastery"),
    (("b", 5, 3), "Paul", "Adjust the target for the weekly plan", "b/app"),
    (("b", 5, 4), "Amara", "Give up the newspaper, begin with offices", "b/markets"),
)


def demo_commits(calendar: Calendar, today: date) -> Iterator[DemoCommit]:
    """Every commit up to today, in order of time; each holds only the files that it changes."""
    first = calendar.day("a", 0) - timedelta(days=4)
    start = {
        "okrctl.yaml": render_text(kpis.SETTINGS, calendar, first),
        "README.md": render_text(kpis.README, calendar, first),
    }
    yield DemoCommit(first, "Ines", "Keep our goals in git from now on", start)
    texts: dict[str, str] = {}
    known = (cue for cue in _planned_changes(calendar) if cue.day <= today)
    for cue in sorted(known, key=lambda cue: (cue.day, cue.name, cue.subject.startswith("Check in"))):
        path, source = _source_file(cue.name, calendar)
        text = render_text(source, calendar, cue.day)
        if texts.get(path) != text:
            texts[path] = text
            yield DemoCommit(cue.day, cue.author, cue.subject, {path: text})


def _planned_changes(calendar: Calendar) -> Iterator[PlannedChange]:
    """Who could have something to write: drafts, a look every week, the turns of the story, the close."""
    for offset, (team, who) in enumerate(TEAM_LEADS.items()):
        for quarter, drafted in (("a", calendar.day("a", 0)), ("b", calendar.day("b", 0))):
            ident = (calendar.before if quarter == "a" else calendar.running).id
            day = drafted - timedelta(days=3 if offset else 4 if quarter == "a" else 10)
            yield PlannedChange(day, who, f"Goals of {ident}: {team}", f"{quarter}/{team}")
        for quarter in ("a", "b"):
            for week in range(1, 14):
                yield PlannedChange(calendar.day(quarter, week, offset), who, f"Check in: {team}", f"{quarter}/{team}")
        yield PlannedChange(calendar.day(*CLOSING_DAY), who, f"How {calendar.before.id} went: {team}", f"a/{team}")
    weeks = ((quarter, week) for quarter in ("a", "b") for week in range(14))
    for quarter, week in weeks:
        yield PlannedChange(calendar.day(quarter, week), "Lu", "KPIs of the week", "kpis")
        yield PlannedChange(calendar.day(quarter, week), "Lu", "Subscribers of the week", "subscribers")
    for moment, who, subject, name in SCHEDULED_CHANGES:
        yield PlannedChange(calendar.day(*moment), who, subject, name)


def _source_file(name: str, calendar: Calendar) -> tuple[str, str]:
    """The path and the source of a file of the story."""
    if name == "kpis":
        return "kpis/company.yaml", kpis.KPIS
    if name == "subscribers":
        return "data/subscribers.csv", kpis.SUBSCRIBERS
    quarter, _, team = name.partition("/")
    ident, texts = (
        (calendar.before.id, previous_quarter.TEXTS) if quarter == "a" else (calendar.running.id, current_quarter.TEXTS)
    )
    return f"okrs/{ident}/{team}.yaml", texts[team]
