"""Prints the JSON Schema of a kind of file, or of the JSON of a command."""

from __future__ import annotations

import json

from okrctl import json_schema
from okrctl.json_schema import Kind, enums, from_types
from okrctl.operations.project import Project
from okrctl.outputs.documents import OUTPUTS, ErrorDocument
from okrctl.values import suggestions
from okrctl.values.errors import NotFoundError, UsageError
from okrctl.workspace import disk


def schema(project: Project, kind: Kind, *, with_ids: bool = False) -> str:
    """Return the JSON Schema of a kind of file; `with_ids` adds the owners, teams, KPIs and parents that exist."""
    names = enums.workspace_names(disk.load_folder(project.root)) if with_ids else None
    return json_schema.render_schema(kind, names)


def output_schema(name: str | None) -> str:
    """Return the JSON Schema of what a command prints with `--format json`, a result or an error."""
    known = ", ".join(OUTPUTS)
    if name is None:
        raise UsageError("the name of an output is missing", f"okrctl schema output NAME, with one of {known}")
    if name not in OUTPUTS:
        guess = suggestions.did_you_mean(suggestions.find_closest(name, OUTPUTS))
        raise NotFoundError(f"no such output: '{name}'{guess}", f"choose one of {known}")
    return json.dumps(from_types.describe_document(name, OUTPUTS[name], ErrorDocument), indent=2)
