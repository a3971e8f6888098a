"""The demo's dates: its files count in weeks of two quarters, and are laid over the calendar so that they end today.

The data files hold the last state of the demo. They are valid YAML (or CSV), with four kinds of marks:

* `<b3>` is the Monday of week 3 of the current quarter, `<b3.1>` the Tuesday, `<a3>` a day of the previous quarter,
  `<a-3>` the Monday three weeks before its week 0, and `<m-2>` a month, counted from the first month of the current
  quarter. A line that starts with a date does not exist before that date. `done: <b3>` is `done: false` before that
  date.
* `readings: <weekly b> - 1 - 2!6` lists one value for each week from week 0, `<weekly b-9>` from nine weeks before; `-`
  is a week without a reading, `!6` a confidence.
* `# from b5` at the end of a line: this line, and what is indented below it, does not exist before that day.
* `# from b5, before: 60%`: the line has the value `60%` before that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from okrctl.schema.settings import MONTHS
from okrctl.templates import fill_template
from okrctl.values import period
from okrctl.values.period import FiscalYear, Period

_DAY = r"([ab])(-?\d+)(?:\.(\d))?"
_DATE = re.compile(rf"<{_DAY}>")
_MONTH = re.compile(r"<m(-?\d+)>")
_DATED_LINE = re.compile(rf" *(?:{_DATE.pattern}|{_MONTH.pattern})[:,]")
_DONE = re.compile(rf"done: {_DATE.pattern}")
_FROM = re.compile(rf"  # from {_DAY}(?:, before: (.+))?$")
_WEEKLY = re.compile(r"( *)readings: <weekly ([ab])(-\d+)?> (.+)")


class Calendar(NamedTuple):
    """The previous quarter (`a`) and the current one (`b`), which is in its third month today."""

    previous: Period
    current: Period
    fiscal: FiscalYear

    @property
    def month(self) -> str:
        """The month in which the fiscal year starts."""
        return MONTHS[self.fiscal.start_month - 1]

    def day(self, quarter: str, week: int, weekday: int = 0) -> date:
        """A day of a quarter's week; week 0 begins on the first Monday of the quarter."""
        start = (self.previous if quarter == "a" else self.current).start
        return start + timedelta(days=-start.weekday() % 7 + 7 * week + weekday)

    def last_day_of_month(self, offset: int) -> date:
        """The last day of a month, counted from the first month of the current quarter."""
        return period.add_months(self.current.start, offset + 1) - timedelta(days=1)


def build_calendar(today: date) -> Calendar:
    """The calendar whose current quarter began on the first day of the month before last."""
    start = period.add_months(today.replace(day=1), -2)
    fiscal = FiscalYear((start.month - 1) % 3 + 1)
    years = (f"{year:04}" if fiscal.start_month == 1 else f"FY{year % 100:02}" for year in (today.year, today.year - 1))
    quarters = (period.parse(f"{year}-Q{number}", fiscal) for year in years for number in (1, 2, 3, 4))
    current = next(quarter for quarter in quarters if quarter.start == start)
    return Calendar(period.previous_period(current, fiscal), current, fiscal)


def render_text(text: str, calendar: Calendar, day: date) -> str:
    """The text of a data file as it was on a day."""
    lines = (rendered for line in _lines_on(text, calendar, day) for rendered in _render_line(line, calendar, day))
    values = {"previous": calendar.previous.id, "current": calendar.current.id, "month": calendar.month}
    return fill_template("\n".join(lines) + "\n", values)


def _lines_on(text: str, calendar: Calendar, day: date) -> Iterator[str]:
    """The lines that exist on a day, without their `# from` marks."""
    hidden: int | None = None  # the indent of a line that does not exist yet
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        if hidden is not None and indent > hidden:
            continue
        hidden = None
        mark = _FROM.search(line)
        if mark is None:
            yield line
            continue
        line = line[: mark.start()]
        if day >= _day_of(mark, calendar):
            yield line
        elif mark[4]:
            yield f"{line.partition(': ')[0]}: {mark[4]}"
        else:
            hidden = indent


def _render_line(line: str, calendar: Calendar, day: date) -> Iterator[str]:
    if weekly := _WEEKLY.fullmatch(line):
        yield from _render_readings(weekly, calendar, day)
        return
    dated = _DATED_LINE.match(line)
    if dated:
        first = calendar.last_day_of_month(int(dated[4])) if dated[4] else _day_of(dated, calendar)
        if first > day:
            return
    line = _DONE.sub(lambda match: match[0] if _day_of(match, calendar) <= day else "done: false", line)
    line = _DATE.sub(lambda match: str(_day_of(match, calendar)), line)
    yield _MONTH.sub(lambda match: f"{calendar.last_day_of_month(int(match[1])):%Y-%m}", line)


def _day_of(match: re.Match[str], calendar: Calendar) -> date:
    quarter, week, weekday = match[1], match[2], match[3]
    return calendar.day(quarter, int(week), int(weekday or 0))


def _render_readings(weekly: re.Match[str], calendar: Calendar, day: date) -> Iterator[str]:
    """A line for each reading up to the day, below a heading if there is one."""
    indent, quarter, start, values = weekly.groups()
    last = min(day, (calendar.previous if quarter == "a" else calendar.current).end)
    weeks = enumerate(values.split(), int(start or 0))
    dated = ((calendar.day(quarter, week), value) for week, value in weeks if value != "-")
    readings = [(known, value) for known, value in dated if known <= last]
    if readings:
        yield f"{indent}readings:"
    for known, value in readings:
        number, _, confidence = value.partition("!")
        entry = f"{{value: {number}, confidence: {confidence}}}" if confidence else number
        yield f"{indent}  {known}: {entry}"
