"""A change: a metric whose goal is worked out from where it starts, such as -7%, -7pp, +20 or x2."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import Field

from okrctl.measures import metric
from okrctl.values.fields import ChangeBy, Goal, Model, blank
from okrctl.values.quantity import Change
from okrctl.values.timeseries import Course

KEYS = ("change",)


class Fields(Model):
    """Set out from `from` (or the KPI's value on the first day) and change by so much."""

    change: ChangeBy | None = Field(
        None, description="-7% is relative, -7pp percentage points, +20 adds, x2 multiplies"
    )
    from_: Goal | None = blank(alias="from", description="The number it starts from")


def target(fields: Any, start: Fraction | None) -> Fraction | None:
    """The number to reach: 4.3 and -7% give 3.999, 4.3 and -7pp give -2.7."""
    if start is None or fields.change is None:
        return None
    by: Change = fields.change
    match by.kind:
        case "relative":
            return start * (1 + by.number / 100)
        case "factor":
            return start * by.number
        case _:
            return start + by.number


def progress(fields: Any, course: Course) -> Fraction | None:
    """As for a metric."""
    return metric.share(course, target(fields, course.start))
