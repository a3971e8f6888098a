"""The shape of what users write, as Pydantic models around the measures; they know nothing of positions."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from okrctl import fields, measures
from okrctl.fields import (
    Bare,
    CadenceValue,
    Count,
    Day,
    DayKey,
    DoneValue,
    HandScore,
    Id,
    Ids,
    Model,
    Number,
    PeriodName,
    Priority,
    TeamName,
    Text,
    Texts,
    Weight,
    blank,
    refuse,
)
from okrctl.measures import change, done, graded, limit, metric, milestones
from okrctl.readings import CsvReadings, GradeReadings, NumberReadings, WordReadings

Ambition = Literal["aspirational", "committed"]
State = Literal["draft", "active", "deprioritized", "postponed"]
Aggregate = Literal["latest", "sum", "mean"]
AGREED = (
    "from", "to", "change", "at_least", "at_most", "between", "judge", "due", "plan", "stretch", "weight", "ambition",
    "state", "guards", "aggregate", "kpi", "rollup", "milestones", "graded", "done", "title", "unit",
)  # fmt: skip


class HandWritten(Model):
    """A score that a person puts in the place of the computed one."""

    value: HandScore = Field(description="From 0 to 1")
    by: Text = Field(description="Who says so")
    reason: Text | None = blank(description="Why it differs from the computed score")
    date: Day | None = blank(description="From which day on it holds")


class Amendment(Model):
    """The record of a change to what was agreed."""

    date: Day = Field(description="When it was changed")
    by: Text = Field(description="Who changed it")
    reason: Text = Field(description="Why")
    was: dict[str, Any] = Field(description="What the agreed values were before, such as {to: 60}")

    @field_validator("was")
    @classmethod
    def _known(cls, was: dict[str, Any]) -> dict[str, Any]:
        for key in was:
            if key not in AGREED:
                refuse(f"'{key}' is nothing that is agreed on", f"one of {', '.join(AGREED)}")
        return was


class Thing(Model):
    """What an objective and a key result have in common."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("id", "title")

    id: Id | None = Field(None, description="Lower-case letters, digits, - and _; unique among its siblings")
    title: Text | None = Field(None, description="What is to become true, in words")
    owner: Text | None = blank(description="One person or role")
    description: Text | None = blank(description="Everything else worth saying")
    ambition: Ambition | None = blank(description="How the score is read")
    weight: Weight | None = blank(description="Share in the score above it; 1 where it is left out")
    state: State = blank("active", description="All but active leave the score and stay in the table")
    reason: Text | None = blank(description="Why it was deprioritized or postponed")
    since: Day | None = blank(description="From which day on the state holds")
    added: Day | None = blank(description="The day it joined, after the period began")
    score: HandWritten | None = blank(description="A person's override; the computed score stays visible beside it")
    formerly: Id | None = blank(description="Its id before it was renamed")
    links: Texts = blank(default_factory=list, description="Addresses worth knowing")
    tags: Texts = blank(default_factory=list, description="Words to filter by")


class KeyResult(Thing):
    """What all key results have in common, however they are judged."""

    MEASURE: ClassVar[str] = ""

    priority: Priority | None = blank(description="0 (must) to 4, also P0; sorts and filters")
    due: Day | None = blank(description="From then on the whole way is expected; the period's last day where left out")
    guards: Literal["all"] | Ids | None = blank(
        description="all, or key results of the same objective: this one is a guardrail"
    )
    cadence: CadenceValue | None = blank(description="How often a reading is due")
    amended: Annotated[list[Amendment], BeforeValidator(fields.listed)] = blank(
        default_factory=list, description="What the agreed numbers were before a change"
    )
    readings: Any = blank()


AMBIGUOUS = frozenset(("m", "k", "K", "M", "B", "bn"))


def _declared(raw: object) -> object:
    """Take a declared unit of several words, or one that reads as a multiplier, from the numbers, as in `5m`."""
    unit = raw.get("unit") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(unit, str) or not (unit in AMBIGUOUS or " " in unit.strip()):
        return raw
    return {key: value if key in ("unit", "title", "description") else _bare(value, unit) for key, value in raw.items()}


def _bare(value: Any, unit: str) -> Any:
    if isinstance(value, str):
        number = value.removesuffix(unit).rstrip()
        return number if number != value and number[-1:].isdigit() else value
    if isinstance(value, list):
        return [_bare(one, unit) for one in value]
    return {key: _bare(one, unit) for key, one in value.items()} if isinstance(value, dict) else value


