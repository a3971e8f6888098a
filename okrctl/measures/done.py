"""Done: yes or no, with the date when it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field

from okrctl.measures.measure import (
    CarriedValues,
    ComparedField,
    Effect,
    FormatAmount,
    InputNumber,
    Measure,
    Range,
    Records,
    ScoredKeyResult,
    Snippet,
    Step,
    formula_number,
)
from okrctl.values.fields import DoneValue, StrictModel
from okrctl.values.timeseries import KeyResultSeries


class Fields(StrictModel):
    """`done: false`, later the date when it was done."""

    done: DoneValue | None = Field(None, description="false, or the date when it was done")


class Done(Measure[Fields]):
    """Judged yes or no."""

    name = "done"
    fields = Fields
    keys = ("done",)
    records: Records = "date"
    summary = "whether it is done"
    snippet = Snippet("yes or no", "Done on a day, or not", {"done": "${3:false}"})
    example = "done: 2026-04-20"
    easier_example = None
    placeholder = "done"
    prompt = "done, open or a date"
    import_types: ClassVar[Mapping[str, str]] = dict.fromkeys(
        "boolean|binary|bool|yes no|done not done|achieved or not|task|checkbox|to do|done".split("|"), "done"
    )

    def steps(self, fields: Fields) -> Sequence[Step]:
        """The key result itself is the one step."""
        return (Step(None, None, Fraction(1), fields.done or False, ("done",)),)

    def progress(self, fields: Fields, series: KeyResultSeries) -> Fraction:
        """1 from its date on, else 0."""
        (step,) = self.steps(fields)
        day = step.done_day(series.first)
        return Fraction(day is not None and day <= min(series.day, series.last))

    def expected(self, fields: Fields, series: KeyResultSeries, target: Fraction | None, due: date) -> Fraction | None:
        """Nothing until the day after it is due."""
        return Fraction(series.day > due)

    def describe_value(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount) -> str | None:
        """`done` or `open`."""
        return "done" if result.value else "open"

    def describe_target(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """When it was done, or when it is due."""
        return f"on {result.value_date}" if result.value else f"due {result.due}"

    def describe_goal(self, fields: Fields, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """The title says what is to be done."""
        return []

    def formula(self, fields: Fields, result: ScoredKeyResult, value: str) -> str:
        """1 or 0."""
        return formula_number(result.progress or Fraction(0))

    def explain(self, fields: Fields, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """When it was done."""
        yield f"score 1: done on {result.value_date}" if result.value else "score 0: not done"

    def inputs(self, fields: Fields, result: ScoredKeyResult) -> Iterator[InputNumber]:
        """The date."""
        if isinstance(fields.done, date):
            yield InputNumber(("done",), "done", fields.done)

    def compared_fields(self, fields: Fields, unit: str | None) -> Iterator[ComparedField]:
        """The date, which is a check-in and no agreement."""
        yield ComparedField("done", fields.done, fields.done, ("done",))

    def effect(self, name: str, old: Fields, new: Fields, ranges: Callable[[], tuple[Range, Range]]) -> Effect | None:
        """None: nothing was agreed but the title."""
        return None

    def with_done(self, fields: Fields, number: int, done: date | bool) -> dict[str, Any]:
        """Done or open."""
        return {"done": done}

    def with_current_state(self, agreed: Fields, current: Fields) -> dict[str, Any]:
        """Done on the day on which it was done."""
        return {"done": current.done}

    def carry_over(self, draft: dict[str, Any], values: CarriedValues) -> None:
        """Open again."""
        draft["done"] = "false"


MEASURE = Done()
