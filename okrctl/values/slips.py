"""Suspected slips: a number far from its neighbours that a decimal point or a separator would explain."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain, islice
from typing import NamedTuple

from okrctl.values.quantity import Quantity, format_number

FACTOR = 20  # a number further from its neighbours than this is suspected
MIN_NEIGHBOURS, MAX_NEIGHBOURS = 2, 3
MIN_POWER = 2  # tens are not looked for
THOUSAND_FACTOR = 32

_POWERS = (0, 3, 6, 9)  # of k, M and bn
_DIGITS = re.compile(r"[0-9]*\.?[0-9]+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_WHOLE = re.compile(r"\d+")
_DECIMALS = re.compile(r"\d*\.(\d+)")


class Written(NamedTuple):
    """A number as it is written; `places` are its decimals after a suffix is multiplied out (`1.2M` has -5)."""

    value: Fraction
    places: int

    @classmethod
    def of(cls, quantity: Quantity) -> Written:
        """The number of a quantity with the places that its text shows."""
        digits = digits_of(quantity.text)
        places, base = len(digits.partition(".")[2]), abs(Fraction(digits or 0))
        power = next((power for power in _POWERS if base * 10**power == abs(quantity.number)), 0)
        return cls(quantity.number, places - power)


def digits_of(text: str) -> str:
    """The digits of a number with its point, without sign and unit; empty where there are none."""
    found = _DIGITS.search(text)
    return found[0] if found else ""


def with_digits(text: str, digits: str) -> str:
    """A number with other digits; sign and unit stay."""
    return _DIGITS.sub(digits, text, count=1)


def plain_digits(quantity: Quantity) -> str:
    """The digits of a quantity after a suffix is multiplied out: `1200000` for `1.2M`."""
    digits = digits_of(quantity.text)
    is_plain = digits and Fraction(digits) == abs(quantity.number)
    return digits if is_plain else format_number(abs(quantity.number))


def ways_to_write(digits: str) -> tuple[str, str]:
    """What `1.240` may mean, so that it means one thing: the thousands 1240, and the decimals 1.24 (or 1.2430)."""
    decimals = digits.rstrip("0").rstrip(".")
    return digits.replace(".", ""), f"{digits}0" if decimals == digits else decimals


def read_as(decimals: str) -> str:
    """What the decimals that `ways_to_write` gives are read as: 12.345 for `12.3450`."""
    found = _DIGITS.search(decimals)
    return with_digits(decimals, found[0].rstrip("0")) if found and "." in found[0] else decimals


def nearest_neighbours(series: Sequence[Written], position: int, target: Written | None = None) -> list[Written]:
    """The up to three neighbours of a number of a series: those before it, then those after it, then the target.

    Zeros are no neighbours. Where the series began with a value of its own (`from`), that is its first member.
    """
    before = (series[index] for index in range(position - 1, -1, -1))
    after = (series[index] for index in range(position + 1, len(series)))
    last = () if target is None else (target,)
    return list(islice((other for other in chain(before, after, last) if other.value), MAX_NEIGHBOURS))


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
