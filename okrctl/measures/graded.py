"""Graded: a person's grade from 0 to 1, free or by described steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from okrctl.measures.measure import (
    ComparedField,
    Effect,
    FormatAmount,
    Measure,
    Range,
    Records,
    ScoredKeyResult,
    Snippet,
    formula_number,
)
from okrctl.values import json_types
from okrctl.values.fields import Parsed, StrictModel, describe_value, parse_score, parse_text, reject
from okrctl.values.timeseries import KeyResultSeries


def parse_question(raw: object) -> str | dict[Fraction, str]:
    """`true`, a question to be graded, or what each grade stands for."""
    if isinstance(raw, dict) and raw:
        return _parse_steps(raw)
    if isinstance(raw, str) and raw not in ("false", "False", "FALSE"):
        return "" if raw in ("true", "True", "TRUE") else raw
    reject(f"expected `true`, a question or a map of grades, found {describe_value(raw)}")


def _parse_steps(raw: dict[str, object]) -> dict[Fraction, str]:
    """The steps by their grade; a grade that is written twice, as 0.5 and 0.50, is rejected."""
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
    Parsed(parse_question, json_types.GRADE_QUESTION),
]


class Fields(StrictModel):
    """A question that a person answers with a grade."""

    graded: Question | None = Field(None, description="true, the question, or a map of grade to description")


class Graded(Measure[Fields]):
    """Judged by a person's grade."""

    name = "graded"
    fields = Fields
    keys = ("graded",)
    records: Records = "grades"
    summary = "a person's grade"
    snippet = Snippet("by a person's grade", "A question answered from 0 to 1", {"graded": "${3:How good is it?}"})
    example = "graded: {0.4: a draft, 0.7: in use, 1: liked}, readings: {2026-04-20: 0.4}"
    easier_example = None
    placeholder = "GRADE"
    prompt = "grade from 0 to 1"
    text_keys = ("graded",)

    def progress(self, fields: Fields, series: KeyResultSeries) -> Fraction | None:
        """The newest grade; with steps, the highest step that it reaches, 0 below the first."""
        if series.value is None:
            return None
        if isinstance(fields.graded, dict):
            return max((step for step in fields.graded if step <= series.value), default=Fraction(0))
        return series.value

    def describe_value(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount) -> str | None:
        """The grade."""
        return None if result.value is None else amount(result.value, result.unit)

    def describe_target(self, fields: Fields, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """`grade`, with the step that the grade reaches where that is another number."""
        stepped = result.progress is not None and result.progress != result.value
        return f"grade, step {amount(result.progress, None)}" if stepped and result.progress is not None else "grade"

    def describe_goal(self, fields: Fields, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """The question, or what each grade stands for."""
        if isinstance(fields.graded, dict):
            return [f"{grade}: {meaning}" for grade, meaning in fields.graded.items()]
        return [fields.graded or ""]

    def facts(self, fields: Fields, amount: FormatAmount) -> Iterator[tuple[str, str]]:
        """The question, or what each grade stands for."""
        if isinstance(fields.graded, dict):
            yield from ((f"  {amount(grade, None)}", meaning) for grade, meaning in fields.graded.items())
        elif fields.graded is not None:
            yield "question", fields.graded

    def formula(self, fields: Fields, result: ScoredKeyResult, value: str) -> str:
        """The grade, or the step that it reaches."""
        return formula_number(result.progress or Fraction(0))

    def explain(self, fields: Fields, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """The grade, and the step that it reaches."""
        assert result.value is not None and result.progress is not None
        step = f", which reaches the step {formula_number(result.progress)}" if result.progress != result.value else ""
        yield f"grade: {formula_number(result.value)} of {result.value_date}{step}"

    def compared_fields(self, fields: Fields, unit: str | None) -> Iterator[ComparedField]:
        """The question or the texts of the grades."""
        question = fields.graded
        value: object = " ".join(question.split()) if isinstance(question, str) else question
        if isinstance(question, dict):
            value = {grade: " ".join(meaning.split()) for grade, meaning in question.items()}
        yield ComparedField("graded", value, question, ("graded",))

    def effect(self, name: str, old: Fields, new: Fields, ranges: Callable[[], tuple[Range, Range]]) -> Effect | None:
        """Neutral: whether other words are easier is for people to say."""
        return "neutral"


MEASURE = Graded()
