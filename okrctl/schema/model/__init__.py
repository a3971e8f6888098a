"""The Pydantic models of OKR files; the places of values are not part of them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator

from okrctl.schema.model.base import AGREED_KEYS, GoalBase
from okrctl.schema.model.key_result import (
    MODELS_BY_MEASURE,
    AnyKeyResult,
    KeyResultModel,
    UnmeasuredKeyResult,
    detect_measure,
)
from okrctl.schema.model.kpi import KpiFile, KpiModel
from okrctl.values import fields
from okrctl.values.fields import (
    Count,
    Day,
    DoneValue,
    Id,
    Ids,
    Parent,
    PeriodName,
    Prepared,
    StrictModel,
    TeamName,
    Text,
    Texts,
    UnsignedNumber,
    make_list,
    optional,
)
from okrctl.values.quantity import Quantity
from okrctl.values.readings import NoteReadings

__all__ = [
    "AGREED_KEYS",
    "MODELS_BY_MEASURE",
    "GoalBase",
    "Hypothesis",
    "Initiative",
    "KeyResultModel",
    "KpiFile",
    "KpiModel",
    "ObjectiveModel",
    "OkrFile",
    "UnmeasuredKeyResult",
    "detect_measure",
]  # fmt: skip


class Hypothesis(StrictModel):
    """A KPI that should move in a direction; evaluated when the period has ended."""

    kpi: Id = Field(description="The KPI that should move")
    expect: Literal["up", "down", "steady"] = Field(description="The expected direction")
    within: UnsignedNumber | None = optional(description="For `steady`: the largest change that still counts as steady")
    because: Text | None = optional(description="The reason")

    @field_validator("within")
    @classmethod
    def _for_steady(cls, within: Quantity | None, info: ValidationInfo) -> Quantity | None:
        if within is not None and info.data.get("expect") in ("up", "down"):
            fields.reject(f"`within` has no use with `expect: {info.data['expect']}`", "it belongs to `expect: steady`")
        return within


class Initiative(StrictModel):
    """A piece of work; it is shown and not scored."""

    title: Text = Field(description="The work")
    owner: Text | None = optional(description="Who does the work")
    moves: Texts = optional(default_factory=make_list, description="The key results it should move")
    kpis: Ids = optional(default_factory=make_list, description="The KPIs it should move")
    links: Texts = optional(default_factory=make_list, description="Related URLs")
    tags: Texts = optional(default_factory=make_list, description="Words for filters")
    count: Count | None = optional(description="How much is done, such as 3/5")
    done: DoneValue | None = optional(description="false, or the date when it was done")


class ObjectiveModel(GoalBase):
    """What a team wants to achieve in a period, and how it measures that."""

    why: Text | None = optional(description="The reason")
    contributors: Texts = optional(default_factory=make_list, description="Who else works on it")
    parent: Parent | None = optional(description="The objective or key result that it supports")
    kpis: Ids = optional(default_factory=make_list, description="KPIs that it should move")
    hypothesis: Annotated[list[Hypothesis], Prepared(fields.to_list)] = optional(
        default_factory=make_list, description="Which KPI should move in which direction"
    )
    outcome: Literal["reached", "missed", "unclear"] | None = optional(
        description="The outcome, set when the period is closed"
    )
    retrospective: Text | None = optional(description="Lessons learned")
    carried_from: Text | None = optional(description="The objective of an earlier period that it continues")
    readings: NoteReadings | None = optional(
        description="Check-ins on the objective itself: confidence and note by date"
    )
    key_results: Annotated[list[AnyKeyResult], Prepared(fields.to_list)] = optional(
        default_factory=make_list, description="How success is measured"
    )
    initiatives: Annotated[list[Initiative], Prepared(fields.to_list)] = optional(
        default_factory=make_list, description="The planned work"
    )


class CustomPeriod(StrictModel):
    """A period with any dates."""

    id: Id = Field(description="The id of the period")
    start: Day = Field(description="The first day")
    end: Day = Field(description="The last day")


def _period_tag(raw: object) -> str:
    return "<cycle>" if isinstance(raw, dict | CustomPeriod) else "<named>"


AnyPeriod = Annotated[
    Annotated[PeriodName, Tag("<named>")] | Annotated[CustomPeriod, Tag("<cycle>")], Discriminator(_period_tag)
]


class OkrFile(StrictModel):
    """The objectives of one team in one period."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("period",)

    period: AnyPeriod | None = Field(None, description="2026-Q2, 2026-H1, 2026, FY26-Q1, or {id, start, end}")
    team: TeamName | None = optional(description="The team; the whole company by default")
    language: Text | None = optional(description="The language of the titles, en or de")
    objectives: Annotated[list[ObjectiveModel], Prepared(fields.to_list)] = Field(
        default_factory=make_list, description="The objectives"
    )
