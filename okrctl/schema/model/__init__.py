"""The shape of what users write, as Pydantic models that know nothing of positions; here a file of objectives."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

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
    PeriodName,
    StrictModel,
    TeamName,
    Text,
    Texts,
    optional,
)
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
    """The KPI that is expected to move and its direction, looked at once the period has ended."""

    kpi: Id = Field(description="The KPI that should move")
    expect: Literal["up", "down", "steady"] = Field(description="Which way")
    because: Text | None = optional(description="Why")


class Initiative(StrictModel):
    """A piece of work; shown, never scored."""

    title: Text = Field(description="What is done")
    owner: Text | None = optional(description="Who does it")
    moves: Texts = optional(default_factory=list, description="The key results it should move")
    kpis: Ids = optional(default_factory=list, description="The KPIs it should move")
    links: Texts = optional(default_factory=list, description="Addresses worth knowing")
    tags: Texts = optional(default_factory=list, description="Words to filter by")
    count: Count | None = optional(description="How much is done, such as 3/5")
    done: DoneValue | None = optional(description="false, or the date on which it was done")


class ObjectiveModel(GoalBase):
    """What is to become true in a period, and how one will know."""

    why: Text | None = optional(description="The reason")
    contributors: Texts = optional(default_factory=list, description="Who else works on it")
    parent: Text | None = optional(description="The objective or key result that it supports")
    kpis: Ids = optional(default_factory=list, description="KPIs that it should move")
    hypothesis: Annotated[list[Hypothesis], BeforeValidator(fields.to_list)] = optional(
        default_factory=list, description="Which KPI should move, and which way"
    )
    outcome: Literal["reached", "missed", "unclear"] | None = optional(description="A person's verdict at the close")
    retrospective: Text | None = optional(description="What was learnt")
    carried_from: Text | None = optional(description="The objective of an earlier period that it continues")
    readings: NoteReadings | None = optional(
        description="Check-ins on the objective itself: confidence and note by date"
    )
    key_results: Annotated[list[AnyKeyResult], BeforeValidator(fields.to_list)] = optional(
        default_factory=list, description="How one will know"
    )
    initiatives: Annotated[list[Initiative], BeforeValidator(fields.to_list)] = optional(
        default_factory=list, description="The work"
    )


class CustomPeriod(StrictModel):
    """A cycle of any length."""

    id: Id = Field(description="Its name")
    start: Day = Field(description="Its first day")
    end: Day = Field(description="Its last day")


def _period_tag(raw: object) -> str:
    return "<cycle>" if isinstance(raw, dict | CustomPeriod) else "<named>"


AnyPeriod = Annotated[
    Annotated[PeriodName, Tag("<named>")] | Annotated[CustomPeriod, Tag("<cycle>")], Discriminator(_period_tag)
]


class OkrFile(StrictModel):
    """A file of objectives of one team in one period."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("period",)

    period: AnyPeriod | None = Field(None, description="2026-Q2, 2026-H1, 2026, FY26-Q1, or {id, start, end}")
    team: TeamName | None = optional(description="Whose objectives these are; the whole company where it is left out")
    objectives: Annotated[list[ObjectiveModel], BeforeValidator(fields.to_list)] = Field(
        default_factory=list, description="The objectives"
    )
