"""Parses dates, months and cadences."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from okrctl.values.quantity import truncate

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")
WEEK = re.compile(r"(?P<year>[0-9]{4})-?[Ww](?P<week>[0-9]{1,2})")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIMESTAMP = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]|\s+)"
    r"(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)\s*(?:[Zz]|UTC|GMT|[-+][0-9]{2}:?(?:[0-9]{2})?)?"
)
_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")


class PeriodError(ValueError):
    """A text that is not a valid period, date or cadence: what is wrong and how to write it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Cadence(NamedTuple):
    """How often a reading is due: `days` for ages and trends, `months` if intervals follow the calendar, else 0."""

    name: str
    days: int
    months: int = 0


CADENCES: dict[str, Cadence] = {
    "daily": Cadence("daily", 1),
    "weekly": Cadence("weekly", 7),
    "fortnightly": Cadence("fortnightly", 14),
    "monthly": Cadence("monthly", 30, 1),
    "quarterly": Cadence("quarterly", 91, 3),
}


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date:
    """Parse an ISO date. Raises PeriodError."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise _invalid_date_error(text)
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if not 1 <= month <= 12:
        raise PeriodError(f"'{text}' is not a valid date", "months are 01 to 12, as in 2026-04-13")
    if not year:
        raise PeriodError(f"'{text}' is not a valid date", "years are 0001 to 9999")
    most = monthrange(year, month)[1]
    if not 1 <= day <= most:
        raise PeriodError(f"'{text}' is not a valid date", f"{MONTH_NAMES[month - 1]} {year} has {most} days")
    return date(year, month, day)


@lru_cache(maxsize=4096)
def parse_reading_day(text: str) -> date:
    """Parse the date of a reading: an ISO date, or `2026-05` for the last day of a month. Raises PeriodError."""
    first = parse_month(text)
    return parse_day(text) if first is None else first.replace(day=monthrange(first.year, first.month)[1])


class WrittenDay(NamedTuple):
    """The day of a reading as a table writes it, and the time of day where it has one."""

    day: date
    time: str = ""


@lru_cache(maxsize=4096)
def parse_written_day(text: str) -> WrittenDay:
    """Parse the day of a reading in a table: a date, a timestamp, or the last day of a month or an ISO week.

    A timestamp is the day as it is written, whatever its time and zone. Raises PeriodError.
    """
    plain = text.strip()
    timestamp = _TIMESTAMP.fullmatch(plain)
    if timestamp:
        hour, _, rest = timestamp["time"].partition(":")
        return WrittenDay(parse_day(timestamp["day"]), f"{hour:>02}:{rest}")
    week = find_week(plain)
    return WrittenDay(week[1] if week else parse_reading_day(plain))


def find_week(text: str) -> tuple[date, date] | None:
    """The first and the last day of an ISO week such as `2026-W18`; None for any other text."""
    match = WEEK.fullmatch(text)
    if match is None:
        return None
    try:
        first = date.fromisocalendar(int(match["year"]), int(match["week"]), 1)
        return first, first + timedelta(days=6)
    except (ValueError, OverflowError):
        return None


def parse_month(text: str) -> date | None:
    """Parse a month as `2026-05` and return its first day, None for any other text. Raises PeriodError."""
    match = MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match["year"]), int(match["month"])
    if not year or not 1 <= month <= 12:
        raise PeriodError(f"'{text}' is not a valid month", "months are 01 to 12, as in 2026-05; quarters are 2026-Q2")
    return date(year, month, 1)


def parse_cadence(text: str) -> Cadence:
    """Parse a cadence: `daily`, `weekly`, `fortnightly`, `monthly`, `quarterly`, or a number of days as `10 days`.

    Raises PeriodError.
    """
    if text in CADENCES:
        return CADENCES[text]
    match = re.fullmatch(r"([0-9]{1,4}) days?", text)
    if match and 1 <= int(match[1]) <= 3660:
        return Cadence(text, int(match[1]))
    raise PeriodError(
        f"'{truncate(text)}' is not a valid cadence",
        f"write {', '.join(CADENCES)}, or a number of days such as 10 days",
    )


def cadence_intervals(cadence: Cadence, first: date, last: date) -> list[tuple[date, date]]:
    """The intervals of a cadence that start between `first` and `last`, each as its first and last day.

    Months start on the same day of the month as the first interval, or on the last day of a shorter month. The last
    interval has its full length, even if it ends after `last`.
    """
    spans: list[tuple[date, date]] = []
    start = first
    while start <= last:
        next_start = _interval_start(first, cadence, len(spans) + 1)
        spans.append((start, next_start - timedelta(days=1) if next_start else date.max))
        if next_start is None:
            break
        start = next_start
    return spans


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month. OverflowError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("dates must be in the years 1 to 9999")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_before(day: date, days: int) -> date:
    """So many days before; the calendar's first day where it does not reach that far."""
    return day - timedelta(days=min(days, (day - date.min).days))


def days_after(day: date, days: int) -> date:
    """So many days later; the calendar's last day where it does not reach that far."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _interval_start(first: date, cadence: Cadence, steps: int) -> date | None:
    try:
        if cadence.months:
            return add_months(first, steps * cadence.months)
        return first + timedelta(days=steps * cadence.days)
    except OverflowError:
        return None


def _invalid_date_error(text: str) -> PeriodError:
    hint = "write a date as 2026-04-13"
    loose = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text.strip())
    german = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text.strip())
    timed = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ].*", text)
    compact = _COMPACT_DAY.fullmatch(text.strip())
    week = find_week(text.strip())
    if loose:
        hint = f"write {loose[1]}-{int(loose[2]):02}-{int(loose[3]):02}"
    elif german:
        hint = f"write {german[3]}-{int(german[2]):02}-{int(german[1]):02}"
    elif timed:
        hint = f"write the date alone: {timed[1]}"
    elif compact:
        hint = f"write {compact[1]}-{compact[2]}-{compact[3]}"
    elif week:
        hint = f"write {week[1]}, the last day of the week from {week[0]}"
    return PeriodError(f"'{truncate(text)}' is not a valid date", hint)
