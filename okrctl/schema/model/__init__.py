"""The shape of what users write, as Pydantic models that know nothing of positions; here a file of objectives."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from okrctl.schema.model.base import AGREED, Thing
from okrctl.schema.model.key_result import SHAPES, AnyKeyResult, KeyResult, UnmeasuredKeyResult, measure_of
from okrctl.schema.model.kpi import Kpi, KpiFile
from okrctl.values import fields
from okrctl.values.fields import Count, Day, DoneValue, Id, Ids, Model, PeriodName, TeamName, Text, Texts, blank
from okrctl.values.readings import WordReadings

__all__ = [
    "AGREED", "SHAPES", "Hypothesis", "Initiative", "KeyResult", "Kpi", "KpiFile", "Objective", "OkrFile", "Thing",
    "UnmeasuredKeyResult", "measure_of",
]  # fmt: skip


class Hypothesis(Model):
    """The KPI that is expected to move and its direction, looked at once the period has ended."""

    kpi: Id = Field(description="The KPI that should move")
    expect: Literal["up", "down", "steady"] = Field(description="Which way")
    because: Text | None = blank(description="Why")


class Initiative(Model):
    """A piece of work; shown, never scored."""

    title: Text = Field(description="What is done")
    owner: Text | None = blank(description="Who does it")
    moves: Texts = blank(default_factory=list, description="The key results it should move")
    kpis: Ids = blank(default_factory=list, description="The KPIs it should move")
    links: Texts = blank(default_factory=list, description="Addresses worth knowing")
    tags: Texts = blank(default_factory=list, description="Words to filter by")
    count: Count | None = blank(description="How much is done, such as 3/5")
    done: DoneValue | None = blank(description="false, or the date on which it was done")


class Objective(Thing):
    """What is to become true in a period, and how one will know."""

    why: Text | None = blank(description="The reason")
    contributors: Texts = blank(default_factory=list, description="Who else works on it")
    parent: Text | None = blank(description="The objective or key result that it supports")
    kpis: Ids = blank(default_factory=list, description="KPIs that it should move")
    hypothesis: Annotated[list[Hypothesis], BeforeValidator(fields.listed)] = blank(
        default_factory=list, description="Which KPI should move, and which way"
    )
    outcome: Literal["reached", "missed", "unclear"] | None = blank(description="A person's verdict at the close")
    retrospective: Text | None = blank(description="What was learnt")
    carried_from: Text | None = blank(description="The objective of an earlier period that it continues")
    readings: WordReadings | None = blank(description="Check-ins on the objective itself: confidence and note by date")
    key_results: Annotated[list[AnyKeyResult], BeforeValidator(fields.listed)] = blank(
        default_factory=list, description="How one will know"
    )
    initiatives: Annotated[list[Initiative], BeforeValidator(fields.listed)] = blank(
        default_factory=list, description="The work"
    )


class CustomPeriod(Model):
    """A cycle of any length."""

    id: Id = Field(description="Its name")
    start: Day = Field(description="Its first day")
    end: Day = Field(description="Its last day")


def _period(raw: object) -> str:
    return "<cycle>" if isinstance(raw, dict | CustomPeriod) else "<named>"


AnyPeriod = Annotated[
    Annotated[PeriodName, Tag("<named>")] | Annotated[CustomPeriod, Tag("<cycle>")], Discriminator(_period)
]


class OkrFile(Model):
    """A file of objectives of one team in one period."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("period",)

    period: AnyPeriod | None = Field(None, description="2026-Q2, 2026-H1, 2026, FY26-Q1, or {id, start, end}")
    team: TeamName | None = blank(description="Whose objectives these are; the whole company where it is left out")
    objectives: Annotated[list[Objective], BeforeValidator(fields.listed)] = Field(
        default_factory=list, description="The objectives"
    )
