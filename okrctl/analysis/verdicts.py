"""Verdicts on hypotheses: whether a KPI moved more than it usually does over spans as long as the period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from okrctl.values import statistics

MIN_LEVELS, MAX_LEVELS = 4, 5  # before the period

Expect = Literal["up", "down", "steady"]
Verdict = Literal["supported", "refuted", "no verdict"]


class UsualChange(NamedTuple):
    """What a KPI usually changes over one span, in its unit; `spans` is how many changes that is known from.

    `low` and `high` are the outer ones of the two ranges (of differences and, where all levels are above 0, of
    logarithms); `difference_low` and `difference_high` those of differences alone.
    """

    low: Fraction
    high: Fraction
    spans: int
    difference_low: Fraction
    difference_high: Fraction


def usual_change(levels: Sequence[Fraction], after: Fraction) -> UsualChange | None:
    """The usual change of a KPI from its levels before a period, oldest first; None for fewer than four.

    Of the levels the last five count. The range is the 80 % prediction interval of one more change: its mean plus and
    minus t(0.9, n - 1) times its standard deviation times the root of 1 + 1/n.
    """
    levels = levels[-MAX_LEVELS:]
    if len(levels) < MIN_LEVELS:
        return None
    low, high = _interval([later - earlier for earlier, later in pairwise(levels)])
    outer_low, outer_high = low, high
    if all(level > 0 for level in (*levels, after)):
        logs = [Fraction(statistics.logarithm(level)) for level in levels]
        log_low, log_high = _interval([later - earlier for earlier, later in pairwise(logs)])
        outer_low = min(low, levels[-1] * _growth(log_low))
        outer_high = max(high, levels[-1] * _growth(log_high))
    return UsualChange(outer_low, outer_high, len(levels) - 1, low, high)


def _interval(changes: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    count = len(changes)
    spread = statistics.root(statistics.variance(changes) * (1 + Fraction(1, count)))
    width = Fraction(statistics.t90(count - 1)) * spread
    middle = statistics.mean(changes)
    return middle - width, middle + width


def _growth(log_change: Fraction) -> Fraction:
    """The share by which something grows whose logarithm changes so much."""
    return Fraction(math.expm1(min(float(log_change), 700.0)))


def judge_change(
    change: Fraction, usual: UsualChange, expect: Expect, within: Fraction | None = None
) -> tuple[Verdict, str]:
    """The verdict on a change of a KPI over a period, and why in words."""
    if expect == "steady":
        return _judge_steady(change, usual, within)
    if usual.low <= change <= usual.high:
        return "no verdict", "moved as usual"
    is_above = change > usual.high
    verdict: Verdict = "supported" if is_above == (expect == "up") else "refuted"
    # Above the usual it rose by more, or fell by less; below it, it fell by more or rose by less.
    is_more = change > 0 if is_above else change < 0
    return verdict, f"moved {'more' if is_more else 'less'} than usual"


def _judge_steady(change: Fraction, usual: UsualChange, within: Fraction | None) -> tuple[Verdict, str]:
    if within is None:
        return "no verdict", "`expect: steady` needs `within:`"
    if max(abs(usual.difference_low), abs(usual.difference_high)) > within:
        return "no verdict", "usually changes more than `within:`"
    if abs(change) <= within:
        return "supported", "stayed within `within:`"
    return "refuted", "moved more than `within:`"
