"""Whether a KPI gets better or worse, and whether it raises an alarm."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import Kpi

Trend = Literal["better", "worse", "steady"]


def trend_of(kpi: Kpi, before: Fraction | None, after: Fraction | None) -> Trend | None:
    """Whether a change is for the better: up, down, or nearer to the band, as the KPI says.

    None where a value is missing or the KPI does not say what is better.
    """
    if before is None or after is None or not (kpi.model.better or kpi.model.between):
        return None
    gain = after - before
    if kpi.model.between:
        low, high = (bound.number for bound in kpi.model.between)
        gain = distance_to_band(before, low, high) - distance_to_band(after, low, high)
    elif kpi.model.better == "lower":
        gain = -gain
    return "better" if gain > 0 else "worse" if gain < 0 else "steady"


def distance_to_band(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """The distance to a band, 0 within it."""
    return max(low - value, value - high, Fraction(0))


def alarm_reason(kpi: Kpi, reading: Fraction | None) -> str | None:
    """The `watch` bound that a reading crosses, in words; None where it crosses none."""
    watch = kpi.model.watch
    if watch is None or reading is None:
        return None
    if watch.below is not None and reading < watch.below.number:
        return f"below {_format_bound(watch.below, kpi)}"
    if watch.above is not None and reading > watch.above.number:
        return f"above {_format_bound(watch.above, kpi)}"
    return None


def _format_bound(bound: Quantity, kpi: Kpi) -> str:
    return format_number(bound.number, kpi.unit or bound.unit)
