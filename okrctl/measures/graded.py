"""Graded: a person's grade from 0 to 1, free or by described steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from okrctl.values import json_types
from okrctl.values.fields import StrictModel, describe_value, parse_score, parse_text, reject
from okrctl.values.timeseries import KeyResultSeries

KEYS = ("graded",)


def parse_question(raw: object) -> str | dict[Fraction, str]:
    """`true`, a question to be graded, or what each grade stands for."""
    if isinstance(raw, dict) and raw:
        return _parse_steps(raw)
    if isinstance(raw, str) and raw not in ("false", "False", "FALSE"):
        return "" if raw in ("true", "True", "TRUE") else raw
    reject(f"expected `true`, a question or a map of grades, found {describe_value(raw)}")


def _parse_steps(raw: dict[str, object]) -> dict[Fraction, str]:
    """The steps by their grade; one grade written in two ways has no one meaning."""
    steps: dict[Fraction, str] = {}
    written: dict[Fraction, str] = {}
    for step, meaning in raw.items():
        grade = parse_score(step)
        if grade in steps:
            reject(f"'{written[grade]}' and '{step}' are the same grade", "keep one of them")
        steps[grade], written[grade] = parse_text(meaning), step
    return steps


Question = Annotated[
    str | dict[Fraction, str],
    PlainValidator(parse_question),
    WithJsonSchema(json_types.GRADE_QUESTION),
]


class Fields(StrictModel):
    """A question that a person answers with a grade."""

    graded: Question | None = Field(None, description="true, the question, or a map of grade to description")


def target(fields: Any, start: Fraction | None) -> None:
    """A grade has no number to reach."""
    return None


def progress(fields: Any, course: KeyResultSeries) -> Fraction | None:
    """The grade given last; where there are steps, the last step that it has reached, or 0."""
    if course.value is None:
        return None
    if isinstance(fields.graded, dict):
        return max((step for step in fields.graded if step <= course.value), default=Fraction(0))
    return course.value
