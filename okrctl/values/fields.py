"""The kinds of field that users fill in: how the text of a file becomes a value, or is refused in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from okrctl.values import json_types, period, quantity
from okrctl.values.quantity import Change, Quantity

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
PRIORITY = re.compile(r"[Pp]?([0-4])\Z")
TBD: Literal["TBD"] = "TBD"
T = TypeVar("T")


class Model(BaseModel):
    """What all parts of a file have in common: unknown keys are refused, names in the file may be Python's keywords.

    A model is built when it first reads something, for most are only ever parts of others.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=False, protected_namespaces=(), defer_build=True)


def refuse(message: str, help: str = "") -> NoReturn:
    """Refuse a value with one sentence and, where there is one, its mend."""
    raise PydanticCustomError("okrctl", "{message}", {"message": message, "help": help})


def kind_of(raw: object) -> str:
    """What a person calls a piece of YAML."""
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    return "nothing" if raw is None else f"'{raw}'"


def scalar(raw: object, wanted: str) -> str:
    if isinstance(raw, str):
        return raw
    refuse(f"expected {wanted}, found {kind_of(raw)}")


def text(raw: object) -> str:
    value = raw if isinstance(raw, str) else scalar(raw, "a text")
    if not value.strip():
        refuse("expected a text, found an empty one")
    return value


def identifier(raw: object) -> str:
    value = scalar(raw, "an id")
    if not ID.match(value):
        refuse(
            f"'{value}' is no id",
            "an id has at most 64 lower-case letters, digits, `-` and `_`, and begins with a letter or digit",
        )
    return value


def number(raw: object) -> Quantity:
    value = raw if isinstance(raw, str) else scalar(raw, "a number")
    try:
        return quantity.parse(value)
    except quantity.QuantityError as error:
        if not value.strip():
            refuse("expected a number, found an empty text", "YAML takes a `>` or `|` without quotes for a longer text")
        refuse(error.message, error.hint)


def goal(raw: object) -> Quantity | str:
    if isinstance(raw, str) and raw.strip().lower() in ("tbd", "tba", "tbc", "unknown", "open"):
        return TBD if raw == TBD else refuse(f"'{raw}' is no number", f"write {TBD} as long as it is not known")
    return number(raw)


def change(raw: object) -> Change:
    try:
        return quantity.parse_change(scalar(raw, "a change such as -7%, +20 or x2"))
    except quantity.QuantityError as error:
        refuse(error.message, error.hint)


def grade(raw: object) -> Quantity:
    value = scalar(raw, "a grade from 0 to 1")
    try:
        return Quantity(quantity.parse_grade(value), None, value)
    except quantity.QuantityError as error:
        refuse(error.message, error.hint)


def fraction(raw: object) -> Fraction:
    """A bare number without a unit, such as a weight or a setting."""
    value = number(raw)
    if value.unit is not None:
        refuse(f"'{value.text}' has a unit where a bare number is meant")
    return value.number


def positive(raw: object) -> Fraction:
    value = fraction(raw)
    if value <= 0:
        refuse(
            f"a weight is a number above 0, not '{raw}'", "leave it out for the weight 1, or set `state: deprioritized`"
        )
    return value


def whole(raw: object) -> int:
    value = fraction(raw)
    if value.denominator != 1 or value < 0:
        refuse(f"expected a whole number from 0 on, found '{raw}'")
    return int(value)


def between(low: int, high: int, what: str) -> Callable[[object], Fraction]:
    def check(raw: object) -> Fraction:
        value = fraction(raw)
        if not low <= value <= high:
            refuse(f"{what} goes from {low} to {high}, not '{raw}'")
        return value

    return check


def unit_interval(raw: object) -> Fraction:
    """A score typed by a person, from 0 to 1; `70%` and `7/10` are fine."""
    return grade(raw).number


def day(raw: object) -> date:
    try:
        return period.parse_day(scalar(raw, "a date such as 2026-04-13"))
    except period.PeriodError as error:
        refuse(error.message, error.hint)


