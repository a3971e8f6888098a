"""A change: a metric whose goal is worked out from where it starts, such as -7%, -7pp, +20 or x2."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import Field

from okrctl.measures import metric
from okrctl.values.fields import ChangeBy, StrictModel, TargetValue, optional
from okrctl.values.quantity import TargetChange
from okrctl.values.timeseries import KeyResultSeries

KEYS = ("change",)


class Fields(StrictModel):
    """Set out from `from` (or the KPI's value on the first day) and change by so much."""

    change: ChangeBy | None = Field(
        None, description="-7% is relative, -7pp percentage points, +20 adds, x2 multiplies"
    )
    from_: TargetValue | None = optional(alias="from", description="The number it starts from")


def target(fields: Any, start: Fraction | None) -> Fraction | None:
    """The number to reach: 4.3 and -7% give 3.999, 4.3 and -7pp give -2.7."""
    if start is None or fields.change is None:
        return None
    by: TargetChange = fields.change
    match by.kind:
        case "relative":
            return start * (1 + by.number / 100)
        case "factor":
            return start * by.number
        case _:
            return start + by.number


def progress(fields: Any, course: KeyResultSeries) -> Fraction | None:
    """As for a metric."""
    return metric.progress_between(course, target(fields, course.start))
