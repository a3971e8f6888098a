"""Finds readings that may have an extra or missing digit: ten times as far from the start as the target, and far
from all others.

One wrong digit makes a target look met many times over, and makes the trend useless.

To fix it, correct the reading; if it is right, add a `note:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Tracking codes requested
            to: 2500
            readings: {2026-04-13: 120, 2026-04-20: 41000, 2026-04-27: 500}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Tracking codes requested
            to: 2500
            readings: {2026-04-13: 120, 2026-04-20: 410, 2026-04-27: 500}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from okrctl import measures
from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, KeyResult

MAX_RANGES = 10
ZERO = Fraction(0)
# How many times as large or as small as all that is near a slipped digit makes a number, rounded down.
SIZE_FACTOR = 5


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Lonely readings far beyond the way of a metric or a change."""
    if not key_result.is_active or not key_result.model.title:
        return
    for reading in _outliers(key_result):
        assert reading.value is not None
        message = f"'{reading.value.text}' is far from start, goal and the readings beside it"
        yield reading_finding(key_result, reading, message, "a slipped digit? where it is right, add a `note:`")


def _outliers(kr: KeyResult) -> Iterator[DatedReading]:
    if not kr.readings or kr.measure not in ("metric", "change"):
        return
    said = getattr(kr.model, "from_", None)
    start = said.number if isinstance(said, Quantity) else ZERO
    goal: Fraction | None = measures.MEASURES[kr.measure].target(kr.model, start)
    if goal is None or (kr.measure == "change" and said is None):
        return
    is_far = _build_distance_check(start, goal)
    valued = [one for one in kr.readings if one.value is not None]
    for place, one in enumerate(valued):
        assert one.value is not None
        if is_far(one.value.number) and not one.note:
            beside = (other.value for other in valued[max(place - 1, 0) : place + 2] if other is not one)
            if _is_isolated(one.value.number, [start, goal, *(value.number for value in beside if value)]):
                yield one


def _build_distance_check(start: Fraction, goal: Fraction) -> Callable[[Fraction], bool]:
    """Whether a number is further than ten ways from the start; worked out in integers, for there are many."""
    (a, b), (c, d) = start.as_integer_ratio(), goal.as_integer_ratio()
    reach = MAX_RANGES * abs(c * b - a * d)

    def is_far(number: Fraction) -> bool:
        top, bottom = number.as_integer_ratio()
        return reach > 0 and abs(top * b - a * bottom) * d > reach * bottom

    return is_far


def _is_isolated(value: Fraction, near: list[Fraction]) -> bool:
    """Whether a number is much larger than all others, or much smaller."""
    sizes = [abs(one) for one in near if one]
    return abs(value) >= SIZE_FACTOR * max(sizes) or SIZE_FACTOR * abs(value) <= min(sizes)


RULE = Rule(code="OKR322", name="reading-outlier", severity="info", check_key_result=check)
