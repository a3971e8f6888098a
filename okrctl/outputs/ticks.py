"""Where the axes of charts have their ticks, on a terminal and in a drawing: round values, months and weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from okrctl.outputs.text.scorecard import short_day
from okrctl.values.dates import add_months

MIN_LABEL_GAP, MONTH_STEPS = 2, (1, 2, 3, 6, 12)
ROUND_STEPS = (Fraction(1), Fraction(2), Fraction(5), Fraction(10))
WEEKS = 8  # the longest stretch of weeks that is divided into weeks, not months


class DayTick(NamedTuple):
    """A labelled day; `start` is the column in which its label begins."""

    day: date
    column: int
    start: int
    label: str


def value_ticks(low: Fraction, high: Fraction, most: int = 5) -> list[Fraction]:
    """Round values at even distances, at most about so many, the first at or below `low`, the last at or above `high`.

    A single value gets the stretch from 0 to it.
    """
    if low == high:
        low, high = (min(low, Fraction(0)), max(high, Fraction(0))) if low else (Fraction(0), Fraction(1))
    step = _round_step((high - low) / max(most - 1, 1))
    first, last = low // step, -(-high // step)
    return [number * step for number in range(first, last + 1)]


def _round_step(least: Fraction) -> Fraction:
    """The smallest of 1, 2 and 5 times a power of ten that is not below a distance."""
    power = Fraction(10) ** (len(str(int(least))) - 1) if least >= 1 else Fraction(1)
    while power > least:
        power /= 10
    return next(power * step for step in ROUND_STEPS if power * step >= least)


def day_column(day: date, first: date, last: date, cells: int) -> int:
    """The column of a day among so many, held between the first and the last."""
    return min(max((day - first).days * (cells - 1) // (last - first).days, 0), cells - 1)


def day_ticks(first: date, last: date, cells: int) -> list[DayTick]:
    """Both ends and, as far as labels have room in so many columns, firsts of months or Mondays between them."""
    start, end = short_day(first, last), short_day(last, last)
    front = [DayTick(first, 0, 0, start)]
    if len(start) + MIN_LABEL_GAP + len(end) > cells:
        return front
    back = [DayTick(last, cells - 1, cells - len(end), end)]
    weeks = list(_weeks(first, last))
    loose = [*(list(_firsts_of_months(first, last, step)) for step in MONTH_STEPS), *weeks]
    for days, is_strict in [*((days, True) for days in weeks), *((days, False) for days in loose)]:
        ticks = [_tick(day, first, last, cells) for day in days if first < day < last]
        inner = _inner_ticks(ticks, front[0], back[0])
        if inner and (not is_strict or inner == ticks):
            return [*front, *inner, *back]
    return front + back


def _inner_ticks(ticks: list[DayTick], front: DayTick, back: DayTick) -> list[DayTick]:
    """The ticks that have room between those of the ends; none where they run into each other."""
    inner = [tick for tick in ticks if _follows(tick, front) and _follows(back, tick)]
    return inner if all(_follows(later, earlier) for earlier, later in pairwise(inner)) else []


def _weeks(first: date, last: date) -> Iterator[list[date]]:
    """The Mondays of a short stretch: all, every second, every fourth."""
    if (last - first).days <= WEEKS * 7:
        monday = first + timedelta(days=-first.weekday() % 7)
        for weeks in (1, 2, 4):
            yield [monday + timedelta(days=days) for days in range(0, (last - monday).days + 1, 7 * weeks)]


def _firsts_of_months(first: date, last: date, step: int) -> Iterator[date]:
    """The first of every month between the ends, of each year January and every `step`th month behind it."""
    month = first.replace(day=1)
    for number in range(1, (last.year - month.year) * 12 + last.month - month.month + 1):
        day = add_months(month, number)
        if (day.month - 1) % step == 0:
            yield day


def _tick(day: date, first: date, last: date, cells: int) -> DayTick:
    column, label = day_column(day, first, last, cells), short_day(day, last)
    return DayTick(day, column, column - len(label) // 2, label)


def _follows(later: DayTick, earlier: DayTick) -> bool:
    """Whether there is room between two labels."""
    return earlier.start + len(earlier.label) + MIN_LABEL_GAP <= later.start
