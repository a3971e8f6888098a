"""Knows what days the names of periods stand for."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from okrctl.values.period.days import (
    CADENCES,
    MONTH,
    MONTH_NAMES,
    Cadence,
    PeriodError,
    add_months,
    intervals,
    parse_cadence,
    parse_day,
    parse_month,
    parse_reading_day,
)
from okrctl.values.quantity import cut

__all__ = [
    "CADENCES", "CALENDAR_YEAR", "Cadence", "FiscalYear", "Kind", "Period", "PeriodError", "add_months", "custom",
    "described", "following", "intervals", "looks_like_period", "meant", "parse", "parse_cadence", "parse_day",
    "parse_or_none", "parse_reading_day", "previous", "shift", "spanning",
]  # fmt: skip

Kind = Literal["year", "half", "third", "quarter", "month", "custom"]

LONGEST_CUSTOM = 36_525
MONTHS: dict[Kind, int] = {"year": 12, "half": 6, "third": 4, "quarter": 3, "month": 1}
KIND_OF_LETTER: dict[str, Kind] = {"H": "half", "T": "third", "Q": "quarter"}
_LETTER_OF_KIND = {kind: letter for letter, kind in KIND_OF_LETTER.items()}
WORDS = ("this", "last", "next")

_EXACT = re.compile(r"(?:(?P<fiscal>FY)(?P<short>[0-9]{2})|(?P<year>[0-9]{4}))(?:-(?P<letter>[QHT])(?P<part>[0-9]))?")
PART = re.compile(r"(?P<letter>[QHT])(?P<part>[0-9])")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class FiscalYear(NamedTuple):
    """The month in which the fiscal year starts (1 to 12), and whether the year in which it ends names it."""

    starts: int = 1
    named_by_end: bool = False


CALENDAR_YEAR = FiscalYear()


class Period(NamedTuple):
    """A stretch of days, both ends included."""

    id: str
    start: date
    end: date
    kind: Kind

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def contains(self, other: Period) -> bool:
        """Whether every day of the other one is a day of this one."""
        return self.start <= other.start and other.end <= self.end

    def runs_on(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.start <= day <= self.end


@lru_cache(maxsize=1024)
def parse(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period that a file names, exactly as written there. Raises PeriodError."""
    month = parse_month(text)
    if month:
        return beginning_on(month, "month", CALENDAR_YEAR)
    match = _EXACT.fullmatch(text)
    if match is None:
        raise _no_period(text, fiscal)
    if bool(match["fiscal"]) != (fiscal.starts != 1):
        raise _wrong_year_style(text, match, fiscal)
    year = 2000 + int(match["short"]) if match["fiscal"] else int(match["year"])
    if not match["letter"]:
        return _part(year, "year", 1, fiscal)
    kind = KIND_OF_LETTER[match["letter"]]
    most = 12 // MONTHS[kind]
    if not 1 <= int(match["part"]) <= most:
        letter = match["letter"]
        raise PeriodError(f"'{text}' is no period", f"a year has {letter}1 to {letter}{most}")
    return _part(year, kind, int(match["part"]), fiscal)


def custom(id: str, start: date, end: date) -> Period:
    """A cycle of any length with a name of its own. Raises PeriodError."""
    if looks_like_period(id) or id in WORDS:
        raise PeriodError(f"'{id}' already means a period", "choose a name such as cycle-7")
    if not _ID.fullmatch(id):
        raise PeriodError(f"'{cut(id)}' is no id", "lower-case letters, digits, - and _, at most 64")
    if end < start:
        raise PeriodError(f"'{id}' ends on {end}, before its start on {start}", "swap start and end")
    if (end - start).days >= LONGEST_CUSTOM:
        raise PeriodError(f"'{id}' is longer than a hundred years", "is the year right?")
    return Period(id, start, end, "custom")


