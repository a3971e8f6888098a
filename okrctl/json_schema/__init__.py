"""JSON Schemas for editors, made from the models that validate the files."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from okrctl import __version__
from okrctl.json_schema import conditionals, definitions, enums, from_pydantic, snippets
from okrctl.json_schema.enums import WorkspaceNames
from okrctl.schema.model import KpiFile, OkrFile
from okrctl.schema.settings import Config
from okrctl.values.addresses import schema_url
from okrctl.values.json_text import dump

Kind = Literal["config", "okr", "kpi"]
KINDS: dict[Kind, tuple[type[BaseModel], str]] = {
    "config": (Config, "okrctl: settings of a workspace"),
    "okr": (OkrFile, "okrctl: objectives of a team in one period"),
    "kpi": (KpiFile, "okrctl: KPIs"),
}
DRAFT = "http://json-schema.org/draft-07/schema#"


def build_schema(kind: Kind, names: WorkspaceNames | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 7) of a kind of file; `names` are offered as values where the file may refer to them."""
    model, title = KINDS[kind]
    root = from_pydantic.build_model_schema(model)
    parts = root.pop("definitions")
    if kind == "okr":
        conditionals.add_okr_conditions(root, parts)
    elif kind == "kpi":
        conditionals.add_kpi_conditions(root, parts)
    else:
        conditionals.add_config_conditions(root, parts)
    if names is not None:
        enums.add_enums(names, {**parts, model.__name__: root})
    snippets.add_snippets(parts)
    head = {"$schema": DRAFT, "$id": schema_url(kind), "title": title, "x-okrctl-version": __version__}
    schema = {**head, **root, "definitions": parts}
    definitions.share_definitions(schema)
    return schema


def render_schema(kind: Kind, names: WorkspaceNames | None = None) -> str:
    """The JSON Schema of a kind of file as the content of a file."""
    return dump(build_schema(kind, names), indent=1) + "\n"
