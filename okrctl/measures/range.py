"""What measures that go from one number to another have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from okrctl.measures.measure import (
    AmendOption,
    CarriedValues,
    ComparedField,
    Effect,
    F,
    FormatAmount,
    InputNumber,
    Measure,
    Range,
    Records,
    ScoredKeyResult,
    expected_line,
    formula_number,
)
from okrctl.values import quantity
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import KeyResultSeries

FROM_OPTION = AmendOption("from", "number", "N", "The new baseline.")
PLAN_OPTION = AmendOption("plan", "by date", "DATE=N,...", "The new plan; `none` for a straight line.")


class RangeMeasure(Measure[F]):
    """Judged by the share of the distance from a start to a target, up and down alike."""

    records: Records = "numbers"
    has_range = True
    placeholder = "VALUE"
    prompt = "value"

    @abstractmethod
    def written_start(self, fields: F) -> Quantity | str | None:
        """The start as the file says it: a number, TBD, or nothing."""

    @abstractmethod
    def target(self, fields: F, start: Fraction | None) -> Fraction | None:
        """The number to reach; None as long as it is TBD."""

    def progress(self, fields: F, series: KeyResultSeries) -> Fraction | None:
        """`(value - start) / (target - start)`; None without a value or with nothing between start and target."""
        return progress_between(series.value, series.start, self.target(fields, series.start))

    def expected(self, fields: F, series: KeyResultSeries, target: Fraction | None, due: date) -> Fraction | None:
        """Along the straight lines between the points of the plan, or one straight line without a plan."""
        plan: dict[date, Quantity] = getattr(fields, "plan", None) or {}
        if not plan or not series.first < series.day < due:
            return expected_line(series, due)
        if series.start is None or target is None:
            return None
        stops = {day: number.number for day, number in plan.items() if series.first < day < due}
        value = interpolate({**stops, series.first: series.start, due: target}, series.day)
        return progress_between(value, series.start, target)

    def describe_target(self, fields: F, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """As `0 -> 25000 users`, with the stretch target."""
        written = self.written_start(fields)
        start = written.number if result.series.start is None and isinstance(written, Quantity) else result.series.start
        in_front = quantity.format_number(Fraction(1), result.unit)[-1:] == "1" and result.unit is not None
        before = "?" if start is None else amount(start, result.unit if in_front else None)
        if isinstance(written, str):
            before = written
        after = f"TBD {result.unit or ''}".rstrip() if result.target is None else amount(result.target, result.unit)
        stretch = getattr(fields, "stretch", None)
        more = f" (stretch {amount(stretch.number, None)})" if stretch is not None else ""
        return f"{before} {arrow} {after}{more}"

    def describe_goal(self, fields: F, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """From where to where until when."""
        start, end = target
        if start is None or end is None:
            return []
        return [f"range: {quantity.format_number(start)} {arrow} {quantity.format_number(end, unit)} until {last}"]

    def formula(self, fields: F, result: ScoredKeyResult, value: str) -> str:
        """`(value - start) / (target - start)` with its numbers."""
        if result.series.start is None or result.target is None:
            return formula_number(result.progress or Fraction(0))
        start = formula_number(result.series.start)
        return f"({value} - {start}) / ({formula_number(result.target)} - {start})"

    def explain(self, fields: F, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """What the value is, and the progress."""
        assert result.value is not None
        yield f"value: {value_source}, {quantity.format_short(result.value, result.unit)} ({result.value_date})"
        yield f"progress: (value - from) / (to - from) {result.precision.equation(result.progress)}"

    def inputs(self, fields: F, result: ScoredKeyResult) -> Iterator[InputNumber]:
        """The target."""
        if result.target is not None:
            yield InputNumber((self.target_key,), "to", result.target)

    def with_start(self, start: Quantity) -> dict[str, Any]:
        """The start under the name of its field."""
        fields = self.fields.model_fields.items()
        return {next(name for name, field in fields if (field.alias or name) == self.start_key): start}

    def compared_fields(self, fields: F, unit: str | None) -> Iterator[ComparedField]:
        """The start; a start that is left out is the one that it stands for."""
        start = self.written_start(fields)
        if start is None and self.default_start is not None and not getattr(fields, "kpi", None):
            start = Quantity(self.default_start, None, str(self.default_start))
        yield compared_number(self.start_key, start, unit)

    def effect(self, name: str, old: F, new: F, ranges: Callable[[], tuple[Range, Range]]) -> Effect | None:
        """By the progress of the old target under the new numbers."""
        return range_effect(*ranges())

    def carry_over(self, draft: dict[str, Any], values: CarriedValues) -> None:
        """The same target from where the key result is now; of a sum, what is left of it."""
        if values.remaining is not None:
            draft[self.target_key] = values.remaining
        elif values.current is not None:
            insert_before(draft, self.target_key, self.start_key, values.current)


def progress_between(value: Fraction | None, start: Fraction | None, target: Fraction | None) -> Fraction | None:
    """`(value - start) / (target - start)`; None where a number is missing or start and target are equal."""
    if value is None or start is None or target is None or target == start:
        return None
    number, parts = value.as_integer_ratio()  # integers: fractions take several times longer
    begin, begin_parts = start.as_integer_ratio()
    end, end_parts = target.as_integer_ratio()
    done, way = number * begin_parts - begin * parts, end * begin_parts - begin * end_parts
    return Fraction(done * end_parts, way * parts)


def interpolate(stops: dict[date, Fraction], day: date) -> Fraction:
    """The value on a day along the straight lines between values on days, one of which is later."""
    after = min(stop for stop in stops if stop > day)
    before = max(stop for stop in stops if stop <= day)
    share = Fraction((day - before).days, (after - before).days)
    return stops[before] + share * (stops[after] - stops[before])


def range_effect(old: Range, new: Range) -> Effect | None:
    """By the progress of the old target under the new numbers; where that is 1, by the middle of the old range."""
    target = old[1]
    if target is not None and new[1] is None:
        return "relaxed"
    reached = progress_between(target, *new)
    if reached is None:
        return None
    if reached != 1 or old[0] is None or target is None:
        return _compare(reached, Fraction(1))
    middle = progress_between((old[0] + target) / 2, *new)
    return None if middle is None else _compare(middle, Fraction(1, 2))


def _compare(progress: Fraction, same: Fraction) -> Effect:
    return "relaxed" if progress > same else "tightened" if progress < same else "neutral"


def compared_number(key: str, value: Quantity | str | None, unit: str | None) -> ComparedField:
    """A number compared without its spelling and shown with its unit."""
    if isinstance(value, Quantity):
        return ComparedField(key, value.number, value._replace(unit=value.unit or unit), (key,))
    return ComparedField(key, value, value, (key,))


def insert_before(draft: dict[str, Any], key: str, name: str, value: Any) -> None:
    """Put `name` in front of `key`, wherever it was before; the other keys keep their order."""
    pairs = [pair for pair in draft.items() if pair[0] != name]
    draft.clear()
    for old, content in pairs:
        if old == key:
            draft[name] = value
        draft[old] = content
