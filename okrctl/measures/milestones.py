"""Milestones: the share of the weight that is done."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from okrctl.measures import done
from okrctl.values.fields import DoneValue, Id, Model, Text, Weight, blank, listed
from okrctl.values.timeseries import Course

KEYS = ("milestones",)


class Milestone(Model):
    """One step, with the date on which it was done."""

    title: Text = Field(description="What is there when the milestone is reached")
    id: Id | None = blank(description="A short name for check-ins")
    weight: Weight = blank(Fraction(1), description="Its share in the whole; 1 where it is left out")
    done: DoneValue = Field(description="false, or the date on which it was done")


class Fields(Model):
    """A list of steps."""

    milestones: Annotated[list[Milestone] | None, BeforeValidator(listed)] = Field(
        None, min_length=1, description="The steps, each with `done`"
    )


def target(fields: Any, start: Fraction | None) -> None:
    """Steps have no number to reach."""
    return None


def progress(fields: Any, course: Course) -> Fraction:
    """The weight done by the day divided by all weight."""
    last = min(course.day, course.last)
    steps = fields.milestones or []
    gone = sum((step.weight for step in steps if _done(step, course, last)), Fraction(0))
    whole = sum((step.weight for step in steps), Fraction(0))
    return gone / whole if whole else Fraction(0)


def _done(step: Milestone, course: Course, last: Any) -> bool:
    since = done.on(step.done, course.first)
    return since is not None and since <= last
