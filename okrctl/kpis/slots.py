"""Slots: the stretches of the calendar in which what is added up or averaged is compared.

A sum of May is held against a sum of April, never against as many days: month-end readings have no days. A slot is a
calendar day, ISO week, fortnight (counted from Monday 1970-01-05), month or quarter; of any other number of days it is
counted from 1970-01-01.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from okrctl.values.dates import CADENCES, MONTH_NAMES, Cadence, days_after, days_before

FIRST_MONDAY = date(1970, 1, 5)
FIRST_DAY = date(1970, 1, 1)
MIN_READINGS = 4  # from which on a cadence can be told that is not written
MAX_NAMED_DAYS = 130  # a median distance above this is taken as it is
MAX_MISSING = Fraction(1, 10)  # of the slots on a side of a comparison


class Slot(NamedTuple):
    """A stretch of the calendar, both days included."""

    first: date
    last: date


class Filled(NamedTuple):
    """A slot with its readings: days and values, oldest first, at least one."""

    slot: Slot
    readings: tuple[tuple[date, Fraction], ...]

    @property
    def last_reading(self) -> date:
        """The day of the last reading, which decides to which period the slot belongs."""
        return self.readings[-1][0]

    def figure(self, aggregate: str) -> Fraction:
        """The sum or the mean of the readings, else the newest."""
        values = [value for _, value in self.readings]
        if aggregate == "latest":
            return values[-1]
        total = sum(values, Fraction(0))
        return total if aggregate == "sum" else total / len(values)


def slot_of(day: date, cadence: Cadence) -> Slot:
    """The slot that a day lies in; a slot is shorter at the ends of the calendar."""
    if cadence.months:
        month = day.month - (day.month - 1) % cadence.months
        end = month + cadence.months - 1
        return Slot(day.replace(month=month, day=1), date(day.year, end, monthrange(day.year, end)[1]))
    origin = FIRST_MONDAY if cadence.name in ("weekly", "fortnightly") else FIRST_DAY
    into = (day - origin).days % cadence.days
    return Slot(days_before(day, into), days_after(day, cadence.days - 1 - into))


def slot_before(slot: Slot, cadence: Cadence) -> Slot:
    """The slot that ends on the day before. Raises OverflowError where the calendar begins."""
    return slot_of(slot.first - timedelta(days=1), cadence)


def slot_after(slot: Slot, cadence: Cadence) -> Slot:
    """The slot that begins on the day after. Raises OverflowError where the calendar ends."""
    return slot_of(slot.last + timedelta(days=1), cadence)


def name_slot(slot: Slot, cadence: Cadence) -> str:
    """A slot in words: `March 2026`, `2026-Q1`, `week 14 of 2026`, else its days."""
    if cadence.months == 1:
        return f"{MONTH_NAMES[slot.first.month - 1]} {slot.first.year}"
    if cadence.months == 3:
        return f"{slot.first.year}-Q{(slot.first.month + 2) // 3}"
    if cadence.name == "weekly":
        year, week, _ = slot.first.isocalendar()
        return f"week {week} of {year}"
    return str(slot.first) if cadence.days == 1 else f"{slot.first} to {slot.last}"


def infer_cadence(days: Sequence[date], written: Cadence | None) -> Cadence | None:
    """How often a KPI is read: as written, else the median distance between its readings; None for fewer than four.

    The median is rounded to the nearest named cadence by ratio; above 130 days it is taken as it is.
    """
    if written is not None:
        return written
    if len(days) < MIN_READINGS:
        return None
    distance = max(1, round(median((later - earlier).days for earlier, later in pairwise(sorted(days)))))
    if distance > MAX_NAMED_DAYS:
        return Cadence(f"{distance} days", distance)
    return min(CADENCES.values(), key=lambda cadence: abs(math.log(cadence.days / distance)))


def fill_slots(
    readings: Iterable[tuple[date, Fraction]], cadence: Cadence, *, is_one_each: bool = False
) -> list[Filled]:
    """The readings of a KPI by slot, oldest first; slots without any are left out.

    With `is_one_each`, where the KPI is read once in a slot, an empty slot takes the first reading of the next one
    where that holds more than one: a report that came some days late belongs to the slot that it is about.
    """
    by_slot: dict[Slot, list[tuple[date, Fraction]]] = {}
    for day, value in sorted(readings):
        slot = slot_of(day, cadence)
        if is_one_each and slot in by_slot and slot > min(by_slot):  # so the calendar has a slot before it
            before = slot_before(slot, cadence)
            if before not in by_slot and before > min(by_slot):
                by_slot[before] = [by_slot[slot].pop(0)]
        by_slot.setdefault(slot, []).append((day, value))
    return [Filled(slot, tuple(entries)) for slot, entries in sorted(by_slot.items())]


def counted_slots(filled: Sequence[Filled], day: date) -> list[Filled]:
    """The slots that count on a day: each that is over, and the running one with as many readings as the one before."""
    past = list(filled[: bisect_right(filled, day, key=lambda entry: entry.slot.last)])
    for running in filled[len(past) : len(past) + 1]:
        is_running = running.slot.first <= day
        if is_running and past and len(running.readings) >= len(past[-1].readings):
            past.append(running)
    return past


def slots_between(first: Slot, last: Slot, cadence: Cadence) -> list[Slot]:
    """The slots from one to another, both included, oldest first."""
    found = [first]
    while found[-1] < last:
        found.append(slot_after(found[-1], cadence))
    return found


def slots_before(slots: Sequence[Slot], cadence: Cadence) -> list[Slot]:
    """As many slots right before the first of these, oldest first; none where the calendar ends."""
    found: list[Slot] = []
    try:
        for _ in slots:
            found.append(slot_before(found[-1] if found else slots[0], cadence))
    except OverflowError:
        return []
    return found[::-1]


def slots_a_year_before(slots: Sequence[Slot], cadence: Cadence) -> list[Slot]:
    """The same months, quarters or ISO weeks of the year before; none for other cadences and where there are none."""
    if cadence.months:
        return [slot_of(slot.first.replace(year=slot.first.year - 1), cadence) for slot in slots if slot.first.year > 1]
    if cadence.name != "weekly":
        return []
    found = []
    for slot in slots:
        year, week, _ = slot.first.isocalendar()
        try:
            found.append(slot_of(date.fromisocalendar(year - 1, week, 1), cadence))
        except (OverflowError, ValueError):  # a year without a week 53
            return []
    return found
