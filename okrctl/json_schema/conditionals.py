"""Conditions between keys in JSON Schema: measures of key results, drafts, keys that exclude each other."""

from __future__ import annotations

from typing import Any, get_args

from okrctl.check.rule_page import parse_page
from okrctl.check.rules import RULES
from okrctl.json_schema.from_pydantic import OWN_KEYS, reference
from okrctl.measures import MEASURE_KEYS, MEASURES
from okrctl.measures.measure import Requirement
from okrctl.schema import model
from okrctl.schema.required import HELD_ROLLUP, MEASURE_HELP, TWO_METHODS
from okrctl.schema.settings import Level
from okrctl.values.json_types import BLANK, TEXT

Schema = dict[str, Any]
VALUE_SOURCES = ("readings", "kpi", "rollup")
ROLLUPS = ("sum", "mean", "min", "max")
KEY_RESULT = "KeyResult"
COMPLETE_KEY_RESULT = "JudgedKeyResult"
DRAFT: Schema = {"required": ["state"], "properties": {"state": {"const": "draft"}}}


def add_okr_conditions(root: Schema, definitions: Schema) -> None:
    """Key results take the keys of their measure; all but drafts need an id, a title and a measure."""
    definitions[KEY_RESULT] = _key_result_by_measure()
    definitions[COMPLETE_KEY_RESULT] = {"type": "object"} | _unless_draft(
        [*_require_keys(model.GoalBase.REQUIRED), _require_measure(),
         *_exclusive(MEASURE_KEYS, "are different measures"),
         *_exclusive(VALUE_SOURCES, "are different sources of the value"),
         *_exclusive(("kpi", "source"), "are different sources of the value"),
         *_exclusive(("rollup", "source"), "are different sources of the value"),
         *_exclusive(("rollup", "aggregate"), TWO_METHODS),
         {"if": _has("rollup"), "then": _must_not_be("judge", "held", HELD_ROLLUP)}, *_requirements()]
    )  # fmt: skip
    agreed = {"type": "object", "properties": {key: {} for key in model.AGREED_KEYS}, "additionalProperties": False}
    definitions["Amendment"]["properties"]["was"]["anyOf"] = [agreed | {"patternProperties": {OWN_KEYS: {}}}]
    definitions["Rollup"]["allOf"] = [
        _require_one_of(ROLLUPS, "say how: `sum`, `mean`, `min` or `max`"),
        *_exclusive(ROLLUPS, "cannot be used together"),
    ]
    definitions["Hypothesis"]["allOf"] = [
        {
            "if": {"required": ["within"], "properties": {"within": {"not": BLANK}}},
            "then": {"properties": {"expect": {"const": "steady"}}},
        }
    ]
    objective = definitions["Objective"]
    key_results = objective["properties"]["key_results"]
    key_results["anyOf"] = _one_or_many(KEY_RESULT) + key_results["anyOf"][-1:]
    complete_key_results = {
        "properties": {"key_results": {"anyOf": [*_one_or_many(COMPLETE_KEY_RESULT), key_results["anyOf"][-1]]}}
    }
    objective.update(_unless_draft([*_require_keys(model.GoalBase.REQUIRED), complete_key_results]))
    root["allOf"] = _require_keys((*model.OkrFile.REQUIRED, "objectives"))


def add_kpi_conditions(root: Schema, definitions: Schema) -> None:
    """A KPI needs an id, a title, and either `better` or `between`."""
    help = "say what is better: `better: higher`, `better: lower`, or `between: [N, M]`"
    definitions["Kpi"]["allOf"] = [
        *_require_keys(model.KpiModel.REQUIRED),
        _require_one_of(("better", "between"), help),
        *_exclusive(("better", "between"), "cannot be used together"),
    ]
    root["allOf"] = _require_keys(("kpis",))