class Numeric(KeyResult):
    """What metric, change and limit have in common."""

    _without_declared_unit = model_validator(mode="before")(_declared)

    unit: Text | None = blank(description="%, EUR, users, h or any word; here or behind the numbers")
    readings: NumberReadings | None = blank(description="By date, or the path of a CSV file")
    aggregate: Aggregate | None = blank(description="How readings become the value")
    kpi: Id | None = blank(description="The KPI whose readings it uses")
    rollup: Rollup | None = blank(description="The value is worked out from other key results")


def _one_way(raw: object) -> object:
    if isinstance(raw, dict) and sum(1 for key in raw if key in ("sum", "mean", "min", "max")) != 1:
        refuse("a rollup takes exactly one of `sum`, `mean`, `min` and `max`", "rollup: {sum: [one, two]}")
    return raw


class Rollup(Model):
    """The value of a key result as the sum, mean, least or greatest of others."""

    _exactly_one = model_validator(mode="before")(_one_way)

    sum: Texts | None = blank(description="Key results to add up")
    mean: Texts | None = blank(description="Key results to take the mean of")
    min: Texts | None = blank(description="Key results to take the least of")
    max: Texts | None = blank(description="Key results to take the greatest of")

    @property
    def how(self) -> str:
        """sum, mean, min or max."""
        return next((name for name in ("sum", "mean", "min", "max") if getattr(self, name) is not None), "sum")

    @property
    def members(self) -> list[str]:
        """The references to the key results it is made of."""
        return getattr(self, self.how) or []


class Way(Numeric):
    """What metric and change have in common: a way to go."""

    plan: dict[DayKey, Number] | None = blank(description="Intermediate targets where the way is not a straight line")
    stretch: Number | None = blank(description="A number beyond the goal; shown, not scored")


class MetricKeyResult(Way, metric.Fields):
    """A key result judged by the way from one number to another."""

    MEASURE: ClassVar[str] = "metric"


class ChangeKeyResult(Way, change.Fields):
    """A key result judged by a change from where it starts."""

    MEASURE: ClassVar[str] = "change"


class LimitKeyResult(Numeric, limit.Fields):
    """A key result judged by its bounds."""

    MEASURE: ClassVar[str] = "limit"


class DoneKeyResult(KeyResult, done.Fields):
    """A key result judged yes or no."""

    MEASURE: ClassVar[str] = "done"
    readings: WordReadings | None = blank(description="Check-ins without a value: confidence and note by date")


class MilestonesKeyResult(KeyResult, milestones.Fields):
    """A key result judged by its steps."""

    MEASURE: ClassVar[str] = "milestones"
    readings: WordReadings | None = blank(description="Check-ins without a value: confidence and note by date")


class GradedKeyResult(KeyResult, graded.Fields):
    """A key result judged by a person's grade."""

    MEASURE: ClassVar[str] = "graded"
    readings: GradeReadings | None = blank(description="Grades from 0 to 1 by date")


class UnmeasuredKeyResult(Way, metric.Fields, limit.Fields):
    """A key result that says in no way, or in several, how it is judged."""

    done: Any = blank()
    milestones: Any = blank()
    graded: Any = blank()
    change: Any = blank()
    readings: Any = blank()


SHAPES: dict[str, type[KeyResult]] = {
    "metric": MetricKeyResult,
    "change": ChangeKeyResult,
    "limit": LimitKeyResult,
    "done": DoneKeyResult,
    "milestones": MilestonesKeyResult,
    "graded": GradedKeyResult,
}


def measure_of(raw: object) -> str:
    """The name of the one measure that a key result names; `unmeasured` for none or several."""
    if isinstance(raw, KeyResult):
        return raw.MEASURE or "unmeasured"
    found = {name for name, _ in measures.present(raw)} if isinstance(raw, dict) else set()
    return found.pop() if len(found) == 1 else "unmeasured"


AnyKeyResult = Annotated[
    Annotated[MetricKeyResult, Tag("<metric>")]
    | Annotated[ChangeKeyResult, Tag("<change>")]
    | Annotated[LimitKeyResult, Tag("<limit>")]
    | Annotated[DoneKeyResult, Tag("<done>")]
    | Annotated[MilestonesKeyResult, Tag("<milestones>")]
    | Annotated[GradedKeyResult, Tag("<graded>")]
    | Annotated[UnmeasuredKeyResult, Tag("<unmeasured>")],
    Discriminator(lambda raw: f"<{measure_of(raw)}>"),
]


class Hypothesis(Model):
    """Which KPI should move, and which way; judged when the period is over."""

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
    readings: WordReadings | None = blank(description="The weekly word on the objective as a whole")
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
    _without_declared_unit = model_validator(mode="before")(_declared)

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


__all__ = ["AGREED", "SHAPES", "Bare", "CsvReadings", "Kpi", "KpiFile", "Objective", "OkrFile", "measure_of"]
