"""Milestones: the share of the weight that is done."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from okrctl.measures import done
from okrctl.values.fields import DoneValue, Id, StrictModel, Text, Weight, optional, to_list
from okrctl.values.timeseries import KeyResultSeries

KEYS = ("milestones",)


class Milestone(StrictModel):
    """One step, with the date on which it was done."""

    title: Text = Field(description="What is there when the milestone is reached")
    id: Id | None = optional(description="A short name for check-ins")
    weight: Weight = optional(Fraction(1), description="Its share in the whole; 1 where it is left out")
    done: DoneValue = Field(description="false, or the date on which it was done")


class Fields(StrictModel):
    """A list of steps."""

    milestones: Annotated[list[Milestone] | None, BeforeValidator(to_list)] = Field(
        None, min_length=1, description="The steps, each with `done`"
    )


def target(fields: Any, start: Fraction | None) -> None:
    """Steps have no number to reach."""
    return None


def progress(fields: Any, course: KeyResultSeries) -> Fraction:
    """The weight done by the day divided by all weight."""
    last = min(course.day, course.last)
    steps = fields.milestones or []
    gone = sum((step.weight for step in steps if _is_done_by(step, course, last)), Fraction(0))
    whole = sum((step.weight for step in steps), Fraction(0))
    return gone / whole if whole else Fraction(0)


def _is_done_by(step: Milestone, course: KeyResultSeries, last: Any) -> bool:
    since = done.done_day(step.done, course.first)
    return since is not None and since <= last
