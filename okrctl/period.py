"""Knows what days the names of periods stand for, and which of them is meant today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from okrctl.quantity import cut

Kind = Literal["year", "half", "third", "quarter", "month", "custom"]

LONGEST_CUSTOM = 36_525
_MONTHS: dict[Kind, int] = {"year": 12, "half": 6, "third": 4, "quarter": 3, "month": 1}
_KIND_OF_LETTER: dict[str, Kind] = {"H": "half", "T": "third", "Q": "quarter"}
_LETTER_OF_KIND = {kind: letter for letter, kind in _KIND_OF_LETTER.items()}
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WORDS = ("this", "last", "next")

_EXACT = re.compile(r"(?:(?P<fiscal>FY)(?P<short>[0-9]{2})|(?P<year>[0-9]{4}))(?:-(?P<letter>[QHT])(?P<part>[0-9]))?")
_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")
_PART = re.compile(r"(?P<letter>[QHT])(?P<part>[0-9])")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")


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


class PeriodError(ValueError):
    """A text that is no period, day or cadence; `message` says what is wrong, `hint` how to write it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Cadence(NamedTuple):
    """How often a reading is due: `days` for ages and trends, `months` where intervals follow the calendar, else 0."""

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


def parse(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period that a file names, exactly as written there. Raises PeriodError."""
    month = _MONTH.fullmatch(text)
    if month:
        return _month_period(text, int(month["year"]), int(month["month"]))
    match = _EXACT.fullmatch(text)
    if match is None:
        raise _no_period(text, fiscal)
    if bool(match["fiscal"]) != (fiscal.starts != 1):
        raise _wrong_year_style(text, match, fiscal)
    year = 2000 + int(match["short"]) if match["fiscal"] else int(match["year"])
    if not match["letter"]:
        return _part(year, "year", 1, fiscal)
    kind = _KIND_OF_LETTER[match["letter"]]
    most = 12 // _MONTHS[kind]
    if not 1 <= int(match["part"]) <= most:
        letter = match["letter"]
        raise PeriodError(f"'{text}' is no period", f"a year has {letter}1 to {letter}{most}")
    return _part(year, kind, int(match["part"]), fiscal)


def custom(id: str, start: date, end: date) -> Period:
    """A cycle of any length with a name of its own. Raises PeriodError."""
    if looks_like_period(id) or id in _WORDS:
        raise PeriodError(f"'{id}' already means a period", "choose a name such as cycle-7")
    if not _ID.fullmatch(id):
        raise PeriodError(f"'{cut(id)}' is no id", "lower-case letters, digits, - and _, at most 64")
    if end < start:
        raise PeriodError(f"'{id}' ends on {end}, before its start on {start}", "swap start and end")
    if (end - start).days >= LONGEST_CUSTOM:
        raise PeriodError(f"'{id}' is longer than a hundred years", "is the year right?")
    return Period(id, start, end, "custom")


def find(words: str, known: Sequence[Period], today: date, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period of `known`, those that have files, that the words of a command line mean on this day.

    A full name is that period. `Q2`, `H1`, `T3` are the running one, else the newest past one, else the next;
    `this`, `last` and `next` choose among all, the shortest first. Never silently another: a running `Q2` without
    files raises PeriodError, as does every name without files.
    """
    name = words.strip()
    exact = [p for p in known if p.id.casefold() == name.casefold()]
    if exact:
        return exact[0]
    if name.casefold() in _WORDS:
        fits = _choices(name.casefold(), known, today)
        return _first(fits, f"no period with files for '{name}'", known)
    part = _PART.fullmatch(name.upper())
    if part:
        return _find_part(part, known, today, fiscal)
    try:
        wanted = parse(_canonical(name) or name, fiscal)
    except PeriodError as error:
        raise PeriodError(error.message, error.hint if _canonical(name) else _what_there_is(known)) from None
    return _first([p for p in known if p.id == wanted.id], f"no files for {described(wanted)}", known)


def meant(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period of a name that may be written in another order or with other signs: `Q2 2026`. Raises PeriodError."""
    return parse(_canonical(text) or text.strip(), fiscal)


def spanning(start: date, end: date, fiscal: FiscalYear = CALENDAR_YEAR) -> Period | None:
    """The period with a name of its own that has exactly these days."""
    for kind in _MONTHS:
        try:
            found = _at(start, kind, fiscal)
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


def default(known: Sequence[Period], today: date) -> list[Period]:
    """The periods meant where none is named: all that run, the shortest first; else the newest past; else the next."""
    running = _choices("this", known, today)
    return running or _choices("last", known, today)[:1] or _choices("next", known, today)[:1]


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
        months = _MONTHS[period.kind]
        return _at(add_months(period.start, steps * months), period.kind, fiscal)
    except OverflowError:
        raise PeriodError(f"no period {'after' if steps > 0 else 'before'} {period.id}") from None


def looks_like_period(text: str) -> bool:
    """Whether a command line would take the text for a period: `2026-q2`, `q2`, `fy26`, `2026`, `2026-05`."""
    upper = text.strip().upper()
    return bool(_EXACT.fullmatch(upper) or _MONTH.fullmatch(upper) or _PART.fullmatch(upper) or _loose(upper))


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date:
    """The day that an ISO date names. Raises PeriodError."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise _no_day(text)
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if not 1 <= month <= 12:
        raise PeriodError(f"'{text}' is no day", "months are 01 to 12, as in 2026-04-13")
    if not year:
        raise PeriodError(f"'{text}' is no day", "years are 0001 to 9999")
    most = monthrange(year, month)[1]
    if not 1 <= day <= most:
        raise PeriodError(f"'{text}' is no day", f"{_MONTH_NAMES[month - 1]} {year} has {most} days")
    return date(year, month, day)


@lru_cache(maxsize=4096)
def parse_reading_day(text: str) -> date:
    """The day of a reading: an ISO date, or the last day of a month written `2026-05`. Raises PeriodError."""
    match = _MONTH.fullmatch(text)
    if match:
        return _month_period(text, int(match["year"]), int(match["month"])).end
    return parse_day(text)


def parse_cadence(text: str) -> Cadence:
    """`daily`, `weekly`, `fortnightly`, `monthly`, `quarterly`, or a number of days such as `10 days`.

    Raises PeriodError.
    """
    if text in CADENCES:
        return CADENCES[text]
    match = re.fullmatch(r"([0-9]{1,4}) days?", text)
    if match and 1 <= int(match[1]) <= 3660:
        return Cadence(text, int(match[1]))
    raise PeriodError(f"'{cut(text)}' is no cadence", f"{', '.join(CADENCES)}, or a number of days such as 10 days")


def intervals(cadence: Cadence, first: date, last: date) -> list[tuple[date, date]]:
    """The intervals of one cadence from `first` on that begin by `last`, each as its first and last day.

    Months count from the first day, clipped to the month's end. The last interval keeps its full length: where it
    ends after `last` it is the shorter one at the end.
    """
    found: list[tuple[date, date]] = []
    start = first
    while start <= last:
        after = _later(first, cadence, len(found) + 1)
        found.append((start, after - timedelta(days=1) if after else date.max))
        if after is None:
            break
        start = after
    return found


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month. Raises OverflowError past year 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _later(first: date, cadence: Cadence, steps: int) -> date | None:
    try:
        if cadence.months:
            return add_months(first, steps * cadence.months)
        return first + timedelta(days=steps * cadence.days)
    except OverflowError:
        return None


def _part(year: int, kind: Kind, number: int, fiscal: FiscalYear) -> Period:
    """The numbered part of the year that is called `year`."""
    opens = year - 1 if fiscal.named_by_end and fiscal.starts != 1 else year
    if not 1 <= opens <= 9999:
        raise PeriodError(f"no year {year:04}", "years are 0001 to 9999")
    start = add_months(date(opens, fiscal.starts, 1), (number - 1) * _MONTHS[kind])
    return _at(start, kind, fiscal)


def _at(start: date, kind: Kind, fiscal: FiscalYear) -> Period:
    """The period of this kind that begins on this day."""
    last_month = add_months(start, _MONTHS[kind] - 1)
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
    return name if kind == "year" else f"{name}-{_LETTER_OF_KIND[kind]}{month // _MONTHS[kind] + 1}"


def _month_period(text: str, year: int, month: int) -> Period:
    if not year or not 1 <= month <= 12:
        raise PeriodError(f"'{text}' is no month", "months are 01 to 12, as in 2026-05; quarters are 2026-Q2")
    return _at(date(year, month, 1), "month", CALENDAR_YEAR)


def _shift_custom(period: Period, steps: int) -> Period:
    match = re.fullmatch(r"(.*?)([0-9]{1,9})", period.id)
    number = int(match[2]) + steps if match else -1
    if match is None or number < 0:
        raise PeriodError(
            f"no name for the period {'after' if steps > 0 else 'before'} {period.id}", "name it yourself"
        )
    move = timedelta(days=steps * period.days)
    return custom(f"{match[1]}{number:0{len(match[2])}}", period.start + move, period.end + move)


def _choices(word: str, known: Sequence[Period], today: date) -> list[Period]:
    """The known periods that run, are past or lie ahead, the likeliest first."""
    if word == "this":
        return sorted((p for p in known if p.runs_on(today)), key=lambda p: (p.days, p.start, p.id))
    if word == "last":
        return sorted((p for p in known if p.end < today), key=lambda p: (today - p.end, p.days, p.id))
    return sorted((p for p in known if p.start > today), key=lambda p: (p.start, p.days, p.id))


def _find_part(part: re.Match[str], known: Sequence[Period], today: date, fiscal: FiscalYear) -> Period:
    suffix = "-" + part[0]
    running = _running_part(part, today, fiscal)
    alike = [p for p in known if p.kind != "custom" and p.id.endswith(suffix)]
    if running:
        return _first([p for p in alike if p.id == running.id], f"no files for {described(running)}", known)
    fits = _choices("last", alike, today) + _choices("next", alike, today)
    return _first(fits, f"no files for any {part[0]}", known)


def _running_part(part: re.Match[str], today: date, fiscal: FiscalYear) -> Period | None:
    """The period with this suffix that runs on the day, whether it has files or not."""
    kind = _KIND_OF_LETTER[part["letter"]]
    length = _MONTHS[kind]
    into = (today.month - fiscal.starts) % 12
    if into // length + 1 != int(part["part"]):
        return None
    try:
        return _at(add_months(today.replace(day=1), -(into % length)), kind, fiscal)
    except OverflowError:
        return None


def _first(fits: Sequence[Period], message: str, known: Sequence[Period]) -> Period:
    if fits:
        return fits[0]
    raise PeriodError(message, _what_there_is(known))


def _what_there_is(known: Sequence[Period]) -> str:
    names = list(dict.fromkeys(p.id for p in sorted(known, key=lambda p: (p.end, p.id), reverse=True)))
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"periods with files: {', '.join(names[:8])}{more}" if names else "no period has files yet"


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


def _canonical(text: str) -> str | None:
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
    meant = _canonical(text)
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
    message = f"'{text}' is ambiguous, since the fiscal year begins in {_MONTH_NAMES[fiscal.starts - 1]}"
    try:
        meant = parse(f"FY{match['year'][2:]}{part}", fiscal)
    except PeriodError as error:
        return PeriodError(message, error.hint)
    return PeriodError(message, f"write {described(meant)}" if match["year"][:2] == "20" else "write FY26-Q1 or FY26")


def _no_day(text: str) -> PeriodError:
    hint = "write a day as 2026-04-13"
    loose = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text.strip())
    german = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text.strip())
    timed = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ].*", text)
    if loose:
        hint = f"write {loose[1]}-{int(loose[2]):02}-{int(loose[3]):02}"
    elif german:
        hint = f"write {german[3]}-{int(german[2]):02}-{int(german[1]):02}"
    elif timed:
        hint = f"write the day alone, {timed[1]}"
    return PeriodError(f"'{cut(text)}' is no day", hint)
