"""Rewrites the JSON Schema that Pydantic makes of a model, so that it accepts what okrctl reads and suits editors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from okrctl.values.json_types import BLANK, PATH

Schema = dict[str, Any]
OWN_KEYS = "^x-"
LISTS_OF_SCHEMAS = ("anyOf", "oneOf", "allOf")
MAPS_OF_SCHEMAS = ("properties", "patternProperties", "definitions")
SCHEMAS = ("items", "additionalProperties", "if", "then", "else")


def build_model_schema(model: type[BaseModel]) -> Schema:
    """The schema of a model, its parts under `definitions`, named as users know them: `Objective`, not its class."""
    made = model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    root: Schema = json.loads(re.sub(r'("(?:#/definitions/)?[A-Z]\w*)Model"', r'\1"', json.dumps(made)))
    definitions = root["definitions"] = root.pop("$defs", {})
    for schema in list(walk_schemas(root)):
        _add_description(schema)
    for schema in list(walk_schemas(root)):
        if "properties" in schema:
            _complete_mapping(schema)
        elif "patternProperties" in schema:
            schema["additionalProperties"] = False
            schema["patternProperties"] = {
                pattern: _reading_schema(value, definitions) for pattern, value in schema["patternProperties"].items()
            } | {OWN_KEYS: {}}
    return root


def walk_schemas(schema: Schema) -> Iterator[Schema]:
    """A schema and all schemas inside it."""
    yield schema
    for key, value in list(schema.items()):
        inner_schemas = (
            value if key in LISTS_OF_SCHEMAS else value.values() if key in MAPS_OF_SCHEMAS else
            [value] if key in SCHEMAS and isinstance(value, dict) else []
        )  # fmt: skip
        for inner_schema in inner_schemas:
            yield from walk_schemas(inner_schema)


def reference(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": f"#/definitions/{name}"}


def _add_description(part: Schema) -> None:
    part.pop("title", None) if isinstance(part.get("title"), str) else None
    if "default" in part:
        default = _written_default(part.pop("default"), part)
        if default is not None:
            part["default"] = default
    if isinstance(part.get("description"), str):
        part["markdownDescription"] = part["description"]


def _written_default(default: object, schema: Schema) -> object:
    """A default as it is written in files; None for a blank default and for a list."""
    if isinstance(default, list):  # a cadence, whose name comes first
        return default[0] if "anyOf" in schema and default else None
    if isinstance(default, str) and "enum" not in schema:
        return _parse_number(default)
    return default if isinstance(default, str | int | float) else None


def _parse_number(text: str) -> object:
    try:
        value = Fraction(text)
    except ValueError:
        return text
    return value.numerator if value.denominator == 1 else float(value)


def _complete_mapping(part: Schema) -> None:
    """The keys of a model may be blank unless they are required, and custom keys are allowed besides them."""
    required = part.get("required", ())
    part["properties"] = {
        key: _build_field(value, may_be_blank=key not in required) for key, value in part["properties"].items()
    }
    part["patternProperties"] = {OWN_KEYS: {}}


def _build_field(part: Schema, *, may_be_blank: bool) -> Schema:
    """The value of a key, always under `anyOf`, because then editors add a colon after the key."""
    annotations: Schema = {
        key: part.pop(key) for key in ("description", "markdownDescription", "default") if key in part
    }
    length = {key: part.pop(key) for key in ("minItems", "maxItems") if key in part}
    choices = [choice for choice in part.get("anyOf", [part]) if choice != {"type": "null"}]
    for choice in choices:
        choice.update(length if choice.get("type") == "array" else {})
    choices = [alternative for choice in choices for alternative in _one_or_many(_split_by_kind(choice))]
    return {**annotations, "anyOf": choices + ([BLANK] if may_be_blank else [])}


def _one_or_many(part: Schema) -> list[Schema]:
    """A list of any length may be written as a single value."""
    return [part, part["items"]] if part.get("type") == "array" and "maxItems" not in part else [part]


def _split_by_kind(part: Schema) -> Schema:
    """A choice as conditions, because of two failing alternatives editors explain an arbitrary one."""
    match part:
        case {"oneOf": [{"patternProperties": _} as dated, {"$ref": _} as csv]}:
            return _if_mapping({"if": {"required": ["csv"]}, "then": csv, "else": dated}, PATH)
        case {"oneOf": [word, {"$ref": _} as mapping]}:
            return _if_mapping(mapping, word)
    return part


def _reading_schema(part: Schema, definitions: Schema) -> Schema:
    """The value of a date: a mapping, only its value, or nothing yet."""
    name = part.get("$ref", "").rpartition("/")[2]
    if not name.endswith("Reading"):
        return {"anyOf": [part, BLANK]}
    return _if_mapping(part, _short_reading(definitions[name]["properties"]["value"]))


def _short_reading(value: Schema) -> Schema:
    """The value of a reading without the description of its key."""
    kept: list[Schema] = [one for one in value["anyOf"] if one not in ({"type": "null"}, BLANK)]
    return {"anyOf": [*kept, BLANK]}


def _if_mapping(mapping: Schema, otherwise: Schema) -> Schema:
    return {"if": {"type": "object"}, "then": mapping, "else": otherwise}
