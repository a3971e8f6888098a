"""Milestones: the share of the weight that is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from okrctl.measures.measure import (
    CarriedValues,
    ComparedField,
    Effect,
    FormatAmount,
    InputNumber,
    Measure,
    Range,
    Records,
    ScoredKeyResult,
    Snippet,
    Step,
    expected_line,
    formula_sum,
)
from okrctl.values.fields import Day, DoneValue, Id, Prepared, StrictModel, Text, Weight, optional, to_list
from okrctl.values.timeseries import KeyResultSeries


class Milestone(StrictModel):
    """One step, with the date when it was done, and the day by which it is due."""

    title: Text = Field(description="What is there when the milestone is reached")
    id: Id | None = optional(description="A short name for check-ins")
    weight: Weight = optional(Fraction(1), description="Its share in the whole; 1 where it is left out")
    due: Day | None = optional(description="The date when it is due; without one it is due with the key result")
    done: DoneValue = Field(description="false, or the date when it was done")

    @property
    def name(self) -> str:
        """What it is matched by: its id, else its title."""
        return self.id or self.title


class Fields(StrictModel):
    """A list of steps."""

    milestones: Annotated[list[Milestone] | None, Prepared(to_list)] = Field(
        None, min_length=1, description="The steps, each with `done`"
    )


class Milestones(Measure[Fields]):
    """Judged by the weight of the steps that are done."""

    name = "milestones"
    fields = Fields
    keys = ("milestones",)
    records: Records = "steps"
    summary = "its steps"
    snippet = Snippet(
        "step by step",
        "Milestones, each done or not",
        {"milestones": [{"title": "${3:First step}", "done": "${4:false}"}]},
    )
    example = "milestones: [{title: Plan, done: 2026-04-20}, {title: Build, done: false}, {title: Test, done: false}]"
    easier_example = "milestones: [{title: Plan, done: 2026-04-20}, {title: Build, done: false}]"
    placeholder = "MILESTONE"
    prompt = "milestone that is done"

    def steps(self, fields: Fields) -> Sequence[Step]:
        """The milestones."""
        return [
            Step(step.id, step.title, step.weight, step.done, ("milestones", number, "done"), step.due)
            for number, step in enumerate(fields.milestones or ())
        ]

    def progress(self, fields: Fields, series: KeyResultSeries) -> Fraction:
        """The weight done by the day divided by all weight."""
        done = sum((step.weight for step in self._done(fields, series)), Fraction(0))
        total = sum((step.weight for step in self.steps(fields)), Fraction(0))
        return done / total if total else Fraction(0)

    def expected(self, fields: Fields, series: KeyResultSeries, target: Fraction | None, due: date) -> Fraction | None:
        """The weight of the steps whose due day is past; the weight of those without one grows in a straight line."""
        steps, line = self.steps(fields), expected_line(series, due)
        if all(step.due is None for step in steps):
            return line
        total = sum((step.weight for step in steps), Fraction(0))
        wanted = (step.weight * (line if step.due is None else Fraction(series.day > step.due)) for step in steps)
        return sum(wanted, Fraction(0)) / total if total else line

    def _done(self, fields: Fields, series: KeyResultSeries) -> list[Step]:
        last = min(series.day, series.last)
        days = ((step, step.done_day(series.first)) for step in self.steps(fields))
        return [step for step, day in days if day is not None and day <= last]

    def tally(self, fields: Fields, series: KeyResultSeries) -> tuple[int, int] | None:
        """The steps done and all steps."""
        return len(self._done(fields, series)), len(self.steps(fields))

    def describe_value(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount) -> str | None:
        """`2 of 3`."""
        return f"{result.tally[0]} of {result.tally[1]}" if result.tally else None

    def describe_target(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """All of them."""
        return "milestones"

    def describe_goal(self, fields: Fields, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """The steps with their numbers."""
        return [
            f"{number} {'done' if step.done else 'open'}  {step.title}{_due_text(step)}"
            for number, step in enumerate(self.steps(fields), 1)
        ]

    def facts(self, fields: Fields, amount: FormatAmount) -> Iterator[tuple[str, str]]:
        """The steps."""
        for step in self.steps(fields):
            yield "milestone", f"{step.title}: {step.done or 'open'}{_due_text(step)}"

    def formula(self, fields: Fields, result: ScoredKeyResult, value: str) -> str:
        """Weight done / all weight."""
        done = formula_sum([step.weight for step in self._done(fields, result.series)])
        return f"{done} / {formula_sum([step.weight for step in self.steps(fields)])}"

    def explain(self, fields: Fields, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """The progress."""
        yield f"progress: weight done / all weight {result.precision.equation(result.progress)}"

    def inputs(self, fields: Fields, result: ScoredKeyResult) -> Iterator[InputNumber]:
        """The dates and the weights."""
        for number, step in enumerate(self.steps(fields), 1):
            name = step.id or str(number)
            if isinstance(step.done, date):
                yield InputNumber(step.route, f"{name} done", step.done)
            yield InputNumber((*step.route[:-1], "weight"), f"{name} weight", step.weight)

    def compared_fields(self, fields: Fields, unit: str | None) -> Iterator[ComparedField]:
        """Nothing here: `diff` matches steps by their names, so that one that is moved is not another one."""
        return iter(())

    def effect(self, name: str, old: Fields, new: Fields, ranges: Callable[[], tuple[Range, Range]]) -> Effect | None:
        """None: `diff` decides for each step."""
        return None

    def with_done(self, fields: Fields, number: int, done: date | bool) -> dict[str, Any]:
        """The milestones with this one done or open."""
        steps = list(fields.milestones or ())
        steps[number] = steps[number].model_copy(update={"done": done})
        return {"milestones": steps}

    def with_current_state(self, agreed: Fields, current: Fields) -> dict[str, Any]:
        """The agreed steps, each done when its namesake is done today, or the one in its place."""
        steps, today = agreed.milestones or [], current.milestones or []
        by_name = {step.name: step for step in today}
        if len(steps) == len(today):  # a milestone with a new name in the same place was reworded
            names = {step.name for step in steps}
            by_name |= {
                step.name: twin
                for step, twin in zip(steps, today, strict=True)
                if step.name not in by_name and twin.name not in names
            }
        twins = [(step, by_name.get(step.name)) for step in steps]
        return {"milestones": [step.model_copy(update={"done": twin.done}) if twin else step for step, twin in twins]}

    def carry_over(self, draft: dict[str, Any], values: CarriedValues) -> None:
        """The steps that are open, without the days of the old period."""
        steps = draft["milestones"]
        listed = steps if isinstance(steps, list) else [steps]
        draft["milestones"] = [
            {key: value for key, value in step.items() if key != "due"}
            for step in listed
            if isinstance(step, dict) and step.get("done") in (None, "false")
        ]


def _due_text(step: Step) -> str:
    return f", due {step.due}" if step.due is not None else ""


MEASURE = Milestones()
