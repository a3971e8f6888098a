"""JSON Schemas of documents that okrctl prints, made from the types of their values.

`describe_document` knows what `outputs.json.plain` makes of a value: numbers to six places, days in ISO form. Objects
may have more keys than the schema names, since later versions add some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from okrctl import __version__
from okrctl.values.addresses import schema_url
from okrctl.values.quantity import Quantity

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

SCALARS: dict[Any, Schema] = {
    NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Fraction: {"type": "number"},
    Quantity: {"type": "number"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
}


def describe_document(name: str, results: Sequence[Any], error: Any) -> Schema:
    """The schema of a document that is one of some results, or an error; all are typed dictionaries."""
    definitions: dict[str, Schema] = {}
    variants = [_describe(each, definitions) for each in results]
    result = variants[0] if len(variants) == 1 else {"anyOf": variants}
    failure = _describe(error, definitions)
    return {
        "$schema": DIALECT,
        "$id": schema_url(f"output/{name}"),
        "title": f"okrctl {name}",
        "x-okrctl-version": __version__,
        "type": "object",
        "properties": {"version": {"const": 1}},
        "required": ["version"],
        "oneOf": [{**result, "not": {"required": ["error"]}}, failure],
        "$defs": dict(sorted(definitions.items())),
    }


def _describe(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """The schema of a type; those of typed dictionaries go into `definitions`, since they may contain themselves."""
    if kind is Any:
        return {}
    if kind in SCALARS:
        return dict(SCALARS[kind])
    if is_typeddict(kind):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__].update(_describe_object(kind, definitions))
        return {"$ref": f"#/$defs/{kind.__name__}"}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return _describe_union([_describe(each, definitions) for each in arguments])
    if origin is list:
        return {"type": "array", "items": _describe(arguments[0], definitions)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _describe(arguments[1], definitions)}
    raise TypeError(f"no JSON Schema for {kind!r}")


def _describe_object(kind: Any, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    text = (kind.__doc__ or "").partition("\n")[0]
    described = {} if not text or text.startswith("dict(") else {"description": text}
    properties = {name: _describe(hint, definitions) for name, hint in hints.items()}
    return {"type": "object", **described, "properties": properties, "required": list(hints)}


def _describe_union(variants: list[Schema]) -> Schema:
    """A list of type names where all variants are plain types, else `anyOf`."""
    if all(variant.keys() == {"type"} for variant in variants):
        return {"type": list(dict.fromkeys(variant["type"] for variant in variants))}
    return {"anyOf": variants}
