"""The types of fields in files: each parses the text of a field, or rejects it with a message and a fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from okrctl.values import json_types, period, quantity, slug
from okrctl.values.quantity import Quantity, TargetChange

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
PRIORITY = re.compile(r"[Pp]?([0-4])\Z")
TBD: Literal["TBD"] = "TBD"
T = TypeVar("T")
BARE_HINTS = {
    quantity.DEFAULT_HINT: "write a number such as 2 or 0.5",
    quantity.FRACTION_HINT: "write a fraction as a decimal number, such as 0.5",
}


class StrictModel(BaseModel):
    """The base of all models: rejects unknown keys and allows keys that are keywords of Python.

    Pydantic builds the validator of a model when it is first used, since most models are only parts of others.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=False, protected_namespaces=(), defer_build=True)


class Parsed:
    """The annotation of a field whose values a function parses, with what the JSON Schema says of their texts.

    It stands in for the `PlainValidator` and `WithJsonSchema` of Pydantic. These also work out how a value is written
    back, which okrctl never asks of a model, and that takes most of the time in which models are made.
    """

    __slots__ = ("json_schema", "parse")

    def __init__(self, parse: Callable[[Any], Any], json_schema: Mapping[str, Any]) -> None:
        self.parse = parse
        self.json_schema = json_schema

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.json_schema)


class Prepared:
    """The annotation of a field whose values a function changes or rejects before its type is looked at."""

    __slots__ = ("prepare",)

    def __init__(self, prepare: Callable[[Any], Any]) -> None:
        self.prepare = prepare

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.prepare, handler(source))


def reject(message: str, help: str = "") -> NoReturn:
    """Reject a value with a message and, if there is one, a fix."""
    raise PydanticCustomError("okrctl", "{message}", {"message": message, "help": help})


def describe_value(raw: object) -> str:
    """A YAML value as messages name it."""
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    return "nothing" if raw is None else f"'{raw}'"


def parse_scalar(raw: object, expected: str) -> str:
    if isinstance(raw, str):
        return raw
    reject(f"expected {expected}, found {describe_value(raw)}")


def parse_text(raw: object) -> str:
    value = raw if isinstance(raw, str) else parse_scalar(raw, "text")
    if not value.strip():
        reject("expected text, found an empty value")
    return value


def parse_parent(raw: object) -> str:
    """Parse the reference to a parent, of which a goal has one."""
    if not isinstance(raw, list):
        return parse_text(raw)
    names = [str(name) for name in raw if isinstance(name, str)]
    if len(raw) == 1 and names:
        reject("a goal has one parent, found a list", f"write `parent: {names[0]}`")
    reject(
        f"a goal has one parent, found {len(raw)}" + (f": {', '.join(names)}" if names else ""),
        "keep the one that it supports most; name the others under `links:`, or give each a key result of its own",
    )


def parse_id(raw: object) -> str:
    value = parse_scalar(raw, "an id")
    if not ID.match(value):
        example = slug.slugify(value, otherwise="")
        reject(
            f"'{value}' is not a valid id",
            "use at most 64 lower-case letters, digits, `-` and `_`, starting with a letter or digit"
            + (f", such as {example}" if example else ""),
        )
    return value


def parse_number(raw: object) -> Quantity:
    return _parse_number(raw, {})


def _parse_number(raw: object, hints: Mapping[str, str]) -> Quantity:
    """Parse a number; `hints` replaces those that name what this field does not take."""
    value = raw if isinstance(raw, str) else parse_scalar(raw, "a number")
    try:
        return quantity.parse(value)
    except quantity.QuantityError as error:
        if not value.strip():
            reject("expected a number, found an empty value", "quote a value that starts with `>` or `|`")
        reject(error.message, hints.get(error.hint, error.hint))


def parse_unsigned(raw: object) -> Quantity:
    value = parse_number(raw)
    if value.number < 0:
        reject(f"'{value.text}' is below 0", "write a number of 0 or more")
    return value


def parse_target(raw: object) -> Quantity | str:
    if isinstance(raw, str) and raw.strip().lower() in ("tbd", "tba", "tbc", "unknown", "open"):
        return TBD if raw == TBD else reject(f"'{raw}' is not a valid number", f"write {TBD} until it is known")
    return parse_number(raw)


def parse_change(raw: object) -> TargetChange:
    try:
        return quantity.parse_change(parse_scalar(raw, "a change such as -7%, +20 or x2"))
    except quantity.QuantityError as error:
        reject(error.message, error.hint)


def parse_grade(raw: object) -> Quantity:
    value = parse_scalar(raw, "a grade from 0 to 1")
    try:
        return Quantity(quantity.parse_grade(value), None, value)
    except quantity.QuantityError as error:
        reject(error.message, error.hint)


def parse_fraction(raw: object) -> Fraction:
    """Parse a number without a unit, such as a weight or a setting."""
    value = _parse_number(raw, BARE_HINTS)
    if value.unit is not None:
        reject(f"'{value.text}' has a unit", "write the number alone")
    return value.number


