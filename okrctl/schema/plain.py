"""Writes validated models as plain data that JSON holds, and makes the same models of it without validating again.

Pydantic validates a file once. What it made of the file is written value by value, so that reading it back needs no
knowledge of the schema: a text, a number or nothing stands for itself, a mapping for a dict with texts as keys, and
anything else is a list that begins with the name of its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel

from okrctl.measures.milestones import Milestone
from okrctl.schema import model, settings
from okrctl.schema.model import base, key_result, kpi, source
from okrctl.values import quantity, readings
from okrctl.values.period import Cadence
from okrctl.values.quantity import Quantity, TargetChange

MODELS: tuple[type[BaseModel], ...] = (
    model.CustomPeriod, model.Hypothesis, model.Initiative, model.ObjectiveModel, base.Amendment, base.ManualScore,
    key_result.Rollup, kpi.AlarmSpec, kpi.KpiModel, source.SourceSpec, readings.CheckinNote, readings.CsvReadings,
    readings.GradeReading, readings.NumberReading, Milestone, *key_result.MODELS_BY_MEASURE.values(),
    model.UnmeasuredKeyResult, settings.Config, settings.Defaults, settings.Fiscal, settings.Limits, settings.Pace,
    settings.Person, settings.Scoring, settings.Sources, settings.Team,
)  # fmt: skip
TUPLES: tuple[Any, ...] = (Cadence, Quantity, TargetChange)


def to_plain(value: Any) -> Any:
    """Return a value of a model as JSON can hold it. Raises LookupError for a kind of value that no model has."""
    kind = type(value)
    if value is None or kind is str or kind is bool or kind is int:
        return value
    return _writers()[kind](value)


@cache
def _writers() -> dict[type, Callable[[Any], Any]]:
    """The function that writes a value as plain data, by its type."""
    return {
        list: lambda value: ["list", *map(to_plain, value)],
        date: lambda value: ["date", value.isoformat()],
        Fraction: lambda value: ["fraction", value.numerator, value.denominator],
        dict: _dict_to_plain,
        tuple: _tuple_to_plain,
        **dict.fromkeys(TUPLES, _tuple_to_plain),
        Quantity: _quantity_to_plain,
        **dict.fromkeys(MODELS, _model_to_plain),
    }


def _dict_to_plain(value: dict[Any, Any]) -> Any:
    kinds = set(map(type, value))
    if kinds <= {str}:
        return {key: to_plain(inner) for key, inner in value.items()}
    if kinds == {date}:
        return ["by date", {key.isoformat(): _dated_to_plain(inner) for key, inner in value.items()}]
    return ["dict", *([to_plain(key), to_plain(inner)] for key, inner in value.items())]


def _dated_to_plain(value: Any) -> Any:
    """A reading with nothing but a number as the text of that, since most files consist of these."""
    is_plain = type(value) is readings.NumberReading and value.model_fields_set == {"value"}
    text = _parsed_text(value.value) if is_plain else None
    if text is not None:
        return text
    return ["text", value] if type(value) is str else to_plain(value)


def _tuple_to_plain(value: tuple[Any, ...]) -> list[Any]:
    return [type(value).__name__, *map(to_plain, value)]


def _quantity_to_plain(value: Quantity) -> list[Any]:
    text = _parsed_text(value)
    return _tuple_to_plain(value) if text is None else ["number", text]


def _parsed_text(value: Any) -> str | None:
    """The text that a quantity is read from; None where that gives another one, as for a grade such as 7/10."""
    try:
        return value.text if value == quantity.parse(value.text) else None
    except (AttributeError, quantity.QuantityError):
        return None


def _model_to_plain(value: BaseModel) -> list[Any]:
    are_set = value.model_fields_set
    return [type(value).__name__, {name: to_plain(inner) for name, inner in vars(value).items() if name in are_set}]


def from_plain(plain: Any) -> Any:
    """Return the value that `to_plain` turned into this.

    Other data raises ArithmeticError, AttributeError, LookupError, TypeError or ValueError.
    """
    kind = type(plain)
    if kind is list:
        return _readers()[plain[0]](plain)
    if kind is dict:
        return {key: from_plain(inner) for key, inner in plain.items()}
    return plain


@cache
def _readers() -> dict[str, Callable[[list[Any]], Any]]:
    """The function that makes a value of a list, by the name of its kind."""
    parse, parse_date = quantity.parse, date.fromisoformat
    return {
        "list": lambda plain: [from_plain(inner) for inner in plain[1:]],
        "text": lambda plain: plain[1],
        "date": lambda plain: parse_date(plain[1]),
        "fraction": lambda plain: Fraction(plain[1], plain[2]),
        "number": lambda plain: parse(plain[1]),
        "by date": lambda plain: {
            parse_date(day): _number_reading(inner) if type(inner) is str else from_plain(inner)
            for day, inner in plain[1].items()
        },
        "dict": lambda plain: {from_plain(key): from_plain(inner) for key, inner in plain[1:]},
        "tuple": lambda plain: tuple(map(from_plain, plain[1:])),
        **{shape.__name__: _tuple_reader(shape) for shape in TUPLES},
        **{shape.__name__: _model_reader(shape) for shape in MODELS},
    }


def _number_reading(text: str) -> BaseModel:
    return _make(
        readings.NumberReading,
        {"value": quantity.parse(text), "confidence": None, "forecast": None, "note": None, "source": None},
        _set_of("value"),
    )


def _tuple_reader(shape: Any) -> Callable[[list[Any]], Any]:
    return lambda plain: shape(*map(from_plain, plain[1:]))


def _model_reader(shape: type[BaseModel]) -> Callable[[list[Any]], BaseModel]:
    def read(plain: list[Any]) -> BaseModel:
        defaults, containers = _defaults(shape)
        fields: dict[str, Any] = plain[1]
        values = defaults.copy()
        for name in containers:
            values[name] = defaults[name].copy()
        for name, inner in fields.items():
            values[name] = inner if type(inner) is str else from_plain(inner)
        return _make(shape, values, _set_of(*fields))

    return read


@cache
def _defaults(shape: type[BaseModel]) -> tuple[dict[str, Any], list[str]]:
    """The defaults of all fields of a model, and the names of those that each instance needs a copy of."""
    defaults = {name: field.get_default(call_default_factory=True) for name, field in shape.model_fields.items()}
    return defaults, [name for name, value in defaults.items() if isinstance(value, list | dict)]


@lru_cache(maxsize=1024)
def _set_of(*names: str) -> set[str]:
    """One set for all models that set the same fields; Pydantic copies it with a model, and no model is changed."""
    return set(names)


def _make(shape: type[BaseModel], values: dict[str, Any], fields_set: set[str]) -> BaseModel:
    """A model with these values, made as by Pydantic's `model_construct`, which takes three times as long."""
    made = object.__new__(shape)
    set_attribute = object.__setattr__
    set_attribute(made, "__dict__", values)
    set_attribute(made, "__pydantic_fields_set__", fields_set)
    set_attribute(made, "__pydantic_extra__", None)
    set_attribute(made, "__pydantic_private__", None)
    return made
