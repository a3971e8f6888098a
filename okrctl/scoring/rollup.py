"""From key results upward: weighted means, bands and verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from okrctl.schema.settings import SANDBAGGING_SCORE, Config
from okrctl.scoring.progress import ONE
from okrctl.values.quantity import round_number


def weighted_mean(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The mean of (value, weight); None where there is nothing.

    Sums are kept over one common denominator and reduced once: adding fractions one by one takes several times longer.
    """
    top, bottom = 0, 1
    weight_top, weight_bottom = 0, 1
    for value, weight in parts:
        number, divisor = value.as_integer_ratio()
        if weight is ONE:
            weight_top += weight_bottom
            if divisor == bottom:
                top += number
            else:
                top, bottom = _add(top, bottom, number, divisor)
            continue
        weight_number, weight_divisor = weight.as_integer_ratio()
        divisor *= weight_divisor
        if divisor == bottom:
            top += number * weight_number
        else:
            top, bottom = _add(top, bottom, number * weight_number, divisor)
        if weight_divisor == weight_bottom:
            weight_top += weight_number
        else:
            weight_top, weight_bottom = _add(weight_top, weight_bottom, weight_number, weight_divisor)
    return Fraction(top * weight_bottom, bottom * weight_top) if weight_top else None


def _add(top: int, bottom: int, number: int, divisor: int) -> tuple[int, int]:
    """A fraction and another one, over a common denominator."""
    common = lcm(bottom, divisor)
    return top * (common // bottom) + number * (common // divisor), common


def band_of(score: Fraction | None, config: Config) -> str | None:
    """green, yellow or red; with the bands of Google the score is first rounded half up to tenths."""
    if score is None:
        return None
    bands = config.bands
    if isinstance(bands, str):
        score, bands = Fraction(round_number(score, 1)), (Fraction(2, 5), Fraction(7, 10))
    return "green" if score >= bands[1] else "yellow" if score >= bands[0] else "red"


def shown_band(score: Fraction | None, is_over: bool, config: Config) -> str | None:
    """The band once the period is over; None before, since early in a period the colour contradicts the status."""
    return band_of(score, config) if is_over else None


def verdict_of(score: Fraction | None, ambition: str, is_over: bool, config: Config) -> str | None:
    """How a score is read by ambition; nothing is missed before the period is over."""
    if score is None:
        return None
    if ambition == "committed":
        return "met" if score >= 1 else "missed" if is_over else None
    if is_over and score >= SANDBAGGING_SCORE:
        return "sandbagging?"
    return "succeeded" if score >= config.scoring.success else None
