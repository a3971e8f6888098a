"""Makes a schema smaller by moving repeated parts to `definitions`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from okrctl.json_schema.from_pydantic import reference, walk_schemas
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
    used = {name for schema in list(walk_schemas(root)) for name in _replace_choices(schema, values)}
    shared = _repeated_properties(root, {*SHARED_VALUES, *definitions})
    for schema in list(walk_schemas(root)):
        for name, value in schema.get("properties", {}).items():
            if (name, _key(value)) in shared:
                schema["properties"][name] = reference(shared[name, _key(value)])
    new_definitions = {definition: json.loads(content) for (_, content), definition in shared.items()}
    definitions |= {name: SHARED_VALUES[name] for name in sorted(used)} | new_definitions


def _repeated_properties(root: Schema, taken: set[str]) -> dict[tuple[str, str], str]:
    """A free name for a definition of each property, given as name and content, that occurs more than once."""
    properties = [
        (name, value) for schema in walk_schemas(root) for name, value in schema.get("properties", {}).items()
    ]
    counts = Counter((name, _key(value)) for name, value in properties if "description" in value)
    shared: dict[tuple[str, str], str] = {}
    for (name, content), count in counts.items():
        if count > 1:
            shared[name, content] = _free_name(name, {*taken, *shared.values()})
    return shared


def _replace_choices(schema: Schema, values: dict[str, str]) -> list[str]:
    """Put references into `anyOf` and into the items of lists; returns the names of the definitions."""
    names = []
    places: list[tuple[Any, Any]] = [(schema["anyOf"], index) for index in range(len(schema.get("anyOf", ())))]
    places += [(schema, key) for key in ("items", "else") if key in schema]
    for parent, key in places:
        name = values.get(_key(parent[key]))
        if name:
            parent[key] = reference(name)
            names.append(name)
    return names


def _key(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _free_name(stem: str, taken: set[str]) -> str:
    names = (stem, *(f"{stem}-{suffix}" for suffix in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
