"""The models of key results, one for each measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union

from pydantic import Discriminator, Tag, create_model, model_validator

from okrctl import measures
from okrctl.measures import MEASURES, UNMEASURED, Measure, limit, metric
from okrctl.schema.model.base import Amendment, GoalBase
from okrctl.schema.model.source import SourceSpec
from okrctl.schema.model.units import Aggregate, strip_declared_unit
from okrctl.values import fields
from okrctl.values.fields import (
    CadenceValue,
    Day,
    DayKey,
    Id,
    Ids,
    Number,
    Prepared,
    Priority,
    StrictModel,
    Text,
    Texts,
    make_list,
    optional,
    reject,
)
from okrctl.values.readings import GradeReadings, NoteReadings, NumberReadings


class KeyResultModel(GoalBase):
    """The fields that all key results share."""

    MEASURE: ClassVar[Measure[Any]] = UNMEASURED

    priority: Priority | None = optional(description="From 0 (most urgent) to 4, or P0 to P4")
    due: Day | None = optional(description="The date when the target is due; the last day of the period by default")
    guards: Literal["all"] | Ids | None = optional(
        description="Makes it a guardrail for all other key results of the objective, or for those named"
    )
    cadence: CadenceValue | None = optional(description="How often a reading is due")
    amended: Annotated[list[Amendment], Prepared(fields.to_list)] = optional(
        default_factory=make_list, description="The agreed values before each change"
    )
    readings: Any = optional()


def _require_one_method(raw: object) -> object:
    if isinstance(raw, dict) and sum(1 for key in raw if key in ("sum", "mean", "min", "max")) != 1:
        reject("a rollup takes exactly one of `sum`, `mean`, `min` and `max`", "rollup: {sum: [one, two]}")
    if isinstance(raw, dict) and [] in raw.values():  # here, since a rollup without its list has no method either
        reject("the rollup has no members", "name key results: `rollup: {sum: [one, two]}`, or leave it out")
    return raw


class Rollup(StrictModel):
    """The value of a key result as the sum, mean, minimum or maximum of others."""

    _exactly_one = model_validator(mode="before")(_require_one_method)

    sum: Texts | None = optional(min_length=1, description="Key results to add")
    mean: Texts | None = optional(min_length=1, description="Key results for the mean")
    min: Texts | None = optional(min_length=1, description="Key results for the minimum")
    max: Texts | None = optional(min_length=1, description="Key results for the maximum")

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
    aggregate: Aggregate | None = optional(description="How readings are combined into the value")
    kpi: Id | None = optional(description="The KPI whose readings it uses")
    rollup: Rollup | None = optional(description="The value is computed from other key results")
    source: SourceSpec | None = optional(description="Where okrctl refresh fetches readings")


class TargetKeyResult(NumericKeyResult):
    """The fields that metric and change share: a path from a baseline to a target."""

    plan: dict[DayKey, Number] | None = optional(description="Targets by date, if progress is not linear")
    stretch: Number | None = optional(description="A number beyond the target; shown, not scored")


class NotedKeyResult(KeyResultModel):
    """What key results have in common whose check-ins are dates, so that readings hold words alone."""

    readings: NoteReadings | None = optional(description="Check-ins without a value: confidence and note by date")


class GradeKeyResult(KeyResultModel):
    """What key results have in common whose readings are grades."""

    readings: GradeReadings | None = optional(description="Grades from 0 to 1 by date")


def _base_model(measure: Measure[Any]) -> type[KeyResultModel]:
    match measure.records:
        case "numbers":
            return TargetKeyResult if measure.has_range else NumericKeyResult
        case "grades":
            return GradeKeyResult
        case "date" | "steps":
            return NotedKeyResult


def _key_result_model(measure: Measure[Any]) -> type[KeyResultModel]:
    """The model of a key result with this measure: what all have in common, and the keys of the measure.

    Made here and not written out, so that a new measure needs no edit of the schema.
    """
    name = f"{measure.name.title()}KeyResult"
    body = {
        "__module__": __name__,
        "__qualname__": name,
        "__doc__": f"A key result judged by {measure.summary}.",
        "MEASURE": measure,
    }
    return type(name, (_base_model(measure), measure.fields), body)


MODELS_BY_MEASURE = {name: _key_result_model(measure) for name, measure in MEASURES.items()}


class _UnmeasuredBase(TargetKeyResult, metric.Fields, limit.Fields):
    """The keys of numbers, which are checked also where a key result has several measures."""

    readings: Any = optional()


_UNCHECKED: Any = {
    name: (Any, optional(alias=field.alias))
    for measure in MEASURES.values()
    for name, field in measure.fields.model_fields.items()
    if name not in _UnmeasuredBase.model_fields
}
UnmeasuredKeyResult = create_model(
    "UnmeasuredKeyResult",
    __base__=_UnmeasuredBase,
    __module__=__name__,
    __doc__="A key result without a measure, or with several.",
    **_UNCHECKED,
)


def detect_measure(raw: object) -> str:
    """The name of the one measure that a key result names; `unmeasured` for none or several."""
    if isinstance(raw, dict):  # asked first: whether something is a model takes longer to tell
        found = {measure.name for measure, _ in measures.named_measures(raw)}
        return found.pop() if len(found) == 1 else "unmeasured"
    return (isinstance(raw, KeyResultModel) and raw.MEASURE.name) or "unmeasured"


if TYPE_CHECKING:
    AnyKeyResult = KeyResultModel
else:
    _TAGGED = [Annotated[shape, Tag(f"<{name}>")] for name, shape in MODELS_BY_MEASURE.items()]
    AnyKeyResult = Annotated[
        Union[(*_TAGGED, Annotated[UnmeasuredKeyResult, Tag("<unmeasured>")])],
        Discriminator(lambda raw: f"<{detect_measure(raw)}>"),
    ]
