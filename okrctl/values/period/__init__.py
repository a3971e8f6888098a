"""Parses the names of periods and finds their first and last days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from okrctl.values.dates import (
    CADENCES,
    MONTH,
    MONTH_NAMES,
    Cadence,
    PeriodError,
    WrittenDay,
    add_months,
    cadence_intervals,
    find_week,
    parse_cadence,
    parse_day,
    parse_month,
    parse_reading_day,
    parse_written_day,
)
from okrctl.values.quantity import truncate

__all__ = [
    "CADENCES",
    "CALENDAR_YEAR",
    "Cadence",
    "FiscalYear",
    "Kind",
    "Period",
    "PeriodError",
    "WrittenDay",
    "add_months",
    "cadence_intervals",
    "custom_period",
    "describe",
    "looks_like_period",
    "next_period",
    "parse",
    "parse_cadence",
    "parse_day",
    "parse_loose",
    "parse_or_none",
    "parse_reading_day",
    "parse_written_day",
    "period_between",
    "previous_period",
    "shift_period",
]  # fmt: skip

Kind = Literal["year", "half", "third", "quarter", "month", "custom"]

MAX_CUSTOM_DAYS = 36_525
MONTHS_BY_KIND: dict[Kind, int] = {"year": 12, "half": 6, "third": 4, "quarter": 3, "month": 1}
KIND_OF_LETTER: dict[str, Kind] = {"H": "half", "T": "third", "Q": "quarter"}
_LETTER_OF_KIND = {kind: letter for letter, kind in KIND_OF_LETTER.items()}
RELATIVE_WORDS = ("this", "last", "next")

_PERIOD_NAME = re.compile(
    r"(?:(?P<fiscal>FY)(?P<short>[0-9]{2})|(?P<year>[0-9]{4}))(?:-(?P<letter>[QHT])(?P<part>[0-9]))?"
)
PART_NAME = re.compile(r"(?P<letter>[QHT])(?P<part>[0-9])")
_CUSTOM_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class FiscalYear(NamedTuple):
    """The first month of the fiscal year (1 to 12), and whether it has the number of the year in which it ends."""

    start_month: int = 1
    is_named_by_end: bool = False


CALENDAR_YEAR = FiscalYear()


class Period(NamedTuple):
    """A period from its first to its last day, both included."""

    id: str
    start: date
    end: date
    kind: Kind

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1

    def contains(self, other: Period) -> bool:
        """Whether all days of another period are days of this period."""
        return self.start <= other.start and other.end <= self.end

    def runs_on(self, day: date) -> bool:
        """Whether a day is in the period."""
        return self.start <= day <= self.end


@lru_cache(maxsize=1024)
def parse(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """Parse the name of a period as files write it. Raises PeriodError."""
    month = parse_month(text)
    if month:
        return period_starting_on(month, "month", CALENDAR_YEAR)
    match = _PERIOD_NAME.fullmatch(text)
    if match is None:
        raise _invalid_period_error(text, fiscal)
    if bool(match["fiscal"]) != (fiscal.start_month != 1):
        raise _year_style_error(text, match, fiscal)
    year = 2000 + int(match["short"]) if match["fiscal"] else int(match["year"])
    if not match["letter"]:
        return _part_of_year(year, "year", 1, fiscal)
    kind = KIND_OF_LETTER[match["letter"]]
    most = 12 // MONTHS_BY_KIND[kind]
    if not 1 <= int(match["part"]) <= most:
        letter = match["letter"]
        raise PeriodError(f"'{text}' is not a valid period", f"write {letter}1 to {letter}{most}")
    return _part_of_year(year, kind, int(match["part"]), fiscal)


def custom_period(id: str, start: date, end: date) -> Period:
    """A period with any dates and its own id. Raises PeriodError."""
    if looks_like_period(id) or id in RELATIVE_WORDS:
        raise PeriodError(f"'{id}' is reserved for a period", "write an id such as cycle-7")
    if not _CUSTOM_ID.fullmatch(id):
        raise PeriodError(f"'{truncate(id)}' is not a valid id", "use at most 64 lower-case letters, digits, - and _")
    if end < start:
        raise PeriodError(f"'{id}' ends on {end}, before it starts on {start}", "swap start and end")
    if (end - start).days >= MAX_CUSTOM_DAYS:
        raise PeriodError(f"'{id}' is longer than a hundred years", "check the year")
    return Period(id, start, end, "custom")


def parse_loose(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """Parse the name of a period in a free form such as `Q2 2026`. Raises PeriodError."""
    return parse(canonical_name(text) or text.strip(), fiscal)


def period_between(start: date, end: date, fiscal: FiscalYear = CALENDAR_YEAR) -> Period | None:
    """The period that a name can express and that has exactly these days, None if there is none."""
    for kind in MONTHS_BY_KIND:
        try:
            period = period_starting_on(start, kind, fiscal)
        except OverflowError:
            continue
        if (period.start, period.end) == (start, end) and parse_or_none(period.id, fiscal) == period:
            return period
    return None


def parse_or_none(text: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period | None:
    """Like `parse`, but None for a text that is not a period."""
    try:
        return parse(text, fiscal)
    except PeriodError:
        return None


def describe(period: Period) -> str:
    """The name with both dates."""
    return f"{period.id} ({period.start} to {period.end})"


def next_period(period: Period, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The next period of the same kind and length. Raises PeriodError if there is none."""
    return shift_period(period, 1, fiscal)


