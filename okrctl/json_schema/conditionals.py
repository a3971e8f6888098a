"""Says in JSON Schema what depends on other keys: the measure of a key result, drafts, what excludes what."""

from __future__ import annotations

from typing import Any

from okrctl import measures
from okrctl.json_schema import from_pydantic
from okrctl.schema import model
from okrctl.schema.required import MEASURE_HELP

Schema = dict[str, Any]
VALUES = ("readings", "kpi", "rollup")
ROLLUPS = ("sum", "mean", "min", "max")
MEASURE_KEYS = tuple(key for module in measures.MEASURES.values() for key in module.KEYS)
SHAPE = "KeyResult"
JUDGED = "JudgedKeyResult"
DRAFT: Schema = {"required": ["state"], "properties": {"state": {"const": "draft"}}}


def okr_file(root: Schema, definitions: Schema) -> None:
    """Key results take the keys of their measure; what is no draft needs an id, a title and a measure."""
    definitions[SHAPE] = _shape()
    definitions[JUDGED] = {"type": "object"} | _unless_draft(
        [*_required(model.Thing.REQUIRED), _measured(), *_exclusive(MEASURE_KEYS, "judge in different ways"),
         *_exclusive(VALUES, "each say where the value comes from"), _change_from()]
    )  # fmt: skip
    agreed = {"type": "object", "properties": {key: {} for key in model.AGREED}, "additionalProperties": False}
    definitions["Amendment"]["properties"]["was"]["anyOf"] = [
        agreed | {"patternProperties": {from_pydantic.OWN_KEYS: {}}}
    ]
    definitions["Rollup"]["allOf"] = [
        _one_of(ROLLUPS, "say how: `sum`, `mean`, `min` or `max`"), *_exclusive(ROLLUPS, "exclude each other")
    ]  # fmt: skip
    objective = definitions["Objective"]
    described = objective["properties"]["key_results"]
    described["anyOf"] = _one_or_many(SHAPE) + described["anyOf"][-1:]
    judged = {"properties": {"key_results": {"anyOf": [*_one_or_many(JUDGED), described["anyOf"][-1]]}}}
    objective.update(_unless_draft([*_required(model.Thing.REQUIRED), judged]))
    root["allOf"] = _required((*model.OkrFile.REQUIRED, "objectives"))


def kpi_file(root: Schema, definitions: Schema) -> None:
    """A KPI needs an id, a title, and one way to say what is better."""
    help = "say what is better: `better: higher`, `better: lower`, or `between: [N, M]`"
    definitions["Kpi"]["allOf"] = [
        *_required(model.Kpi.REQUIRED),
        _one_of(("better", "between"), help),
        *_exclusive(("better", "between"), "exclude each other"),
    ]
    root["allOf"] = _required(("kpis",))


def _shape() -> Schema:
    """The shape that the measure of a key result gives it; the general one where it names none or several."""
    chosen: Schema = _reference(model.UnmeasuredKeyResult.__name__)
    for name, module in reversed(measures.MEASURES.items()):
        others = [key for key in MEASURE_KEYS if key not in module.KEYS]
        alone = {"allOf": [_any(module.KEYS), {"not": _any(others)}]}
        chosen = {"if": alone, "then": _reference(model.SHAPES[name].__name__), "else": chosen}
    return {"type": "object", **chosen}


def _one_or_many(name: str) -> list[Schema]:
    return [{"type": "array", "items": _reference(name)}, _reference(name)]


def _unless_draft(conditions: list[Schema]) -> Schema:
    return {"if": DRAFT, "else": {"allOf": conditions}}


def _required(keys: tuple[str, ...]) -> list[Schema]:
    """Each of the keys must be there and not be blank."""
    return [_must_have(key, f"the key '{key}' is missing") for key in keys]


def _measured() -> Schema:
    return _one_of(MEASURE_KEYS, f"nothing says how this key result is judged: {MEASURE_HELP}")


def _one_of(keys: tuple[str, ...], message: str) -> Schema:
    """At least one of the keys; where none is there, editors mark the whole mapping with the message."""
    return {"if": {"not": _any(keys)}, "then": _must_have(keys[0], message)}


def _exclusive(keys: tuple[str, ...], why: str) -> list[Schema]:
    """Of these keys only one may be there; the message stands at each later one."""
    return [
        {"if": _has(first), "then": {"properties": {key: _blank(f"'{first}' and '{key}' {why}") for key in later}}}
        for number, first in enumerate(keys)
        if (later := keys[number + 1 :])
    ]


def _change_from() -> Schema:
    message = "a `change` needs a `from` to start at, or a `kpi`"
    start = {"allOf": [_has("change"), {"not": _any(("from", "kpi"))}]}
    return {"if": start, "then": _must_have("from", message)}


def _has(key: str) -> Schema:
    """The key is there, and a value behind it."""
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


def _must_have(key: str, message: str) -> Schema:
    """The same as a demand; editors say the message where it is not met."""
    filled = {"if": {"type": "null"}, "then": {"type": "string", "errorMessage": message}, "doNotSuggest": True}
    return {"required": [key], "properties": {key: filled}, "errorMessage": message}


def _any(keys: tuple[str, ...] | list[str]) -> Schema:
    return {"anyOf": [_has(key) for key in keys]}


def _blank(message: str) -> Schema:
    return {"type": "null", "errorMessage": message, "doNotSuggest": True}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