def parse_weight(raw: object) -> Fraction:
    value = parse_fraction(raw)
    if value <= 0:
        reject(
            f"'{raw}' is not a valid weight",
            "write a number above 0, leave it out for weight 1, or set `state: deprioritized`",
        )
    return value


def parse_whole_number(raw: object) -> int:
    value = parse_fraction(raw)
    if value.denominator != 1 or value < 0:
        reject(f"'{raw}' is not a valid whole number", "write 0 or more")
    return int(value)


def parse_confidence(raw: object) -> Fraction:
    """Parse a confidence from 0 to 10."""
    try:
        return quantity.parse_confidence(parse_scalar(raw, "a number from 0 to 10"))
    except quantity.QuantityError as error:
        reject(error.message, error.hint)


def parse_score(raw: object) -> Fraction:
    """Parse a manual score from 0 to 1, also as `70%` or `7/10`."""
    return parse_grade(raw).number


def parse_day(raw: object) -> date:
    try:
        return period.parse_day(parse_scalar(raw, "a date such as 2026-04-13"))
    except period.PeriodError as error:
        reject(error.message, error.hint)


def parse_reading_day(raw: object) -> date:
    try:
        return period.parse_reading_day(parse_scalar(raw, "a date such as 2026-04-13"))
    except period.PeriodError as error:
        reject(error.message, error.hint)


def parse_done(raw: object) -> date | bool:
    if isinstance(raw, str) and raw in ("true", "True", "TRUE"):
        return True
    if isinstance(raw, str) and raw in ("false", "False", "FALSE"):
        return False
    if isinstance(raw, str) and raw[:1].isdigit():
        return parse_day(raw)
    reject(f"expected `false` or the date when it was done, found {describe_value(raw)}")


def parse_priority(raw: object) -> int:
    match = PRIORITY.match(parse_scalar(raw, "a priority from 0 to 4"))
    if not match:
        reject(f"'{raw}' is not a valid priority", "write 0 (most urgent) to 4, or P0 to P4")
    return int(match[1])


def parse_cadence(raw: object) -> period.Cadence:
    try:
        return period.parse_cadence(parse_scalar(raw, "a cadence such as weekly or 10 days"))
    except period.PeriodError as error:
        reject(error.message, error.hint)


def parse_count(raw: object) -> tuple[int, int]:
    try:
        return quantity.parse_count(parse_scalar(raw, "a count such as 3/5"))
    except quantity.QuantityError as error:
        reject(error.message, error.hint)


def to_list(raw: object) -> object:
    """A list as it is; a single value as a list of one."""
    return raw if isinstance(raw, list) else [raw]


Text = Annotated[str, Parsed(parse_text, json_types.TEXT)]
Parent = Annotated[str, Parsed(parse_parent, json_types.TEXT)]
Id = Annotated[str, Parsed(parse_id, json_types.ID)]
TeamName = Annotated[str, Parsed(parse_id, json_types.TEAM)]
PeriodName = Annotated[str, Parsed(parse_text, json_types.PERIOD)]
Number = Annotated[Quantity, Parsed(parse_number, json_types.QUANTITY)]
UnsignedNumber = Annotated[Quantity, Parsed(parse_unsigned, json_types.UNSIGNED)]
TargetValue = Annotated[Quantity | str, Parsed(parse_target, json_types.TARGET)]
ChangeBy = Annotated[TargetChange, Parsed(parse_change, json_types.CHANGE)]
Grade = Annotated[Quantity, Parsed(parse_grade, json_types.GRADE)]
BareNumber = Annotated[Fraction, Parsed(parse_fraction, json_types.BARE_NUMBER)]
Weight = Annotated[Fraction, Parsed(parse_weight, json_types.WEIGHT)]
WholeNumber = Annotated[int, Parsed(parse_whole_number, json_types.WHOLE_NUMBER)]
Confidence = Annotated[Fraction, Parsed(parse_confidence, json_types.CONFIDENCE)]
ManualScoreValue = Annotated[Fraction, Parsed(parse_score, json_types.GRADE)]
Day = Annotated[date, Parsed(parse_day, json_types.DAY)]
DayKey = Annotated[date, Parsed(parse_day, json_types.DAY_KEY)]
ReadingDay = Annotated[date, Parsed(parse_reading_day, json_types.READING_DAY)]
DoneValue = Annotated[date | bool, Parsed(parse_done, json_types.DONE)]
Priority = Annotated[int, Parsed(parse_priority, json_types.PRIORITY)]
CadenceValue = Annotated[period.Cadence, Parsed(parse_cadence, json_types.cadence_schema(list(period.CADENCES)))]
Count = Annotated[tuple[int, int], Parsed(parse_count, json_types.COUNT)]


Texts = Annotated[list[Text], Prepared(to_list)]
Ids = Annotated[list[Id], Prepared(to_list)]


# Pydantic looks at the signature of what makes a default, and of `list` or `dict` that takes ten times as long.
def make_list() -> list[Any]:
    return []


def make_dict() -> dict[Any, Any]:
    return {}


def optional(default: Any = None, **keywords: Any) -> Any:
    """A field that can be left out."""
    return Field(**keywords) if "default_factory" in keywords else Field(default, **keywords)