def reading_day(raw: object) -> date:
    try:
        return period.parse_reading_day(scalar(raw, "a date such as 2026-04-13"))
    except period.PeriodError as error:
        refuse(error.message, error.hint)


def done(raw: object) -> date | bool:
    if isinstance(raw, str) and raw in ("true", "True", "TRUE"):
        return True
    if isinstance(raw, str) and raw in ("false", "False", "FALSE"):
        return False
    if isinstance(raw, str) and raw[:1].isdigit():
        return day(raw)
    refuse(f"expected `false` or the date on which it was done, found {kind_of(raw)}")


def priority(raw: object) -> int:
    found = PRIORITY.match(scalar(raw, "a priority from 0 to 4"))
    if not found:
        refuse(f"a priority goes from 0 (must) to 4, also written P0 to P4, not '{raw}'")
    return int(found[1])


def cadence(raw: object) -> period.Cadence:
    try:
        return period.parse_cadence(scalar(raw, "a cadence such as weekly or 10 days"))
    except period.PeriodError as error:
        refuse(error.message, error.hint)


def count(raw: object) -> tuple[int, int]:
    try:
        return quantity.parse_count(scalar(raw, "a count such as 3/5"))
    except quantity.QuantityError as error:
        refuse(error.message, error.hint)


def listed(raw: object) -> object:
    """A single value where a list is meant is a list of one."""
    return raw if isinstance(raw, list) else [raw]


Text = Annotated[str, PlainValidator(text), WithJsonSchema(json_types.TEXT)]
Id = Annotated[str, PlainValidator(identifier), WithJsonSchema(json_types.ID)]
TeamName = Annotated[str, PlainValidator(identifier), WithJsonSchema(json_types.TEAM)]
PeriodName = Annotated[str, PlainValidator(text), WithJsonSchema(json_types.PERIOD)]
Number = Annotated[Quantity, PlainValidator(number), WithJsonSchema(json_types.QUANTITY)]
Goal = Annotated[Quantity | str, PlainValidator(goal), WithJsonSchema(json_types.GOAL)]
ChangeBy = Annotated[Change, PlainValidator(change), WithJsonSchema(json_types.CHANGE)]
Grade = Annotated[Quantity, PlainValidator(grade), WithJsonSchema(json_types.GRADE)]
Bare = Annotated[Fraction, PlainValidator(fraction), WithJsonSchema(json_types.BARE)]
Weight = Annotated[Fraction, PlainValidator(positive), WithJsonSchema(json_types.WEIGHT)]
Whole = Annotated[int, PlainValidator(whole), WithJsonSchema(json_types.WHOLE)]
Confidence = Annotated[Fraction, PlainValidator(between(0, 10, "confidence")), WithJsonSchema(json_types.CONFIDENCE)]
HandScore = Annotated[Fraction, PlainValidator(unit_interval), WithJsonSchema(json_types.GRADE)]
Day = Annotated[date, PlainValidator(day), WithJsonSchema(json_types.DAY)]
DayKey = Annotated[date, PlainValidator(day), WithJsonSchema(json_types.DAY_KEY)]
ReadingDay = Annotated[date, PlainValidator(reading_day), WithJsonSchema(json_types.READING_DAY)]
DoneValue = Annotated[date | bool, PlainValidator(done), WithJsonSchema(json_types.DONE)]
Priority = Annotated[int, PlainValidator(priority), WithJsonSchema(json_types.PRIORITY)]
CadenceValue = Annotated[
    period.Cadence, PlainValidator(cadence), WithJsonSchema(json_types.cadence(list(period.CADENCES)))
]
Count = Annotated[tuple[int, int], PlainValidator(count), WithJsonSchema(json_types.COUNT)]


Texts = Annotated[list[Text], BeforeValidator(listed)]
Ids = Annotated[list[Id], BeforeValidator(listed)]


def blank(default: Any = None, **keywords: Any) -> Any:
    """A field that may be left out."""
    return Field(**keywords) if "default_factory" in keywords else Field(default, **keywords)
