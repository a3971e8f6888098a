"""A metric: the way from one number to another, up or down."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import Field

from okrctl.values.fields import StrictModel, TargetValue, optional
from okrctl.values.timeseries import KeyResultSeries

KEYS = ("to",)


class Fields(StrictModel):
    """Set out from `from` (default 0, or the KPI's value on the first day) and go to `to`."""

    to: TargetValue | None = Field(None, description="The number to reach; TBD until it is known")
    from_: TargetValue | None = optional(alias="from", description="The number it starts from; 0 where it is left out")


def target(fields: Any, start: Fraction | None) -> Fraction | None:
    """The number to reach, None as long as it is TBD."""
    return None if fields.to is None or isinstance(fields.to, str) else fields.to.number


def progress(fields: Any, course: KeyResultSeries) -> Fraction | None:
    """The share of the way that is gone, below 0 and above 1 too; None without a value or without a way."""
    return progress_between(course, target(fields, course.start))


def progress_between(course: KeyResultSeries, goal: Fraction | None) -> Fraction | None:
    """`(value - start) / (goal - start)`, up and down alike."""
    if course.value is None or course.start is None or goal is None or goal == course.start:
        return None
    return (course.value - course.start) / (goal - course.start)
