"""The shape of a key result, one for each measure."""

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
    """What all key results have in common, however they are judged."""

    MEASURE: ClassVar[str] = ""

    priority: Priority | None = optional(description="From 0, the most urgent, to 4; P0 to P4 will do")
    due: Day | None = optional(
        description="From then on the whole way is expected; the period's last day where left out"
    )
    guards: Literal["all"] | Ids | None = optional(
        description="Makes it a guardrail: of all other key results of the objective, or of those named"
    )
    cadence: CadenceValue | None = optional(description="How often a reading is due")
    amended: Annotated[list[Amendment], BeforeValidator(fields.to_list)] = optional(
        default_factory=list, description="What the agreed numbers were before a change"
    )
    readings: Any = optional()


def _require_one_method(raw: object) -> object:
    if isinstance(raw, dict) and sum(1 for key in raw if key in ("sum", "mean", "min", "max")) != 1:
        reject("a rollup takes exactly one of `sum`, `mean`, `min` and `max`", "rollup: {sum: [one, two]}")
    return raw


class Rollup(StrictModel):
    """The value of a key result as the sum, mean, least or greatest of others."""

    _exactly_one = model_validator(mode="before")(_require_one_method)

    sum: Texts | None = optional(description="Key results to add up")
    mean: Texts | None = optional(description="Key results to take the mean of")
    min: Texts | None = optional(description="Key results to take the least of")
    max: Texts | None = optional(description="Key results to take the greatest of")

    @property
    def method(self) -> str:
        """sum, mean, min or max."""
        return next((name for name in ("sum", "mean", "min", "max") if getattr(self, name) is not None), "sum")

    @property
    def members(self) -> list[str]:
        """The references to the key results it is made of."""
        return getattr(self, self.method) or []


class NumericKeyResult(KeyResultModel):
    """What metric, change and limit have in common."""

    _without_declared_unit = model_validator(mode="before")(strip_declared_unit)

    unit: Text | None = optional(description="%, EUR, users, h or any word; here or behind the numbers")
    readings: NumberReadings | None = optional(description="By date, or the path of a CSV file")
    aggregate: Aggregate | None = optional(description="How readings become the value")
    kpi: Id | None = optional(description="The KPI whose readings it uses")
    rollup: Rollup | None = optional(description="The value is worked out from other key results")


class TargetKeyResult(NumericKeyResult):
    """What metric and change have in common: a way to go."""

    plan: dict[DayKey, Number] | None = optional(description="Targets by date, for a way with bends")
    stretch: Number | None = optional(description="A number beyond the goal; shown, not scored")


class MetricKeyResult(TargetKeyResult, metric.Fields):
    """A key result judged by the way from one number to another."""

    MEASURE: ClassVar[str] = "metric"


class ChangeKeyResult(TargetKeyResult, change.Fields):
    """A key result judged by a change from where it starts."""

    MEASURE: ClassVar[str] = "change"


class LimitKeyResult(NumericKeyResult, limit.Fields):
    """A key result judged by its bounds."""

    MEASURE: ClassVar[str] = "limit"


class DoneKeyResult(KeyResultModel, done.Fields):
    """A key result judged yes or no."""

    MEASURE: ClassVar[str] = "done"
    readings: NoteReadings | None = optional(description="Check-ins without a value: confidence and note by date")


class MilestonesKeyResult(KeyResultModel, milestones.Fields):
    """A key result judged by its steps."""

    MEASURE: ClassVar[str] = "milestones"
    readings: NoteReadings | None = optional(description="Check-ins without a value: confidence and note by date")


class GradedKeyResult(KeyResultModel, graded.Fields):
    """A key result judged by a person's grade."""

    MEASURE: ClassVar[str] = "graded"
    readings: GradeReadings | None = optional(description="Grades from 0 to 1 by date")


class UnmeasuredKeyResult(TargetKeyResult, metric.Fields, limit.Fields):
    """A key result that says in no way, or in several, how it is judged."""

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
    """The name of the one measure that a key result names; `unmeasured` for none or several."""
    if isinstance(raw, dict):  # asked first: whether something is a model takes longer to tell
        found = {name for name, _ in measures.named_measures(raw)}
        return found.pop() if len(found) == 1 else "unmeasured"
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
