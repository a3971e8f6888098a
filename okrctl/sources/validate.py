"""Validation of fetched readings: valid dates and numbers, not too many, none in the future."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from okrctl.sources.http_client import JsonNumber
from okrctl.sources.policy import MAX_ROWS, SourceError
from okrctl.values import period, quantity


class FetchedReading(NamedTuple):
    """A fetched reading: its day, and its number as text."""

    day: date
    value: str


def validate_readings(pairs: Iterable[tuple[object, object]], since: date, today: date) -> list[FetchedReading]:
    """The readings from `since` on, in order of date; a date of None is today, a value of None a gap.

    Raises SourceError for an invalid date or number, two values on one day, a date in the future, and more than
    MAX_ROWS rows.
    """
    values: dict[date, str] = {}
    for number, (raw_day, raw_value) in enumerate(pairs, 1):
        if number > MAX_ROWS:
            raise SourceError(f"more than {MAX_ROWS:,} rows; select one value per day, or use --since")
        day = today if raw_day is None else _parse_day(raw_day)
        if raw_value is None:
            continue
        value = _parse_value(raw_value)
        if day > today:
            raise SourceError(f"the value for {day} is in the future")
        if values.setdefault(day, value) != value:
            raise SourceError(f"two values for {day}: {_shorten(values[day])} and {_shorten(value)}")
    return [FetchedReading(day, values[day]) for day in sorted(values) if day >= since]


def _parse_day(raw: object) -> date:
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str) and not isinstance(raw, JsonNumber):
        try:
            return period.parse_reading_day(re.sub(r"[T ][0-9]{2}:.*", "", raw.strip()[:64], flags=re.DOTALL))
        except period.PeriodError:
            pass
    raise SourceError(f"'{_shorten(raw)}' is not a valid date")


def _parse_value(raw: object) -> str:
    """A number as text for a file. Raises SourceError for truth values, lists and texts without a number."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal | Fraction):
        raise SourceError(f"'{_shorten(raw)}' is not a valid number")
    if isinstance(raw, Fraction):
        return quantity.format_number(raw)
    text = format(raw, "f") if isinstance(raw, Decimal) and raw.is_finite() else str(raw).strip()
    try:
        parsed = quantity.parse(text)
    except quantity.QuantityError:
        raise SourceError(f"'{_shorten(raw)}' is not a valid number") from None
    return _plain_number(parsed) if re.search(r"[eE][-+]?[0-9]", text) or "." in text else text


def _plain_number(parsed: quantity.Quantity) -> str:
    """The number without an exponent and without trailing zeros; a number with a unit stays as it is."""
    if parsed.unit is not None:
        return parsed.text
    places = next((n for n in range(31) if (parsed.number * 10**n).denominator == 1), 12)
    return format(quantity.round_number(parsed.number, places), "f")


def _shorten(raw: object) -> str:
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(raw)[:200]).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
