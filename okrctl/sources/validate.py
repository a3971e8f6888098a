"""Validation of fetched readings: valid dates and numbers, not too many, none in the future."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from okrctl.sources.http_client import JsonNumber
from okrctl.sources.policy import MAX_ROWS, SourceError, describe_value
from okrctl.values import period, quantity
from okrctl.values.period import WrittenDay

_PLAIN = re.compile(r"[-+]?[0-9]*\.?[0-9]+")
_EXPONENT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]{1,4}")


class FetchedReading(NamedTuple):
    """A fetched reading: its day, its number as text, and what to say about it."""

    day: date
    value: str
    note: str = ""


def validate_readings(
    pairs: Iterable[tuple[object, object]], since: date, today: date, unit: str | None = None
) -> list[FetchedReading]:
    """The readings from `since` on, in order of date; a date of None is today, a value of None a gap.

    Of several timestamps on one day the latest counts, and a note says so. `unit` is the declared unit, which may
    stand at the numbers. Raises SourceError for an invalid date or number, two values for one date, a date in the
    future, and more than MAX_ROWS rows.
    """
    readings: dict[date, tuple[str, FetchedReading]] = {}  # with the time of day
    for number, (raw_day, raw_value) in enumerate(pairs, 1):
        if number > MAX_ROWS:
            raise SourceError(f"more than {MAX_ROWS:,} rows; select one value per day, or use --since")
        day, time = WrittenDay(today) if raw_day is None else _parse_day(raw_day)
        if raw_value is None:
            continue
        reading = FetchedReading(day, _parse_value(raw_value, unit))
        if day > today:
            raise SourceError(f"the value for {day} is in the future")
        readings[day] = _join(readings.get(day), (time, reading))
    return [readings[day][1] for day in sorted(readings) if day >= since]


def _join(old: tuple[str, FetchedReading] | None, new: tuple[str, FetchedReading]) -> tuple[str, FetchedReading]:
    """The one of two readings of a day that counts. Raises SourceError where nothing tells which."""
    if old is None:
        return new
    (first, reading), (second, other) = old, new
    if reading.value == other.value:
        return old
    if first == second:
        raise SourceError(f"two different values for {other.day}")
    time, latest = max(old, new)
    note = f"several values on {latest.day}; the latest, {latest.value} at {time}, counts"
    return time, latest._replace(note=note)


def _parse_day(raw: object) -> WrittenDay:
    if isinstance(raw, WrittenDay):
        return raw
    if isinstance(raw, datetime.datetime):
        return WrittenDay(raw.date(), raw.time().isoformat())
    if isinstance(raw, date):
        return WrittenDay(raw)
    if isinstance(raw, str) and not isinstance(raw, JsonNumber):
        with contextlib.suppress(period.PeriodError):
            return period.parse_written_day(raw.strip()[:64])
    raise SourceError(f"expected a date, got {describe_value(raw)}")


def _parse_value(raw: object, unit: str | None) -> str:
    """A number as text for a file. Raises SourceError for truth values, lists and texts without a number."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal | Fraction):
        raise SourceError(f"expected a number, got {describe_value(raw)}")
    if isinstance(raw, Fraction):
        return quantity.format_number(raw)
    text = _without_exponent(str(raw).strip())
    try:
        parsed = quantity.parse(text, unit)
    except quantity.QuantityError:
        raise SourceError(f"expected a number, got {describe_value(raw)}") from None
    is_bare = _PLAIN.fullmatch(text) is not None
    return _plain_number(parsed._replace(unit=None)) if is_bare and "." in text else text


def _without_exponent(text: str) -> str:
    """A number that a program wrote as `1.5e+06`, in full; any other text as it is."""
    if _EXPONENT.fullmatch(text) is None:
        return text
    number = Decimal(text)
    return format(number, "f") if abs(number.adjusted()) <= quantity.MAX_DIGITS else text


def _plain_number(parsed: quantity.Quantity) -> str:
    """The number without an exponent and without trailing zeros; a number with a unit stays as it is."""
    if parsed.unit is not None:
        return parsed.text
    places = next((n for n in range(31) if (parsed.number * 10**n).denominator == 1), 12)
    return format(quantity.round_number(parsed.number, places), "f")
