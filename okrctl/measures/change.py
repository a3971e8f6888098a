"""A change: a target worked out from the start, such as -7%, -7pp, +20 or x2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field

from okrctl.measures.measure import AmendOption, CarriedValues, ComparedField, Requirement, ScoredKeyResult, Snippet
from okrctl.measures.metric import MEASURE as METRIC
from okrctl.measures.range import FROM_OPTION, PLAN_OPTION, RangeMeasure
from okrctl.values import quantity
from okrctl.values.diagnostic import Route
from okrctl.values.fields import ChangeBy, StrictModel, TargetValue, optional
from okrctl.values.quantity import Quantity


class Fields(StrictModel):
    """From `from` (or the KPI's value on the first day) by so much."""

    change: ChangeBy | None = Field(
        None, description="-7% is relative, -7pp percentage points, +20 adds, x2 multiplies"
    )
    from_: TargetValue | None = optional(alias="from", description="The number it starts from")


class Change(RangeMeasure[Fields]):
    """Judged like a metric whose target is the start changed by so much."""

    name = "change"
    fields = Fields
    keys = ("change",)
    family = "range"
    summary = "a change from where it starts"
    snippet = Snippet("by so much", "A change from where it starts", {"from": "${3:40}", "change": "${4:-7%}"})
    example = "from: 40 h, change: -50%, readings: {2026-04-20: 30 h}"
    easier_example = "from: 40 h, change: -25%, readings: {2026-04-20: 30 h}"
    requirement = Requirement(
        "from", ("kpi",), "`change` needs `from` or `kpi`", "add the baseline as `from`, or name a `kpi`"
    )
    start_key = "from"
    target_key = "change"
    amendable: ClassVar[Mapping[str, AmendOption]] = {
        "change": AmendOption("change", "change", "CHANGE", "The new relative target, such as -7%, -7pp, +20 or x2."),
        "from": FROM_OPTION,
        "plan": PLAN_OPTION,
    }

    def numbers(self, fields: Fields) -> Iterator[tuple[Route, Quantity]]:
        """The start."""
        if isinstance(fields.from_, Quantity):
            yield ("from",), fields.from_

    def written_start(self, fields: Fields) -> Quantity | str | None:
        """`from` as it is written."""
        return fields.from_

    def target(self, fields: Fields, start: Fraction | None) -> Fraction | None:
        """The number to reach: 4.3 and -7% give 3.999, 4.3 and -7pp give -2.7."""
        if start is None or fields.change is None:
            return None
        match fields.change.kind:
            case "relative":
                return start * (1 + fields.change.number / 100)
            case "factor":
                return start * fields.change.number
            case _:
                return start + fields.change.number

    def explain(self, fields: Fields, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """The value, how the target follows from the start, and the progress."""
        value, progress = super().explain(fields, result, value_source)
        yield value
        if result.series.start is not None and result.target is not None and fields.change is not None:
            start, target = (
                quantity.format_short(number, result.unit) for number in (result.series.start, result.target)
            )
            yield f"to: {start} and {fields.change.text.strip()} is {target}"
        yield progress

    def compared_fields(self, fields: Fields, unit: str | None) -> Iterator[ComparedField]:
        """`from` and `change`."""
        yield from super().compared_fields(fields, unit)
        by = fields.change
        yield ComparedField("change", by and (by.kind, by.number), by and by.text, ("change",))

    def carry_over(self, draft: dict[str, Any], values: CarriedValues) -> None:
        """The target goes on as a number: from the new start the same change would lead further."""
        if values.target is not None:
            pairs = [("to", values.target) if pair[0] == "change" else pair for pair in draft.items()]
            draft.clear()
            draft.update(pairs)
            METRIC.carry_over(draft, values)


MEASURE = Change()
