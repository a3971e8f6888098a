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

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, KeyResult

MAX_RANGES = 10
ZERO = Fraction(0)
# An extra or missing digit makes a number about ten times as large or small; half of that is enough.
SIZE_FACTOR = 5


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Single readings far beyond the range from baseline to target."""
    if not key_result.is_active or not key_result.model.title:
        return
    for reading in _outliers(key_result):
        assert reading.value is not None
        message = f"'{reading.value.text}' is far from the baseline, the target and neighbouring readings"
        yield reading_finding(key_result, reading, message, "correct the digits, or add a `note:` if it is right")


def _outliers(key_result: KeyResult) -> Iterator[DatedReading]:
    start, target = _range(key_result)
    if target is None:
        return
    is_far = _build_distance_check(start, target)
    readings = [(reading, reading.value.number) for reading in key_result.readings if reading.value is not None]
    for index, (reading, number) in enumerate(readings):
        if is_far(number) and not reading.note:
            neighbours = [*readings[max(index - 1, 0) : index], *readings[index + 1 : index + 2]]
            if _is_isolated(number, [start, target, *(neighbour for _, neighbour in neighbours)]):
                yield reading


def _range(key_result: KeyResult) -> tuple[Fraction, Fraction | None]:
    """The baseline and the target; the target is None if the range is unknown or there are no readings."""
    if not key_result.readings or not key_result.measure.has_range:
        return ZERO, None
    baseline = key_result.measure.written_start(key_result.model)
    start = baseline.number if isinstance(baseline, Quantity) else ZERO
    if key_result.measure.default_start is None and baseline is None:
        return start, None
    return start, key_result.measure.target(key_result.model, start)


def _build_distance_check(start: Fraction, target: Fraction) -> Callable[[Fraction], bool]:
    """A function that tells whether a number is more than ten ranges from the start; in integers, which is faster."""
    (a, b), (c, d) = start.as_integer_ratio(), target.as_integer_ratio()
    reach = MAX_RANGES * abs(c * b - a * d)

    def is_far(number: Fraction) -> bool:
        top, bottom = number.as_integer_ratio()
        return reach > 0 and abs(top * b - a * bottom) * d > reach * bottom

    return is_far


def _is_isolated(value: Fraction, neighbours: list[Fraction]) -> bool:
    """Whether a number is much larger or much smaller than all of its neighbours."""
    sizes = [abs(number) for number in neighbours if number]
    return abs(value) >= SIZE_FACTOR * max(sizes) or SIZE_FACTOR * abs(value) <= min(sizes)


RULE = Rule(code="OKR322", name="reading-outlier", severity="info", check_key_result=check)