def previous_period(period: Period, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The previous period of the same kind and length. Raises PeriodError if there is none."""
    return shift_period(period, -1, fiscal)


def shift_period(period: Period, steps: int, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period some steps later, or earlier if `steps` is negative. Raises PeriodError."""
    try:
        if period.kind == "custom":
            return _shift_custom(period, steps)
        months = MONTHS_BY_KIND[period.kind]
        return period_starting_on(add_months(period.start, steps * months), period.kind, fiscal)
    except OverflowError:
        raise PeriodError(f"no period {'after' if steps > 0 else 'before'} {period.id}") from None


@lru_cache(maxsize=1024)
def looks_like_period(text: str) -> bool:
    """Whether the command line reads a text as a period: `2026-q2`, `q2`, `fy26`, `2026`, `2026-05`."""
    upper = text.strip().upper()
    return bool(
        _PERIOD_NAME.fullmatch(upper)
        or MONTH.fullmatch(upper)
        or PART_NAME.fullmatch(upper)
        or _split_loose_name(upper)
    )


def _part_of_year(year: int, kind: Kind, number: int, fiscal: FiscalYear) -> Period:
    """A numbered part of the year with this name."""
    start_year = year - 1 if fiscal.is_named_by_end and fiscal.start_month != 1 else year
    if not 1 <= start_year <= 9999:
        raise PeriodError(f"'{year:04}' is not a valid year", "years are 0001 to 9999")
    start = add_months(date(start_year, fiscal.start_month, 1), (number - 1) * MONTHS_BY_KIND[kind])
    return period_starting_on(start, kind, fiscal)


def period_starting_on(start: date, kind: Kind, fiscal: FiscalYear) -> Period:
    """The period of a kind that starts on a day."""
    last_month = add_months(start, MONTHS_BY_KIND[kind] - 1)
    end = last_month.replace(day=monthrange(last_month.year, last_month.month)[1])
    return Period(_period_name(start, kind, fiscal), start, end, kind)


def period_around(day: date, kind: Kind, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period of a kind in which a day is. Raises OverflowError for a fiscal year without a name."""
    into = (day.month - fiscal.start_month) % MONTHS_BY_KIND[kind]
    return period_starting_on(add_months(day.replace(day=1), -into), kind, fiscal)


def _period_name(start: date, kind: Kind, fiscal: FiscalYear) -> str:
    if kind == "month":
        return f"{start.year:04}-{start.month:02}"
    year, month = divmod(start.year * 12 + start.month - fiscal.start_month, 12)
    name = f"{year:04}"
    if fiscal.start_month != 1:
        named = year + fiscal.is_named_by_end
        if not 2000 <= named <= 2099:
            raise OverflowError("fiscal years are 2000 to 2099")
        name = f"FY{named % 100:02}"
    return name if kind == "year" else f"{name}-{_LETTER_OF_KIND[kind]}{month // MONTHS_BY_KIND[kind] + 1}"


def _shift_custom(period: Period, steps: int) -> Period:
    match = re.fullmatch(r"(.*?)([0-9]{1,9})", period.id)
    number = int(match[2]) + steps if match else -1
    if match is None or number < 0:
        raise PeriodError(
            f"no name for the period {'after' if steps > 0 else 'before'} {period.id}",
            "write its name, such as 2026-Q3",
        )
    move = timedelta(days=steps * period.days)
    return custom_period(f"{match[1]}{number:0{len(match[2])}}", period.start + move, period.end + move)


def _split_loose_name(upper: str) -> tuple[str, str, str] | None:
    """The mark FY, the year and the part of a name in a free form."""
    for pattern in (
        r"(?P<fy>FY)?[ -]?(?P<year>[0-9]{4}|(?<=FY)[0-9]{2}|(?<=FY[ -])[0-9]{2})[ /_.-]?(?P<part>[QHT][1-9])?",
        r"(?P<part>[QHT][1-9])[ /_.-]?(?P<fy>FY)?[ -]?(?P<year>[0-9]{4}|(?<=FY)[0-9]{2})",
    ):
        match = re.fullmatch(pattern, upper)
        if match:
            return match["fy"] or "", match["year"], match["part"] or ""
    return None


def canonical_name(text: str) -> str | None:
    """The name of a period as files write it, None if the text is not clearly a period."""
    month = re.fullmatch(r"([0-9]{4})[-/.]([1-9])", text.strip())
    if month:
        return f"{month[1]}-0{month[2]}"
    loose = _split_loose_name(text.strip().upper())
    if loose is None:
        return None
    mark, year, part = loose
    name = f"{mark}{year[-2:]}" if mark else year
    return f"{name}-{part}" if part else name


def _invalid_period_error(text: str, fiscal: FiscalYear) -> PeriodError:
    name = canonical_name(text)
    year = "FY26" if fiscal.start_month != 1 else "2026"
    hint = f"write {year}-Q2, {year}-H1, {year}-T3, {year} or 2026-05"
    if name and name != text:
        try:
            hint = f"write {parse(name, fiscal).id}"
        except PeriodError as error:
            hint = error.hint
    return PeriodError(f"'{truncate(text)}' is not a valid period", _likely_period(text.strip(), fiscal) or hint)


_SPAN = re.compile(r"(?P<first>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)\s*(?:\.{2,3}|/|–|—|to|bis|until|\s-\s)\s*"
                   r"(?P<last>[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)")  # fmt: skip
_SPLIT_YEAR = re.compile(
    r"(?:(?P<before>[QHT][1-9])[ _-]?)?(?:FY)?[ -]?(?:20)?(?P<year>[0-9]{2})[/-](?:20)?(?P<next>[0-9]{2})"
    r"(?:[ _/-]?(?P<after>[QHT][1-9]))?"
)
_NUMBERED = re.compile(r"(?P<word>[^\W\d_]+)[ _-]?(?P<number>[0-9]{1,3})")


def _likely_period(text: str, fiscal: FiscalYear) -> str | None:
    """How to write a week, a span of months or days, a fiscal year in two calendar years, a numbered cycle."""
    week, span = find_week(text), _SPAN.fullmatch(text)
    split, numbered = _SPLIT_YEAR.fullmatch(text.upper()), _NUMBERED.fullmatch(text)
    try:
        if week:
            return f"write {_custom_form(f'w{week[0].isocalendar().week:02}', *week)}"
        if span:
            return _likely_span(_first_and_last_day(span["first"])[0], _first_and_last_day(span["last"])[1], fiscal)
        if re.fullmatch(r"[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            day = parse_day(text if "-" in text else f"{text[:4]}-{text[4:6]}-{text[6:]}")
            return f"a period has two days: write {{id: cycle-1, start: {day}, end: YYYY-MM-DD}}"
    except PeriodError as error:
        return error.hint
    if split and int(split["next"]) == (int(split["year"]) + 1) % 100:
        return _likely_fiscal_period(split, fiscal)
    if numbered and not _split_loose_name(text.upper()):
        id = f"{numbered['word'].lower()}-{numbered['number']}"
        return f"write {_custom_form(id, 'YYYY-MM-DD', 'YYYY-MM-DD')} with its first and last day"
    return None


def _first_and_last_day(text: str) -> tuple[date, date]:
    """The first and the last day of a day or a month. Raises PeriodError."""
    first = parse_month(text) or parse_day(text)
    return first, parse_reading_day(text)


def _likely_span(first: date, last: date, fiscal: FiscalYear) -> str:
    if last < first:
        return "write the first day before the last"
    named = period_between(first, last, fiscal)
    months = [MONTH_NAMES[day.month - 1][:3].lower() for day in (first, last)]
    form = _custom_form("-".join(dict.fromkeys(months)), first, last)
    return f"write {named.id}" if named else f"write {form}"


def _likely_fiscal_period(split: re.Match[str], fiscal: FiscalYear) -> str:
    part = split["before"] or split["after"]
    suffix = f"-{part}" if part else ""
    if fiscal.start_month == 1:
        return (
            f"write FY{split['year']}{suffix} and set `fiscal_year: {{starts: MONTH}}` in okrctl.yaml; "
            f"years from January are 20{split['year']}{suffix}"
        )
    return f"write FY{split['next' if fiscal.is_named_by_end else 'year']}{suffix}"


def _custom_form(id: str, start: object, end: object) -> str:
    return f"{{id: {id}, start: {start}, end: {end}}}"


def _year_style_error(text: str, match: re.Match[str], fiscal: FiscalYear) -> PeriodError:
    part = f"-{match['letter']}{match['part']}" if match["letter"] else ""
    if fiscal.start_month == 1:
        message = f"'{text}' is a fiscal period, but the fiscal year starts in January"
        try:
            parse(f"20{match['short']}{part}")
        except PeriodError as error:
            return PeriodError(message, error.hint)
        return PeriodError(message, f"write 20{match['short']}{part}, or set fiscal_year: in okrctl.yaml")
    message = f"'{text}' is ambiguous: the fiscal year starts in {MONTH_NAMES[fiscal.start_month - 1]}"
    try:
        fiscal_period = parse(f"FY{match['year'][2:]}{part}", fiscal)
    except PeriodError as error:
        return PeriodError(message, error.hint)
    return PeriodError(
        message, f"write {describe(fiscal_period)}" if match["year"][:2] == "20" else "write FY26-Q1 or FY26"
    )
