"""Lays a story that is told in weeks over the calendar, so that it always ends today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from okrctl.schema.settings import MONTHS
from okrctl.values import period
from okrctl.values.period import FiscalYear, Period

_DATE = re.compile(r"\{(!?)([ab])(\d+)(?:\.(\d))?\}")
_MONTH = re.compile(r"\{m(-?\d+)\}")
_FROM = re.compile(r"\[([ab])(\d+)(?:\.(\d))?-\] ")
_UNTIL = re.compile(r"\[-([ab])(\d+)(?:\.(\d))?\] ")
_READINGS = re.compile(r"( *)readings: @([ab]) (.+)")


class Calendar(NamedTuple):
    """The quarter before (`a`) and the one that runs (`b`), which is in its third month today."""

    before: Period
    running: Period
    fiscal: FiscalYear

    @property
    def month(self) -> str:
        """The month in which the fiscal year starts."""
        return MONTHS[self.fiscal.start_month - 1]

    def day(self, quarter: str, week: int, weekday: int = 0) -> date:
        """A day of a quarter's week; week 0 begins on its first Monday."""
        start = (self.before if quarter == "a" else self.running).start
        return start + timedelta(days=-start.weekday() % 7 + 7 * week + weekday)

    def last_day_of_month(self, offset: int) -> date:
        """The last day of a month, counted from the first one of the running quarter."""
        return period.add_months(self.running.start, offset + 1) - timedelta(days=1)


def build_calendar(today: date) -> Calendar:
    """The calendar whose running quarter began on the first day of the month before last."""
    start = period.add_months(today.replace(day=1), -2)
    fiscal = FiscalYear((start.month - 1) % 3 + 1)
    years = (f"{year:04}" if fiscal.start_month == 1 else f"FY{year % 100:02}" for year in (today.year, today.year - 1))
    quarters = (period.parse(f"{year}-Q{number}", fiscal) for year in years for number in (1, 2, 3, 4))
    running = next(one for one in quarters if one.start == start)
    return Calendar(period.previous_period(running, fiscal), running, fiscal)


def render_text(text: str, calendar: Calendar, moment: date) -> str:
    """The text of a file as it was on a day: lines that speak of later days are not there yet.

    `{b3.1}` is the Tuesday of a quarter's week 3 and `{m-2}` a month, `{!b3}` the same without hiding the line;
    `[b5-] ` begins a line that is there from then on, `[-b5] ` one that is there until then. `readings: @b 1 - 2!6`
    stands for one value in each week, `-` for none, `!6` for the confidence.
    """
    lines = (line for written in text.splitlines() for line in _render_line(written, calendar, moment))
    names = {"{A}": calendar.before.id, "{B}": calendar.running.id, "{MONTH}": calendar.month}
    result = "\n".join(lines) + "\n"
    for name, value in names.items():
        result = result.replace(name, value)
    return result


def _render_line(line: str, calendar: Calendar, moment: date) -> Iterator[str]:
    since, until = _FROM.match(line), _UNTIL.match(line)
    if (since and moment < _parse_day(calendar, since)) or (until and moment >= _parse_day(calendar, until)):
        return
    line = line[(since or until).end() :] if (since or until) else line  # type: ignore[union-attr]
    course = _READINGS.fullmatch(line)
    if course:
        yield from _render_readings(course, calendar, moment)
        return
    days = [_parse_day(calendar, found, 2) for found in _DATE.finditer(line) if not found[1]]
    days += [calendar.last_day_of_month(int(found[1])) for found in _MONTH.finditer(line)]
    if all(day <= moment for day in days):
        line = _DATE.sub(lambda found: str(_parse_day(calendar, found, 2)), line)
        yield _MONTH.sub(lambda found: f"{calendar.last_day_of_month(int(found[1])):%Y-%m}", line)


def _parse_day(calendar: Calendar, found: re.Match[str], first: int = 1) -> date:
    quarter, week, weekday = (found[first + place] for place in range(3))
    return calendar.day(quarter, int(week), int(weekday or 0))


def _render_readings(found: re.Match[str], calendar: Calendar, moment: date) -> Iterator[str]:
    """One line for each value that was read by then, with their heading if there is one."""
    last = calendar.before.end if found[2] == "a" else calendar.running.end
    days = [(calendar.day(found[2], week), value) for week, value in enumerate(found[3].split())]
    known = [(day, value) for day, value in days if value != "-" and day <= min(moment, last)]
    if known:
        yield f"{found[1]}readings:"
    for day, value in known:
        number, _, confidence = value.partition("!")
        yield f"{found[1]}  {day}: " + (f"{{value: {number}, confidence: {confidence}}}" if confidence else number)
