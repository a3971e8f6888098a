"""Makes a schema small: what it says more than once is said once, under `definitions`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from okrctl.json_schema.from_pydantic import walk_schemas
from okrctl.values import json_types

Schema = dict[str, Any]
SHARED_VALUES: dict[str, Schema] = {
    "nothing": json_types.BLANK,
    "text": json_types.TEXT,
    "id": json_types.ID,
    "team": json_types.TEAM,
    "number": json_types.QUANTITY,
    "goal": json_types.TARGET,
    "bare": json_types.BARE_NUMBER,
    "grade": json_types.GRADE,
    "day": json_types.DAY,
}


def share_definitions(root: Schema) -> None:
    """Replace repeated values and properties by references to one definition each."""
    definitions = root["definitions"]
    values = {_key(value): name for name, value in SHARED_VALUES.items()}
    used = {name for part in list(walk_schemas(root)) for name in _replace_choices(part, values)}
    properties = [(name, value) for part in walk_schemas(root) for name, value in part.get("properties", {}).items()]
    often = Counter((name, _key(value)) for name, value in properties if "description" in value)
    shared: dict[tuple[str, str], str] = {}
    for (name, content), times in often.items():
        if times > 1:
            shared[name, content] = _free_name(name, {*SHARED_VALUES, *definitions, *shared.values()})
    new = {reference: json.loads(content) for (_, content), reference in shared.items()}
    for part in list(walk_schemas(root)):
        for name, value in part.get("properties", {}).items():
            if (name, _key(value)) in shared:
                part["properties"][name] = _reference(shared[name, _key(value)])
    definitions |= {name: SHARED_VALUES[name] for name in sorted(used)} | new


def _replace_choices(part: Schema, values: dict[str, str]) -> list[str]:
    """Put references into `anyOf`, and into the entries of lists; the names referred to."""
    found = []
    places: list[tuple[Any, Any]] = [(part["anyOf"], number) for number in range(len(part.get("anyOf", ())))]
    places += [(part, key) for key in ("items", "else") if key in part]
    for holder, key in places:
        name = values.get(_key(holder[key]))
        if name:
            holder[key] = _reference(name)
            found.append(name)
    return found


def _key(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _free_name(stem: str, taken: set[str]) -> str:
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
