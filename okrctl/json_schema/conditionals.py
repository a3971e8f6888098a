"""Says in JSON Schema what depends on other keys: the measure of a key result, drafts, what excludes what."""

from __future__ import annotations

from typing import Any

from okrctl.json_schema import from_pydantic
from okrctl.measures import MEASURE_KEYS, MEASURES
from okrctl.measures.measure import Requirement
from okrctl.schema import model
from okrctl.schema.required import MEASURE_HELP

Schema = dict[str, Any]
VALUE_SOURCES = ("readings", "kpi", "rollup")
ROLLUPS = ("sum", "mean", "min", "max")
KEY_RESULT = "KeyResult"
COMPLETE_KEY_RESULT = "JudgedKeyResult"
DRAFT: Schema = {"required": ["state"], "properties": {"state": {"const": "draft"}}}


def add_okr_conditions(root: Schema, definitions: Schema) -> None:
    """Key results take the keys of their measure; what is no draft needs an id, a title and a measure."""
    definitions[KEY_RESULT] = _key_result_by_measure()
    definitions[COMPLETE_KEY_RESULT] = {"type": "object"} | _unless_draft(
        [*_required(model.GoalBase.REQUIRED), _require_measure(), *_exclusive(MEASURE_KEYS, "judge in different ways"),
         *_exclusive(VALUE_SOURCES, "each say where the value comes from"), *_requirements()]
    )  # fmt: skip
    agreed = {"type": "object", "properties": {key: {} for key in model.AGREED_KEYS}, "additionalProperties": False}
    definitions["Amendment"]["properties"]["was"]["anyOf"] = [
        agreed | {"patternProperties": {from_pydantic.OWN_KEYS: {}}}
    ]
    definitions["Rollup"]["allOf"] = [
        _require_one_of(ROLLUPS, "say how: `sum`, `mean`, `min` or `max`"), *_exclusive(ROLLUPS, "exclude each other")
    ]  # fmt: skip
    objective = definitions["Objective"]
    described = objective["properties"]["key_results"]
    described["anyOf"] = _one_or_many(KEY_RESULT) + described["anyOf"][-1:]
    judged = {"properties": {"key_results": {"anyOf": [*_one_or_many(COMPLETE_KEY_RESULT), described["anyOf"][-1]]}}}
    objective.update(_unless_draft([*_required(model.GoalBase.REQUIRED), judged]))
    root["allOf"] = _required((*model.OkrFile.REQUIRED, "objectives"))


def add_kpi_conditions(root: Schema, definitions: Schema) -> None:
    """A KPI needs an id, a title, and one way to say what is better."""
    help = "say what is better: `better: higher`, `better: lower`, or `between: [N, M]`"
    definitions["Kpi"]["allOf"] = [
        *_required(model.KpiModel.REQUIRED),
        _require_one_of(("better", "between"), help),
        *_exclusive(("better", "between"), "exclude each other"),
    ]
    root["allOf"] = _required(("kpis",))


def _key_result_by_measure() -> Schema:
    """The shape that the measure of a key result gives it; the general one where it names none or several."""
    chosen: Schema = _reference(model.UnmeasuredKeyResult.__name__)
    for name, measure in reversed(MEASURES.items()):
        others = [key for key in MEASURE_KEYS if key not in measure.keys]
        alone = {"allOf": [_has_any(measure.keys), {"not": _has_any(others)}]}
        chosen = {"if": alone, "then": _reference(model.MODELS_BY_MEASURE[name].__name__), "else": chosen}
    return {"type": "object", **chosen}


def _one_or_many(name: str) -> list[Schema]:
    return [{"type": "array", "items": _reference(name)}, _reference(name)]


def _unless_draft(conditions: list[Schema]) -> Schema:
    return {"if": DRAFT, "else": {"allOf": conditions}}


def _required(keys: tuple[str, ...]) -> list[Schema]:
    """Each of the keys must be there and not be blank."""
    return [_must_have(key, f"the key '{key}' is missing") for key in keys]


def _require_measure() -> Schema:
    return _require_one_of(MEASURE_KEYS, f"nothing says how this key result is judged: {MEASURE_HELP}")


def _require_one_of(keys: tuple[str, ...], message: str) -> Schema:
    """At least one of the keys; where none is there, editors mark the whole mapping with the message."""
    return {"if": {"not": _has_any(keys)}, "then": _must_have(keys[0], message)}


def _exclusive(keys: tuple[str, ...], why: str) -> list[Schema]:
    """Of these keys only one may be there; the message stands at each later one."""
    return [
        {
            "if": _has(first),
            "then": {"properties": {key: _must_be_blank(f"'{first}' and '{key}' {why}") for key in later}},
        }
        for number, first in enumerate(keys)
        if (later := keys[number + 1 :])
    ]


def _requirements() -> list[Schema]:
    """What measures need beside their own keys."""
    return [_require(measure.keys, measure.requirement) for measure in MEASURES.values() if measure.requirement]


def _require(keys: tuple[str, ...], needed: Requirement) -> Schema:
    lacking = {"allOf": [_has_any(keys), {"not": _has_any((needed.key, *needed.alternatives))}]}
    return {"if": lacking, "then": _must_have(needed.key, needed.message)}


def _has(key: str) -> Schema:
    """The key is there, and a value behind it."""
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


def _must_have(key: str, message: str) -> Schema:
    """The same as a demand; editors say the message where it is not met."""
    filled = {"if": {"type": "null"}, "then": {"type": "string", "errorMessage": message}, "doNotSuggest": True}
    return {"required": [key], "properties": {key: filled}, "errorMessage": message}


def _has_any(keys: tuple[str, ...] | list[str]) -> Schema:
    return {"anyOf": [_has(key) for key in keys]}


def _must_be_blank(message: str) -> Schema:
    return {"type": "null", "errorMessage": message, "doNotSuggest": True}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
