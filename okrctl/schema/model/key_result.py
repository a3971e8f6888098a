"""The shape of a key result, one for each measure."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Tag, model_validator

from okrctl import measures
from okrctl.measures import change, done, graded, limit, metric, milestones
from okrctl.schema.model.base import Amendment, Thing
from okrctl.schema.model.units import Aggregate, declared
from okrctl.values import fields
from okrctl.values.fields import CadenceValue, Day, DayKey, Id, Ids, Model, Number, Priority, Text, Texts, blank, refuse
from okrctl.values.readings import GradeReadings, NumberReadings, WordReadings


class KeyResult(Thing):
    """What all key results have in common, however they are judged."""

    MEASURE: ClassVar[str] = ""

    priority: Priority | None = blank(description="From 0, the most urgent, to 4; P0 to P4 will do")
    due: Day | None = blank(description="From then on the whole way is expected; the period's last day where left out")
    guards: Literal["all"] | Ids | None = blank(
        description="Makes it a guardrail: of all other key results of the objective, or of those named"
    )
    cadence: CadenceValue | None = blank(description="How often a reading is due")
    amended: Annotated[list[Amendment], BeforeValidator(fields.listed)] = blank(
        default_factory=list, description="What the agreed numbers were before a change"
    )
    readings: Any = blank()


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


class Numeric(KeyResult):
    """What metric, change and limit have in common."""

    _without_declared_unit = model_validator(mode="before")(declared)

    unit: Text | None = blank(description="%, EUR, users, h or any word; here or behind the numbers")
    readings: NumberReadings | None = blank(description="By date, or the path of a CSV file")
    aggregate: Aggregate | None = blank(description="How readings become the value")
    kpi: Id | None = blank(description="The KPI whose readings it uses")
    rollup: Rollup | None = blank(description="The value is worked out from other key results")


class Way(Numeric):
    """What metric and change have in common: a way to go."""

    plan: dict[DayKey, Number] | None = blank(description="Targets by date, for a way with bends")
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
    if isinstance(raw, dict):  # asked first: whether something is a model takes longer to tell
        found = {name for name, _ in measures.present(raw)}
        return found.pop() if len(found) == 1 else "unmeasured"
    return (isinstance(raw, KeyResult) and raw.MEASURE) or "unmeasured"


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
