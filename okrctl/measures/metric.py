"""A metric: from one number to another, up or down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from okrctl.measures.measure import AmendOption, ComparedField, Snippet
from okrctl.measures.range import FROM_OPTION, PLAN_OPTION, RangeMeasure, compared_number
from okrctl.values.diagnostic import Route
from okrctl.values.fields import StrictModel, TargetValue, optional
from okrctl.values.quantity import Quantity


class Fields(StrictModel):
    """From `from` (default 0, or the KPI's value on the first day) to `to`."""

    from_: TargetValue | None = optional(alias="from", description="The number it starts from; 0 where it is left out")
    to: TargetValue | None = Field(None, description="The number to reach; TBD until it is known")


class Metric(RangeMeasure[Fields]):
    """Judged by the share of the distance from `from` to `to`."""

    name = "metric"
    fields = Fields
    keys = ("to",)
    family = "range"
    summary = "the progress from one number to another"
    snippet = Snippet("from one number to another", "From `from` to `to`", {"from": "${3:0}", "to": "${4:100}"})
    example = "from: 0, to: 100 users, readings: {2026-04-20: 40 users}"
    easier_example = "from: 0, to: 80 users, readings: {2026-04-20: 40 users}"
    start_key = "from"
    target_key = "to"
    default_start = Fraction(0)
    amendable: ClassVar[Mapping[str, AmendOption]] = {
        "to": AmendOption("to", "number", "N", "The new target."),
        "from": FROM_OPTION,
        "plan": PLAN_OPTION,
    }

    def numbers(self, fields: Fields) -> Iterator[tuple[Route, Quantity]]:
        """The start and the target."""
        for key, number in (("from", fields.from_), ("to", fields.to)):
            if isinstance(number, Quantity):
                yield (key,), number

    def written_start(self, fields: Fields) -> Quantity | str | None:
        """`from` as it is written."""
        return fields.from_

    def target(self, fields: Fields, start: Fraction | None) -> Fraction | None:
        """The number to reach, None as long as it is TBD."""
        return fields.to.number if isinstance(fields.to, Quantity) else None

    def compared_fields(self, fields: Fields, unit: str | None) -> Iterator[ComparedField]:
        """`from` and `to`."""
        yield from super().compared_fields(fields, unit)
        yield compared_number("to", fields.to, unit)


MEASURE = Metric()
