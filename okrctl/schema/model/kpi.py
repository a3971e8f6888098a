"""The models of KPI files."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from okrctl.measures import limit
from okrctl.schema.model.source import SourceSpec
from okrctl.schema.model.units import Aggregate, strip_declared_unit
from okrctl.values import fields
from okrctl.values.fields import CadenceValue, Id, Number, Prepared, StrictModel, Text, Texts, make_list, optional
from okrctl.values.readings import NumberReadings


class AlarmSpec(StrictModel):
    """Bounds that raise an alarm; they are not a target."""

    below: Number | None = optional(description="Raise an alarm if the value is below")
    above: Number | None = optional(description="Raise an alarm if the value is above")


class KpiModel(StrictModel):
    """A long-lived metric of the business, without a target."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("id", "title")
    _without_declared_unit = model_validator(mode="before")(strip_declared_unit)

    id: Id | None = Field(None, description="Unique in the workspace; used in formulas")
    title: Text | None = Field(None, description="What it measures")
    owner: Text | None = optional(description="One person or role")
    team: Id | None = optional(description="The team that owns it")
    why: Text | None = optional(description="Why it matters")
    description: Text | None = optional(description="Any other information")
    unit: Text | None = optional(description="%, EUR, users or any word")
    better: Literal["higher", "lower"] | None = optional(description="The better direction")
    between: list[Number] | None = optional(
        description="Instead of better: the range to stay in", json_schema_extra=limit.PAIR_SCHEMA
    )
    indicator: Literal["leading", "lagging"] | None = optional(description="leading or lagging")
    cadence: CadenceValue | None = optional(description="How often a reading is due")
    aggregate: Aggregate | None = optional(
        description="How readings are combined into one value for a month, quarter or period"
    )
    readings: NumberReadings | None = optional(description="By date, or the path of a CSV file")
    watch: AlarmSpec | None = optional(description="Bounds for an alarm")
    target: Number | None = optional(description="Allowed but not recommended: set targets in key results")
    formula: Text | None = optional(description="+ - * / ( ), numbers and KPI ids")
    source: SourceSpec | None = optional(description="Where okrctl refresh fetches readings")
    formerly: Id | None = optional(description="The id before it was renamed")
    links: Texts = optional(default_factory=make_list, description="Related URLs")
    tags: Texts = optional(default_factory=make_list, description="Words for filters")

    @field_validator("between")
    @classmethod
    def _require_order(cls, bounds: list[Any] | None) -> list[Any] | None:
        return limit.require_ordered(bounds)


class KpiFile(StrictModel):
    """A file of KPIs."""

    kpis: Annotated[list[KpiModel], Prepared(fields.to_list)] = Field(default_factory=make_list, description="The KPIs")
