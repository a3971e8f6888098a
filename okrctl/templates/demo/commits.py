"""The commits of the demo: who changed which file, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from okrctl.templates import read_template
from okrctl.templates.demo.calendar import Calendar, render_text

EMAIL_DOMAIN = "morgenrot.example"
CLOSING_DAY = ("b", 1, 2)  # quarter, week, weekday on which the previous quarter is closed
WEEKS = 14
TEAM_LEADS = {"company": "Ines", "app": "Paul", "roastery": "Noor", "service": "Jonas", "markets": "Amara"}
KPI_FILES = {"kpis/company.yaml": "Update KPIs", "data/subscribers.csv": "Update subscribers"}
FIRST_FILES = ("okrctl.yaml", "README.md", *KPI_FILES)

# (quarter, week, weekday), author, subject, data file
SCHEDULED_CHANGES = (
    (("a", 5, 3), "Amara", "Postpone the station shop: the landlord does not answer", "okrs/previous/markets.yaml"),
    (("b", 4, 3), "Noor", "Tighten the target for defects", "okrs/current/roastery.yaml"),
    (("b", 5, 3), "Paul", "Adjust the target for the weekly plan", "okrs/current/app.yaml"),
    (("b", 5, 4), "Amara", "Drop the newspaper, start with offices", "okrs/current/markets.yaml"),
    (("b", 6, 0), "Ines", "Add the tasting tables of all teams", "okrs/current/company.yaml"),
)


class DemoCommit(NamedTuple):
    """A commit of the demo: its day, author (a first name) and subject, and the files that it changes."""

    day: date
    author: str
    subject: str
    files: dict[str, str]

    @property
    def email(self) -> str:
        """The author's address, as listed under `people:` in the settings."""
        return f"{self.author.lower()}@{EMAIL_DOMAIN}"


class _PlannedChange(NamedTuple):
    """A day on which somebody may have changed a data file."""

    day: date
    author: str
    subject: str
    source: str

    @property
    def order(self) -> tuple[date, str, bool]:
        """By day and file; a check-in comes after other changes of the same file."""
        return self.day, self.source, self.subject.startswith("Check in")


def demo_commits(calendar: Calendar, today: date) -> Iterator[DemoCommit]:
    """Every commit up to today, in order of time; a planned change that changes nothing makes no commit."""
    first = calendar.day("a", 0) - timedelta(days=4)
    # Goals refer to KPIs, so the KPIs come first.
    texts = {path: render_text(read_template(f"demo/{path}"), calendar, first) for path in FIRST_FILES}
    yield DemoCommit(first, "Ines", "Track goals in git", dict(texts))
    planned = (change for change in _planned_changes(calendar) if change.day <= today)
    for change in sorted(planned, key=lambda change: change.order):
        text = render_text(read_template(f"demo/{change.source}"), calendar, change.day)
        if texts.get(change.source) != text:
            texts[change.source] = text
            yield DemoCommit(change.day, change.author, change.subject, {_path(change.source, calendar): text})


def _planned_changes(calendar: Calendar) -> Iterator[_PlannedChange]:
    """First versions, a check-in every week, the scheduled changes, and the reviews when the quarter is closed."""
    for offset, (team, lead) in enumerate(TEAM_LEADS.items()):
        for quarter, folder in (("a", "previous"), ("b", "current")):
            source = f"okrs/{folder}/{team}.yaml"
            ident = (calendar.previous if quarter == "a" else calendar.current).id
            lead_time = 3 if offset else 4 if quarter == "a" else 10
            first = calendar.day(quarter, 0) - timedelta(days=lead_time)
            yield _PlannedChange(first, lead, f"Add goals for {ident}: {team}", source)
            for week in range(1, WEEKS):
                yield _PlannedChange(calendar.day(quarter, week, offset), lead, f"Check in: {team}", source)
        source = f"okrs/previous/{team}.yaml"
        yield _PlannedChange(calendar.day(*CLOSING_DAY), lead, f"Review {calendar.previous.id}: {team}", source)
    for quarter in ("a", "b"):
        for week in range(WEEKS):
            for source, subject in KPI_FILES.items():
                yield _PlannedChange(calendar.day(quarter, week), "Lu", subject, source)
    for moment, author, subject, source in SCHEDULED_CHANGES:
        yield _PlannedChange(calendar.day(*moment), author, subject, source)


def _path(source: str, calendar: Calendar) -> str:
    """The path in the workspace of a data file."""
    return source.replace("/previous/", f"/{calendar.previous.id}/").replace("/current/", f"/{calendar.current.id}/")
