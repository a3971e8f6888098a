"""The shape of a file of KPIs."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from okrctl.measures import limit
from okrctl.schema.model.units import Aggregate, declared
from okrctl.values import fields
from okrctl.values.fields import CadenceValue, Id, Model, Number, Text, Texts, blank
from okrctl.values.readings import NumberReadings


class Watch(Model):
    """Bounds that raise an alarm; no goal."""

    below: Number | None = blank(description="Alarm where the value is below")
    above: Number | None = blank(description="Alarm where the value is above")


class SourceSpec(Model):
    """Where `okrctl refresh` fetches readings."""

    csv: Text | None = blank(description="A CSV file of the workspace")
    date: Text | None = blank(description="Column or field with the days")
    value: Text | None = blank(description="Column or field with the values")
    sql: Text | None = blank(description="A query for days and values")
    url_env: Text | None = blank(description="Environment variable with the database's address; begins with OKRCTL_")
    http: Text | None = blank(description="An address that answers JSON")
    token_env: Text | None = blank(description="Environment variable with the token; begins with OKRCTL_")
    prometheus: Text | None = blank(description="Address of a Prometheus server")
    query: Text | None = blank(description="PromQL")


class Kpi(Model):
    """A long-lived gauge: where it stands and which way is better; no goal."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("id", "title")
    _without_declared_unit = model_validator(mode="before")(declared)

    id: Id | None = Field(None, description="Unique in the workspace; used in formulas")
    title: Text | None = Field(None, description="What it says")
    owner: Text | None = blank(description="One person or role")
    team: Id | None = blank(description="Whose KPI it is")
    why: Text | None = blank(description="Why it matters")
    description: Text | None = blank(description="Everything else worth saying")
    unit: Text | None = blank(description="%, EUR, users or any word")
    better: Literal["higher", "lower"] | None = blank(description="Which way is better")
    between: list[Number] | None = blank(description="Instead of better: the band to keep", json_schema_extra=limit.TWO)
    indicator: Literal["leading", "lagging"] | None = blank(description="leading or lagging")
    cadence: CadenceValue | None = blank(description="How often a reading is due")
    aggregate: Aggregate | None = blank(description="How readings become one figure for a month, quarter or period")
    readings: NumberReadings | None = blank(description="By date, or the path of a CSV file")
    watch: Watch | None = blank(description="An alarm, not a goal")
    target: Number | None = blank(description="Allowed, and advised against: a second goal system")
    formula: Text | None = blank(description="+ - * / ( ), numbers and KPI ids")
    source: SourceSpec | None = blank(description="Where okrctl refresh fetches readings")
    formerly: Id | None = blank(description="Its id before it was renamed")
    links: Texts = blank(default_factory=list, description="Addresses worth knowing")
    tags: Texts = blank(default_factory=list, description="Words to filter by")

    @field_validator("between")
    @classmethod
    def _ordered(cls, bounds: list[Any] | None) -> list[Any] | None:
        return limit.ordered(bounds)


class KpiFile(Model):
    """A file of KPIs."""

    kpis: Annotated[list[Kpi], BeforeValidator(fields.listed)] = Field(default_factory=list, description="The KPIs")
