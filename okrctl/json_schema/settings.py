"""Says in JSON Schema what okrctl.yaml takes beyond its model: a list of people, every rule by name and code."""

from __future__ import annotations

from typing import Any, get_args

from okrctl.check import rule_page, rules
from okrctl.schema.settings import Level
from okrctl.values.json_types import BLANK, TEXT

Schema = dict[str, Any]


def add_settings(root: Schema, definitions: Schema) -> None:
    """Change the schema of the settings accordingly."""
    properties = root["properties"]
    definitions["severity"] = {"enum": list(get_args(Level))}
    for key in ("teams", "people", "rules"):  # what begins with x- is a name here, like any other
        for choice in properties[key]["anyOf"]:
            choice.get("patternProperties", {}).pop("^x-", None)
    properties["people"]["anyOf"].insert(0, {"type": "array", "items": TEXT})
    properties["rules"]["anyOf"] = [_rules_schema(), BLANK]


def _rules_schema() -> Schema:
    """Each rule with its severities and its one sentence."""
    known = {}
    for rule in rules.RULES:
        said = rule_page.parse_page(rule)
        for word, other in ((rule.name, rule.code), (rule.code, rule.name)):
            known[word] = {
                "description": f"{other}: {said.summary}",
                "markdownDescription": f"**{other}** {said.summary}",
                "anyOf": [{"$ref": "#/definitions/severity"}, BLANK],
            }
    return {"type": "object", "properties": known, "additionalProperties": False}