def meant(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period of a name that may be written in another order or with other signs: `Q2 2026`. Raises PeriodError."""
    return parse(canonical(text) or text.strip(), fiscal)


def spanning(start: date, end: date, fiscal: FiscalYear = CALENDAR_YEAR) -> Period | None:
    """The period with a name of its own that has exactly these days."""
    for kind in MONTHS:
        try:
            found = beginning_on(start, kind, fiscal)
        except OverflowError:
            continue
        if (found.start, found.end) == (start, end) and parse_or_none(found.id, fiscal) == found:
            return found
    return None


def parse_or_none(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period | None:
    """As `parse`, None for what is no period."""
    try:
        return parse(text, fiscal)
    except PeriodError:
        return None


def described(period: Period) -> str:
    """The full name with both dates."""
    return f"{period.id} ({period.start} to {period.end})"


def following(period: Period, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The next period of the same kind and length. Raises PeriodError where there is none."""
    return shift(period, 1, fiscal)


def previous(period: Period, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period of the same kind and length before. Raises PeriodError where there is none."""
    return shift(period, -1, fiscal)


def shift(period: Period, steps: int, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period so many steps later, or earlier where `steps` is negative. Raises PeriodError."""
    try:
        if period.kind == "custom":
            return _shift_custom(period, steps)
        months = MONTHS[period.kind]
        return beginning_on(add_months(period.start, steps * months), period.kind, fiscal)
    except OverflowError:
        raise PeriodError(f"no period {'after' if steps > 0 else 'before'} {period.id}") from None


@lru_cache(maxsize=1024)
def looks_like_period(text: str) -> bool:
    """Whether a command line would take the text for a period: `2026-q2`, `q2`, `fy26`, `2026`, `2026-05`."""
    upper = text.strip().upper()
    return bool(_EXACT.fullmatch(upper) or MONTH.fullmatch(upper) or PART.fullmatch(upper) or _loose(upper))


def _part(year: int, kind: Kind, number: int, fiscal: FiscalYear) -> Period:
    """The numbered part of the year that is called `year`."""
    opens = year - 1 if fiscal.named_by_end and fiscal.starts != 1 else year
    if not 1 <= opens <= 9999:
        raise PeriodError(f"no year {year:04}", "years are 0001 to 9999")
    start = add_months(date(opens, fiscal.starts, 1), (number - 1) * MONTHS[kind])
    return beginning_on(start, kind, fiscal)


def beginning_on(start: date, kind: Kind, fiscal: FiscalYear) -> Period:
    """The period of this kind that begins on this day."""
    last_month = add_months(start, MONTHS[kind] - 1)
    end = last_month.replace(day=monthrange(last_month.year, last_month.month)[1])
    return Period(_name(start, kind, fiscal), start, end, kind)


def _name(start: date, kind: Kind, fiscal: FiscalYear) -> str:
    if kind == "month":
        return f"{start.year:04}-{start.month:02}"
    year, month = divmod(start.year * 12 + start.month - fiscal.starts, 12)
    name = f"{year:04}"
    if fiscal.starts != 1:
        named = year + fiscal.named_by_end
        if not 2000 <= named <= 2099:
            raise OverflowError("fiscal years are 2000 to 2099")
        name = f"FY{named % 100:02}"
    return name if kind == "year" else f"{name}-{_LETTER_OF_KIND[kind]}{month // MONTHS[kind] + 1}"


def _shift_custom(period: Period, steps: int) -> Period:
    match = re.fullmatch(r"(.*?)([0-9]{1,9})", period.id)
    number = int(match[2]) + steps if match else -1
    if match is None or number < 0:
        raise PeriodError(
            f"no name for the period {'after' if steps > 0 else 'before'} {period.id}", "name it yourself"
        )
    move = timedelta(days=steps * period.days)
    return custom(f"{match[1]}{number:0{len(match[2])}}", period.start + move, period.end + move)


def _loose(upper: str) -> tuple[str, str, str] | None:
    """Year mark, year and part of a name written in another order or with other signs between."""
    for pattern in (
        r"(?P<fy>FY)?[ -]?(?P<year>[0-9]{4}|(?<=FY)[0-9]{2}|(?<=FY[ -])[0-9]{2})[ /_.-]?(?P<part>[QHT][1-9])?",
        r"(?P<part>[QHT][1-9])[ /_.-]?(?P<fy>FY)?[ -]?(?P<year>[0-9]{4}|(?<=FY)[0-9]{2})",
    ):
        match = re.fullmatch(pattern, upper)
        if match:
            return match["fy"] or "", match["year"], match["part"] or ""
    return None


def canonical(text: str) -> str | None:
    """How files write what is surely meant, or None."""
    month = re.fullmatch(r"([0-9]{4})[-/.]([1-9])", text.strip())
    if month:
        return f"{month[1]}-0{month[2]}"
    loose = _loose(text.strip().upper())
    if loose is None:
        return None
    mark, year, part = loose
    name = f"{mark}{year[-2:]}" if mark else year
    return f"{name}-{part}" if part else name


def _no_period(text: str, fiscal: FiscalYear) -> PeriodError:
    meant = canonical(text)
    year = "FY26" if fiscal.starts != 1 else "2026"
    hint = f"write {year}-Q2, {year}-H1, {year}-T3, {year} or 2026-05"
    if meant and meant != text:
        try:
            hint = f"write {parse(meant, fiscal).id}"
        except PeriodError as error:
            hint = error.hint
    return PeriodError(f"'{cut(text)}' is no period", hint)


def _wrong_year_style(text: str, match: re.Match[str], fiscal: FiscalYear) -> PeriodError:
    part = f"-{match['letter']}{match['part']}" if match["letter"] else ""
    if fiscal.starts == 1:
        return PeriodError(
            f"'{text}' is a fiscal period, and the fiscal year begins in January",
            f"write 20{match['short']}{part}, or set fiscal_year: in okrctl.yaml",
        )
    message = f"'{text}' is ambiguous, since the fiscal year begins in {MONTH_NAMES[fiscal.starts - 1]}"
    try:
        meant = parse(f"FY{match['year'][2:]}{part}", fiscal)
    except PeriodError as error:
        return PeriodError(message, error.hint)
    return PeriodError(message, f"write {described(meant)}" if match["year"][:2] == "20" else "write FY26-Q1 or FY26")
