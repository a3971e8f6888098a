"""A limit: a number that stays on the right side of a bound, the bound included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from okrctl.measures.measure import (
    AmendOption,
    Bounds,
    ComparedField,
    Effect,
    FormatAmount,
    InputNumber,
    Measure,
    Range,
    Records,
    ScoredKeyResult,
    Snippet,
    flag_effect,
    formula_number,
)
from okrctl.values import dates, quantity
from okrctl.values.diagnostic import Route
from okrctl.values.fields import Number, StrictModel, optional, reject
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import KeyResultSeries, Point

AT_LEAST_TYPES = "at least|above|should stay above|stay above|maintain above|minimum|min".split("|")
AT_MOST_TYPES = "at most|below|should stay below|stay below|maintain below|maximum|max".split("|")
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
    def _require_order(cls, bounds: list[Any] | None) -> list[Any] | None:
        return require_ordered(bounds)


def require_ordered(bounds: list[Any] | None) -> list[Any] | None:
    """Reject a band that has not exactly two bounds, the lower one first."""
    if bounds is not None and len(bounds) != 2:
        reject("`between` takes two numbers, such as [48, 52]")
    if bounds is not None and bounds[0].number > bounds[1].number:
        reject(f"the bounds are reversed: {bounds[0].text} is above {bounds[1].text}", "write the lower one first")
    return bounds


class Limit(Measure[Fields]):
    """Judged by bounds: by the newest reading, or by the share of the intervals in which they were held."""

    name = "limit"
    fields = Fields
    keys = ("at_least", "at_most", "between")
    records: Records = "numbers"
    summary = "its bounds"
    snippet = Snippet("stay within a bound", "A limit that is to hold", {"at_most": "${3:5%}"})
    example = "at_most: 5%, readings: {2026-04-20: 4%}"
    easier_example = "at_most: 8%, readings: {2026-04-20: 4%}"
    placeholder = "VALUE"
    prompt = "value"
    has_bounds = True
    several_keys_help = "write `between: [N, M]` for a range"
    import_types: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(AT_LEAST_TYPES, "at_least"),
        **dict.fromkeys(AT_MOST_TYPES, "at_most"),
    }
    amendable: ClassVar[Mapping[str, AmendOption]] = {
        "at-least": AmendOption("at_least", "number", "N", "The new lower bound."),
        "at-most": AmendOption("at_most", "number", "N", "The new upper bound."),
        "between": AmendOption("between", "numbers", "N,M", "The new bounds, the lower one first."),
    }
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"at_least": ("between",), "at_most": ("between",)}

    def numbers(self, fields: Fields) -> Iterator[tuple[Route, Quantity]]:
        """The bounds."""
        for key, bound in (("at_least", fields.at_least), ("at_most", fields.at_most)):
            if bound is not None:
                yield (key,), bound
        for number, bound in enumerate(fields.between or ()):
            yield ("between", number), bound

    def progress(self, fields: Fields, series: KeyResultSeries) -> Fraction | None:
        """1 in bounds and 0 out of them; for `held` the share of the intervals so far that were in bounds."""
        if series.value is None:
            return None
        if fields.judge == "held":
            held, judged = self._count_held(fields, series)
            return Fraction(held, judged) if judged else None
        return Fraction(self.allows(fields, series.value))

    def expected(self, fields: Fields, series: KeyResultSeries, target: Fraction | None, due: date) -> Fraction | None:
        """Nothing: a limit is judged by its bounds on every day alike."""
        return None

    def bounds(self, fields: Fields) -> Bounds:
        """The least and the greatest value allowed; None where it is open."""
        if fields.between is not None:
            return fields.between[0].number, fields.between[1].number
        return (
            None if fields.at_least is None else fields.at_least.number,
            None if fields.at_most is None else fields.at_most.number,
        )

    def allows(self, fields: Fields, value: Fraction) -> bool:
        """Whether a value is on the right side or exactly on the bound."""
        low, high = self.bounds(fields)
        return (low is None or value >= low) and (high is None or value <= high)

    def is_in_bounds(self, fields: Fields, series: KeyResultSeries) -> bool | None:
        """By the newest reading for `held`, else by the value."""
        if series.value is None:
            return None
        return self.allows(fields, series.points[-1].value if fields.judge == "held" else series.value)

    def tally(self, fields: Fields, series: KeyResultSeries) -> tuple[int, int] | None:
        """The intervals in bounds and all intervals so far, for `held`."""
        return self._count_held(fields, series) if fields.judge == "held" and series.value is not None else None

    def _count_held(self, fields: Fields, series: KeyResultSeries) -> tuple[int, int]:
        judged = interval_readings(series)
        return sum(1 for point in judged if point is not None and self.allows(fields, point.value)), len(judged)

    def describe_target(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """The bounds, and how often they were held where that is what counts."""
        text = self.describe_bounds(fields, result.unit, amount)
        return f"{text}, held {result.tally[0]} of {result.tally[1]}" if result.tally else text

    def describe_bounds(self, fields: Fields, unit: str | None, amount: FormatAmount) -> str:
        """`at most 5 %`, `48 to 52 %`."""
        low, high = self.bounds(fields)
        if low is not None and high is not None:
            return f"{amount(low, None)} to {amount(high, unit)}"
        if low is not None:
            return f"at least {amount(low, unit)}"
        return "without bounds" if high is None else f"at most {amount(high, unit)}"

    def describe_goal(self, fields: Fields, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """The bounds as they are written."""
        bounds = (("at least", fields.at_least), ("at most", fields.at_most))
        written = [f"{name} {bound.text}" for name, bound in bounds if bound is not None]
        return written or [f"between {' and '.join(bound.text for bound in fields.between or ())}"]

    def formula(self, fields: Fields, result: ScoredKeyResult, value: str) -> str:
        """Intervals in bounds / intervals so far for `held`, else 1 or 0."""
        if result.tally:
            return f"{result.tally[0]} / {result.tally[1]}"
        return formula_number(result.progress or Fraction(0))

    def explain(self, fields: Fields, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """Whether the value is in bounds, or how often it was."""
        assert result.value is not None
        if result.tally:
            held, judged = result.tally
            yield f"held: {held} of {judged} intervals in bounds ({result.series.cadence.name})"
        else:
            verdict = "in bounds: 1" if self.allows(fields, result.value) else "out of bounds: 0"
            yield f"{quantity.format_short(result.value, result.unit)} ({result.value_date}) is {verdict}"

    def inputs(self, fields: Fields, result: ScoredKeyResult) -> Iterator[InputNumber]:
        """The bounds."""
        if fields.at_least is not None:
            yield InputNumber(("at_least",), "at least", fields.at_least.number)
        if fields.at_most is not None:
            yield InputNumber(("at_most",), "at most", fields.at_most.number)
        for number, bound in enumerate(fields.between or ()):
            yield InputNumber(("between", number), ("at least", "at most")[number], bound.number)

    def compared_fields(self, fields: Fields, unit: str | None) -> Iterator[ComparedField]:
        """The bounds, however they are written, and how they are judged."""
        low, high = self.bounds(fields)
        for name, bound, number in (("at_least", low, 0), ("at_most", high, 1)):
            shown = None if bound is None else Quantity(bound, unit, "")
            yield ComparedField(name, bound, shown, (name,) if fields.between is None else ("between", number))
        yield ComparedField("judge", fields.judge, fields.judge, ("judge",))

    def effect(self, name: str, old: Fields, new: Fields, ranges: Callable[[], tuple[Range, Range]]) -> Effect | None:
        """By the values that are allowed; the newest reading alone is easier than holding the bounds."""
        if name == "judge":
            return flag_effect(new.judge == "latest", old.judge == "latest")
        return bounds_effect(self.bounds(old), self.bounds(new))


def bounds_effect(old: Bounds, new: Bounds) -> Effect:
    """By the values that are allowed: where some were added it is easier, even if others were taken away."""
    lower = new[0] != old[0] and (new[0] is None or (old[0] is not None and new[0] < old[0]))
    higher = new[1] != old[1] and (new[1] is None or (old[1] is not None and new[1] > old[1]))
    return "relaxed" if lower or higher else "neutral" if old == new else "tightened"


def interval_readings(series: KeyResultSeries) -> list[Point | None]:
    """The reading that counts for each interval so far, None for a missed one.

    Of several readings the newest counts. Where there is none, the first of the next interval counts if that has
    another one, since a meeting that is moved by a day still took place. The running interval and a shorter one at
    the end count once they have a reading.
    """
    intervals = dates.cadence_intervals(series.cadence, series.first, series.last)
    within = _points_by_interval(intervals, series.points)
    judged: list[Point | None] = []
    for number, (start, end) in enumerate(intervals):
        if start > series.day:
            break
        own = within[number]
        following = within[number + 1] if number + 1 < len(intervals) else []
        point = own[-1] if own else following[0] if len(following) > 1 else None
        is_open = end >= series.day or end > series.last
        if point is not None or not is_open:
            judged.append(point)
    return judged


def _points_by_interval(intervals: Sequence[tuple[date, date]], points: Sequence[Point]) -> list[list[Point]]:
    within: list[list[Point]] = [[] for _ in intervals]
    number = 0
    for point in points:
        while number < len(intervals) - 1 and point.day > intervals[number][1]:
            number += 1
        if intervals and intervals[number][0] <= point.day <= intervals[number][1]:
            within[number].append(point)
    return within


MEASURE = Limit()
