"""The models of key results, one for each measure."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Tag, model_validator

from okrctl import measures
from okrctl.measures import change, done, graded, limit, metric, milestones
from okrctl.schema.model.base import Amendment, GoalBase
from okrctl.schema.model.units import Aggregate, strip_declared_unit
from okrctl.values import fields
from okrctl.values.fields import (
    CadenceValue,
    Day,
    DayKey,
    Id,
    Ids,
    Number,
    Priority,
    StrictModel,
    Text,
    Texts,
    optional,
    reject,
)
from okrctl.values.readings import GradeReadings, NoteReadings, NumberReadings


class KeyResultModel(GoalBase):
    """The fields that all key results share."""

    MEASURE: ClassVar[str] = ""

    priority: Priority | None = optional(description="From 0 (must) to 4; also P0 to P4")
    due: Day | None = optional(description="The date when the target is due; the last day of the period by default")
    guards: Literal["all"] | Ids | None = optional(
        description="Makes it a guardrail for all other key results of the objective, or for those named"
    )
    cadence: CadenceValue | None = optional(description="How often a reading is due")
    amended: Annotated[list[Amendment], BeforeValidator(fields.to_list)] = optional(
        default_factory=list, description="The agreed values before each change"
    )
    readings: Any = optional()


def _require_one_method(raw: object) -> object:
    if isinstance(raw, dict) and sum(1 for key in raw if key in ("sum", "mean", "min", "max")) != 1:
        reject("a rollup takes exactly one of `sum`, `mean`, `min` and `max`", "rollup: {sum: [one, two]}")
    return raw


class Rollup(StrictModel):
    """The value of a key result as the sum, mean, minimum or maximum of others."""

    _exactly_one = model_validator(mode="before")(_require_one_method)

    sum: Texts | None = optional(description="Key results to add")
    mean: Texts | None = optional(description="Key results for the mean")
    min: Texts | None = optional(description="Key results for the minimum")
    max: Texts | None = optional(description="Key results for the maximum")

    @property
    def method(self) -> str:
        """sum, mean, min or max."""
        return next((name for name in ("sum", "mean", "min", "max") if getattr(self, name) is not None), "sum")

    @property
    def members(self) -> list[str]:
        """The references to its key results."""
        return getattr(self, self.method) or []


class NumericKeyResult(KeyResultModel):
    """The fields that metric, change and limit share."""

    _without_declared_unit = model_validator(mode="before")(strip_declared_unit)

    unit: Text | None = optional(description="%, EUR, users, h or any word; here or after the numbers")
    readings: NumberReadings | None = optional(description="By date, or the path of a CSV file")
    aggregate: Aggregate | None = optional(description="How readings are combined to the value")
    kpi: Id | None = optional(description="The KPI whose readings it uses")
    rollup: Rollup | None = optional(description="The value is computed from other key results")


class TargetKeyResult(NumericKeyResult):
    """The fields that metric and change share: a path from a baseline to a target."""

    plan: dict[DayKey, Number] | None = optional(description="Targets by date, if progress is not linear")
    stretch: Number | None = optional(description="A number beyond the target; shown, not scored")


class MetricKeyResult(TargetKeyResult, metric.Fields):
    """A key result with a number that should move from a baseline to a target."""

    MEASURE: ClassVar[str] = "metric"


class ChangeKeyResult(TargetKeyResult, change.Fields):
    """A key result with a number that should change by an amount from its baseline."""

    MEASURE: ClassVar[str] = "change"


class LimitKeyResult(NumericKeyResult, limit.Fields):
    """A key result with a number that should stay within bounds."""

    MEASURE: ClassVar[str] = "limit"


class DoneKeyResult(KeyResultModel, done.Fields):
    """A key result that is done or not done."""

    MEASURE: ClassVar[str] = "done"
    readings: NoteReadings | None = optional(description="Check-ins without a value: confidence and note by date")


class MilestonesKeyResult(KeyResultModel, milestones.Fields):
    """A key result with milestones."""

    MEASURE: ClassVar[str] = "milestones"
    readings: NoteReadings | None = optional(description="Check-ins without a value: confidence and note by date")


class GradedKeyResult(KeyResultModel, graded.Fields):
    """A key result with a grade set by a person."""

    MEASURE: ClassVar[str] = "graded"
    readings: GradeReadings | None = optional(description="Grades from 0 to 1 by date")


class UnmeasuredKeyResult(TargetKeyResult, metric.Fields, limit.Fields):
    """A key result without a measure, or with several."""

    done: Any = optional()
    milestones: Any = optional()
    graded: Any = optional()
    change: Any = optional()
    readings: Any = optional()


MODELS_BY_MEASURE: dict[str, type[KeyResultModel]] = {
    "metric": MetricKeyResult,
    "change": ChangeKeyResult,
    "limit": LimitKeyResult,
    "done": DoneKeyResult,
    "milestones": MilestonesKeyResult,
    "graded": GradedKeyResult,
}


def detect_measure(raw: object) -> str:
    """The measure of a key result; `unmeasured` if it has none or several."""
    if isinstance(raw, dict):  # first, since checking for a model is slower
        names = {name for name, _ in measures.named_measures(raw)}
        return names.pop() if len(names) == 1 else "unmeasured"
    return (isinstance(raw, KeyResultModel) and raw.MEASURE) or "unmeasured"


AnyKeyResult = Annotated[
    Annotated[MetricKeyResult, Tag("<metric>")]
    | Annotated[ChangeKeyResult, Tag("<change>")]
    | Annotated[LimitKeyResult, Tag("<limit>")]
    | Annotated[DoneKeyResult, Tag("<done>")]
    | Annotated[MilestonesKeyResult, Tag("<milestones>")]
    | Annotated[GradedKeyResult, Tag("<graded>")]
    | Annotated[UnmeasuredKeyResult, Tag("<unmeasured>")],
    Discriminator(lambda raw: f"<{detect_measure(raw)}>"),
]