def add_config_conditions(root: Schema, definitions: Schema) -> None:
    """The settings take a list of people as well, and rules by name and code."""
    properties = root["properties"]
    definitions["severity"] = {"enum": list(get_args(Level))}
    for key in ("teams", "people", "rules"):  # here, what begins with x- is a name like any other
        for choice in properties[key]["anyOf"]:
            choice.get("patternProperties", {}).pop("^x-", None)
    properties["people"]["anyOf"].insert(0, {"type": "array", "items": TEXT})
    properties["rules"]["anyOf"] = [_rules_schema(), BLANK]


def _rules_schema() -> Schema:
    """Each rule with its severities and the summary of its page."""
    properties = {}
    for rule in RULES:
        summary = parse_page(rule).summary
        for word, other in ((rule.name, rule.code), (rule.code, rule.name)):
            properties[word] = {
                "description": f"{other}: {summary}",
                "markdownDescription": f"**{other}** {summary}",
                "anyOf": [reference("severity"), BLANK],
            }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _key_result_by_measure() -> Schema:
    """The schema of a key result according to its measure; a general one if it has none or several."""
    schema: Schema = reference(model.UnmeasuredKeyResult.__name__)
    for name, measure in reversed(MEASURES.items()):
        others = [key for key in MEASURE_KEYS if key not in measure.keys]
        has_only_this_measure = {"allOf": [_has_any(measure.keys), {"not": _has_any(others)}]}
        schema = {
            "if": has_only_this_measure,
            "then": reference(model.MODELS_BY_MEASURE[name].__name__),
            "else": schema,
        }
    return {"type": "object", **schema}


def _one_or_many(name: str) -> list[Schema]:
    return [{"type": "array", "items": reference(name)}, reference(name)]


def _unless_draft(conditions: list[Schema]) -> Schema:
    return {"if": DRAFT, "else": {"allOf": conditions}}


def _require_keys(keys: tuple[str, ...]) -> list[Schema]:
    """Each of the keys must be present and not blank."""
    return [_must_have(key, f"the key '{key}' is missing") for key in keys]


def _require_measure() -> Schema:
    return _require_one_of(MEASURE_KEYS, f"this key result has no measure: {MEASURE_HELP}")


def _require_one_of(keys: tuple[str, ...], message: str) -> Schema:
    """At least one of the keys must be present, else editors mark the whole mapping with the message."""
    return {"if": {"not": _has_any(keys)}, "then": _must_have(keys[0], message)}


def _exclusive(keys: tuple[str, ...], why: str) -> list[Schema]:
    """Only one of these keys may be present; editors show the message at each later one."""
    return [
        {
            "if": _has(first),
            "then": {"properties": {key: _must_be_blank(f"'{first}' and '{key}' {why}") for key in later}},
        }
        for number, first in enumerate(keys)
        if (later := keys[number + 1 :])
    ]


def _requirements() -> list[Schema]:
    """What measures need besides their own keys."""
    return [_require(measure.keys, measure.requirement) for measure in MEASURES.values() if measure.requirement]


def _require(keys: tuple[str, ...], needed: Requirement) -> Schema:
    lacking = {"allOf": [_has_any(keys), {"not": _has_any((needed.key, *needed.alternatives))}]}
    return {"if": lacking, "then": _must_have(needed.key, needed.message)}


def _has(key: str) -> Schema:
    """The key is present and has a value."""
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


def _must_have(key: str, message: str) -> Schema:
    """The key must be present and have a value, else editors show the message."""
    filled = {"if": {"type": "null"}, "then": {"type": "string", "errorMessage": message}, "doNotSuggest": True}
    return {"required": [key], "properties": {key: filled}, "errorMessage": message}


def _has_any(keys: tuple[str, ...] | list[str]) -> Schema:
    return {"anyOf": [_has(key) for key in keys]}


def _must_be_blank(message: str) -> Schema:
    return {"type": "null", "errorMessage": message, "doNotSuggest": True}


def _must_not_be(key: str, value: str, message: str) -> Schema:
    """The key must not have this value, else editors show the message."""
    return {"properties": {key: {"not": {"const": value}, "errorMessage": message}}}
