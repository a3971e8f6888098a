"""A limit: a number that is to stay on the right side of a bound, the bound included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, field_validator

from okrctl.values import period
from okrctl.values.fields import Number, StrictModel, optional, reject
from okrctl.values.timeseries import KeyResultSeries, Point

KEYS = ("at_least", "at_most", "between")
PAIR_SCHEMA: dict[str, Any] = {"minItems": 2, "maxItems": 2}


class Fields(StrictModel):
    """Stay at or above `at_least`, at or below `at_most`, or within `between`."""

    at_least: Number | None = Field(None, description="The least value that is fine")
    at_most: Number | None = Field(None, description="The greatest value that is fine")
    between: list[Number] | None = Field(
        None, description="The least and the greatest value that are fine", json_schema_extra=PAIR_SCHEMA
    )
    judge: Literal["latest", "held"] = optional(
        "latest", description="latest: the newest reading decides; held: the share of the cadences in bounds"
    )

    @field_validator("between")
    @classmethod
    def _ordered(cls, bounds: list[Any] | None) -> list[Any] | None:
        return require_ordered(bounds)


def require_ordered(bounds: list[Any] | None) -> list[Any] | None:
    """Refuse a band that has not exactly two bounds, the lower one first."""
    if bounds is not None and len(bounds) != 2:
        reject("`between` takes two numbers, such as [48, 52]")
    if bounds is not None and bounds[0].number > bounds[1].number:
        reject(f"the bounds are reversed: {bounds[0].text} is above {bounds[1].text}", "write the lower one first")
    return bounds


def bounds_of(fields: Any) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that are fine; None where it is open."""
    if fields.between is not None:
        return fields.between[0].number, fields.between[1].number
    return (
        None if fields.at_least is None else fields.at_least.number,
        None if fields.at_most is None else fields.at_most.number,
    )


def is_in_bounds(fields: Any, value: Fraction) -> bool:
    """Whether a value is on the right side or exactly on the bound."""
    low, high = bounds_of(fields)
    return (low is None or value >= low) and (high is None or value <= high)


def target(fields: Any, start: Fraction | None) -> None:
    """A limit has no way to go."""
    return None


def progress(fields: Any, course: KeyResultSeries) -> Fraction | None:
    """1 in bounds and 0 out of them; for `held` the share of the intervals so far that were in bounds."""
    if course.value is None:
        return None
    if fields.judge == "held":
        judged = held_points(course)
        good = sum(1 for point in judged if point is not None and is_in_bounds(fields, point.value))
        return Fraction(good, len(judged)) if judged else None
    return Fraction(is_in_bounds(fields, course.value))


def held_points(course: KeyResultSeries) -> list[Point | None]:
    """The reading that speaks for each interval so far, None for a missed one.

    Of several readings the newest speaks. Where there is none, the next interval lends its first if it has another one,
    since a meeting that is moved by a day still took place. The running interval and a shorter one at the end count
    once they have a reading.
    """
    spans = period.cadence_intervals(course.cadence, course.first, course.last)
    within = _points_by_interval(spans, course.points)
    judged: list[Point | None] = []
    for number, (start, end) in enumerate(spans):
        if start > course.day:
            break
        own = within[number]
        lent = within[number + 1] if number + 1 < len(spans) else []
        point = own[-1] if own else lent[0] if len(lent) > 1 else None
        waits = end >= course.day or end > course.last
        if point is not None or not waits:
            judged.append(point)
    return judged


def _points_by_interval(spans: Sequence[tuple[date, date]], points: Sequence[Point]) -> list[list[Point]]:
    within: list[list[Point]] = [[] for _ in spans]
    number = 0
    for point in points:
        while number < len(spans) - 1 and point.day > spans[number][1]:
            number += 1
        if spans and spans[number][0] <= point.day <= spans[number][1]:
            within[number].append(point)
    return within
