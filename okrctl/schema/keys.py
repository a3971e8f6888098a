"""What the models say about the keys of files: which a mapping has, what each means, which words it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from okrctl.schema import model
from okrctl.values.diagnostic import Route
from okrctl.values.fields import Parsed


def value_at(data: Any, route: Route) -> Any:
    """The value at a route, None if there is none; a single value counts as a list of one."""
    for part in route:
        if part == 0 and not isinstance(data, list):
            continue
        if not has_part(part, data):
            return None
        data = data[part]
    return data


def has_part(part: str | int, data: Any) -> bool:
    """Whether data has a value for a part of a route."""
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def model_keys(shape: type[BaseModel]) -> list[str]:
    """The keys of a model, as files write them."""
    return [field.alias or name for name, field in shape.model_fields.items()]


def known_keys(shape: type[BaseModel], data: Any, route: Route) -> list[str]:
    """The keys that the model of the mapping at a route has."""
    inner = model_at(shape, data, route)
    return model_keys(inner) if inner is not None else []


def model_at(shape: type[BaseModel], data: Any, route: Route) -> type[BaseModel] | None:
    """The model of the mapping at a route, None where it has none; a date or name on the way has that of its value."""
    inner: type[BaseModel] | None = shape
    for number, part in enumerate(route):
        if isinstance(part, int) or inner is None:
            continue
        if part == "key_results":
            measure = model.detect_measure(value_at(data, route[: number + 2]))
            inner = model.MODELS_BY_MEASURE.get(measure, model.UnmeasuredKeyResult)
            continue
        inner = _inner_model(inner, str(part))
    return inner


def field_at(shape: type[BaseModel], data: Any, route: Route) -> FieldInfo | None:
    """The field of the last key of a route, None where the key is that of no model, such as a date."""
    names = [part for part in route if isinstance(part, str)]
    place = max((number for number, part in enumerate(route) if isinstance(part, str)), default=0)
    inner = model_at(shape, data, route[:place]) if names else None
    fields = inner.model_fields.items() if inner is not None else ()
    return next((field for name, field in fields if (field.alias or name) == names[-1]), None)


def is_nested(field: FieldInfo) -> bool:
    """Whether a field holds other keys, or a list of such."""
    return _find_model(field.annotation) is not None


def list_choices(field: FieldInfo) -> list[str]:
    """The words that a field takes, in the order of its type; none where it takes other values."""
    schemas = (each.json_schema for each in field.metadata if isinstance(each, Parsed))
    words = (*(word for schema in schemas for word in _schema_words(schema)), *_annotated_words(field.annotation))
    return list(dict.fromkeys(words))


def _annotated_words(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (word for word in get_args(annotation) if isinstance(word, str))
        return
    for schema in (each.json_schema for each in get_args(annotation) if isinstance(each, Parsed)):
        yield from _schema_words(schema)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    if not is_model and get_origin(annotation) not in (list, dict):
        for part in get_args(annotation):
            yield from _annotated_words(part)


def _schema_words(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        values = schema.get("enum", ())
        yield from ("true" if word is True else "false" if word is False else str(word) for word in values)
        for key in ("anyOf", "oneOf"):
            for inner in schema.get(key, ()):
                yield from _schema_words(inner)


def _inner_model(shape: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in shape.model_fields.items():
        if (field.alias or name) == key:
            return _find_model(field.annotation)
    return shape


def _find_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        inner = _find_model(part)
        if inner is not None:
            return inner
    return None
