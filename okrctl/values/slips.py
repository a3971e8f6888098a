"""Suspected slips: a number far from its neighbours that a decimal point or a separator would explain."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

FACTOR = 20  # a number further from its neighbours than this is suspected
MIN_NEIGHBOURS, MAX_NEIGHBOURS = 2, 3
MIN_POWER = 2  # tens are not looked for
THOUSAND_FACTOR = 32

_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_WHOLE = re.compile(r"\d+")
_DECIMALS = re.compile(r"\d*\.(\d+)")


class Written(NamedTuple):
    """A number as it is written; `places` are its decimals after a suffix is multiplied out (`1.2M` has -5)."""

    value: Fraction
    places: int


def nearest_neighbours(series: Sequence[Written], position: int, target: Written | None = None) -> list[Written]:
    """The up to three neighbours of a number of a series: those before it, then those after it, then the target.

    Zeros are no neighbours. Where the series began with a value of its own (`from`), that is its first member.
    """
    before = [other for other in reversed(series[:position]) if other.value][:MAX_NEIGHBOURS]
    after = [other for other in series[position + 1 :] if other.value]
    last = [target] if target is not None and target.value else []
    return [*before, *after, *last][:MAX_NEIGHBOURS]


def likely_value(written: Written, neighbours: Sequence[Written]) -> Fraction | None:
    """What a suspected number was likely meant to be; None where it is not suspected.

    It is suspected where it is more than 20 times the largest neighbour, or less than a twentieth of the smallest and
    written with more decimals than each. The sign stays.
    """
    if not written.value or len(neighbours) < MIN_NEIGHBOURS:
        return None
    size, sizes = abs(written.value), [abs(neighbour.value) for neighbour in neighbours]
    is_large = size > FACTOR * max(sizes)
    is_small = FACTOR * size < min(sizes) and all(written.places > neighbour.places for neighbour in neighbours)
    if not is_large and not is_small:
        return None
    typical = sum(map(math.log10, sizes)) / len(sizes)
    power = max(MIN_POWER, round(abs(math.log10(size) - typical)))
    return written.value / Fraction(10) ** (power if is_large else -power)


def thousands_with_a_point(texts: Iterable[str]) -> list[str]:
    """The numbers among those of a goal that are thousands written with a point: `12.000` beside `950`.

    `texts` are the numbers without signs and units. A number is one of them with one to three digits before the point,
    the first not 0, and three behind it, where no number has one, two or more than three decimals and a whole number is
    at least 32 times as large as it reads.
    """
    texts = list(texts)
    decimals = [len(found[1]) for text in texts if (found := _DECIMALS.fullmatch(text))]
    if any(count != 3 for count in decimals):
        return []
    largest = max((int(text) for text in texts if _WHOLE.fullmatch(text)), default=0)
    return [text for text in texts if _THOUSANDS.fullmatch(text) and largest >= THOUSAND_FACTOR * Fraction(text)]
