"""Makes the JSON Schemas that tell editors what a file may hold, from the models that read the files."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel

from okrctl.json_schema import conditionals, enums, from_pydantic, settings, snippets
from okrctl.json_schema import definitions as sharing
from okrctl.json_schema.enums import WorkspaceNames
from okrctl.schema.model import KpiFile, OkrFile
from okrctl.schema.settings import Config

Kind = Literal["config", "okr", "kpi"]
KINDS: dict[Kind, tuple[type[BaseModel], str]] = {
    "config": (Config, "okrctl: settings of a workspace"),
    "okr": (OkrFile, "okrctl: objectives of a team in one period"),
    "kpi": (KpiFile, "okrctl: KPIs"),
}
DRAFT = "http://json-schema.org/draft-07/schema#"


def build_schema(kind: Kind, names: WorkspaceNames | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 7) of a kind of file; `names` are proposed where the file may refer to them."""
    shape, title = KINDS[kind]
    root = from_pydantic.build_model_schema(shape)
    definitions = root.pop("definitions")
    if kind == "okr":
        conditionals.add_okr_conditions(root, definitions)
    elif kind == "kpi":
        conditionals.add_kpi_conditions(root, definitions)
    else:
        settings.add_settings(root, definitions)
    if names is not None:
        enums.add_enums(names, {**definitions, shape.__name__: root})
    snippets.add_snippets(definitions)
    whole = {"$schema": DRAFT, "title": title, **root, "definitions": definitions}
    sharing.share_definitions(whole)
    return whole


def render_schema(kind: Kind, names: WorkspaceNames | None = None) -> str:
    """The same as the content of a file."""
    return json.dumps(build_schema(kind, names), indent=1, ensure_ascii=False) + "\n"
