"""Selects one of the periods that have files by the words of a command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from okrctl.values.period import (
    CALENDAR_YEAR,
    KIND_OF_LETTER,
    MONTHS_BY_KIND,
    PART_NAME,
    RELATIVE_WORDS,
    FiscalYear,
    Period,
    PeriodError,
    canonical_name,
    describe,
    parse_loose,
    period_around,
)


def find_period(words: str, known: Sequence[Period], today: date, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """The period among `known` (the periods with files) that the words of a command line select on a day.

    A full name selects that period. `Q2`, `H1` and `T3` select the current one, else the latest past one, else the
    next. `this`, `last` and `next` select among all, the shortest first. Raises PeriodError if the period has no files:
    a current `Q2` without files never selects the `Q2` of another year.
    """
    name = words.strip()
    exact = [p for p in known if p.id.casefold() == name.casefold()]
    if exact:
        return exact[0]
    if name.casefold() in RELATIVE_WORDS:
        fits = _candidates(name.casefold(), known, today)
        return _first_or_error(fits, f"no period with files for '{name}'", known)
    part = PART_NAME.fullmatch(name.upper())
    if part:
        return _find_period_part(part, known, today, fiscal)
    try:
        wanted = parse_loose(name, fiscal)
    except PeriodError as error:
        raise PeriodError(
            error.message, error.hint if canonical_name(name) else _available_periods_hint(known)
        ) from None
    return _first_or_error([p for p in known if p.id == wanted.id], f"no files for {describe(wanted)}", known)


def default_periods(known: Sequence[Period], today: date) -> list[Period]:
    """The default periods: all current ones, the shortest first; else the latest past one; else the next one."""
    running = _candidates("this", known, today)
    return running or _candidates("last", known, today)[:1] or _candidates("next", known, today)[:1]


def _candidates(word: str, known: Sequence[Period], today: date) -> list[Period]:
    """The known periods that are current (`this`), past (`last`) or in the future (`next`), the nearest first."""
    if word == "this":
        return sorted((p for p in known if p.runs_on(today)), key=lambda p: (p.days, p.start, p.id))
    if word == "last":
        return sorted((p for p in known if p.end < today), key=lambda p: (today - p.end, p.days, p.id))
    return sorted((p for p in known if p.start > today), key=lambda p: (p.start, p.days, p.id))


def _find_period_part(part: re.Match[str], known: Sequence[Period], today: date, fiscal: FiscalYear) -> Period:
    suffix = "-" + part[0]
    running = _current_part(part, today, fiscal)
    alike = [p for p in known if p.kind != "custom" and p.id.endswith(suffix)]
    if running:
        return _first_or_error([p for p in alike if p.id == running.id], f"no files for {describe(running)}", known)
    fits = _candidates("last", alike, today) + _candidates("next", alike, today)
    return _first_or_error(fits, f"no files for any {part[0]}", known)


def _current_part(part: re.Match[str], today: date, fiscal: FiscalYear) -> Period | None:
    """The period with this suffix on a day, whether it has files or not."""
    kind = KIND_OF_LETTER[part["letter"]]
    into = (today.month - fiscal.start_month) % 12
    if into // MONTHS_BY_KIND[kind] + 1 != int(part["part"]):
        return None
    try:
        return period_around(today, kind, fiscal)
    except OverflowError:
        return None


def _first_or_error(fits: Sequence[Period], message: str, known: Sequence[Period]) -> Period:
    if fits:
        return fits[0]
    raise PeriodError(message, _available_periods_hint(known))


def _available_periods_hint(known: Sequence[Period]) -> str:
    names = list(dict.fromkeys(p.id for p in sorted(known, key=lambda p: (p.end, p.id), reverse=True)))
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"periods with files: {', '.join(names[:8])}{more}" if names else "no period has files yet"
