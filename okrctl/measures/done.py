"""Done: yes or no, with the date on which it was done."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from pydantic import Field

from okrctl.values.fields import DoneValue, StrictModel
from okrctl.values.timeseries import KeyResultSeries

KEYS = ("done",)


class Fields(StrictModel):
    """`done: false`, later the date on which it was done."""

    done: DoneValue | None = Field(None, description="false, or the date on which it was done")


def done_day(value: date | bool | None, first: date) -> date | None:
    """The day from which something counts as done; `true` counts from the first day."""
    if isinstance(value, date):
        return value
    return first if value else None


def target(fields: Any, start: Fraction | None) -> None:
    """Yes or no has no number to reach."""
    return None


def progress(fields: Any, course: KeyResultSeries) -> Fraction:
    """1 from its date on, else 0."""
    since = done_day(fields.done, course.first)
    return Fraction(since is not None and since <= min(course.day, course.last))
