"""Tests of the schemas and of the command that prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from okrctl import json_schema
from okrctl.check import rules
from okrctl.json_schema.from_pydantic import walk_schemas
from okrctl.schema import model
from okrctl.schema.keys import model_keys
from okrctl.schema.settings import Config
from tests.running import run, write

FILES = {
    "okrctl.yaml": "teams: {product: {lead: lea}, ops: }\npeople: [lea, max]\n",
    "okrs/2026/company.yaml": (
        "period: 2026\nobjectives:\n  - {id: trust, title: Customers trust us, owner: max, state: draft}\n"
    ),
    "okrs/2026-Q2/product.yaml": (
        "period: 2026-Q2\nteam: product\nobjectives:\n"
        "  - {id: origin, title: They know, owner: sales, key_results: {id: codes, title: Codes, to: 9}}\n"
    ),
    "kpis/all.yaml": "kpis: {id: queries, title: Queries, better: higher}\n",
}


def printed(*words: str, cwd: Path) -> Any:
    result = run("schema", *words, cwd=cwd)
    assert (result.status, result.err) == (0, "")
    return json.loads(result.out)


def choices(schema: Any) -> list[str]:
    """The words that editors propose for a property."""
    return [word for one in schema["anyOf"] for word in one.get("enum", [one["const"]] if "const" in one else [])]


@pytest.mark.parametrize("kind", json_schema.KINDS)
def test_a_schema_is_printed_for_editors(kind: json_schema.Kind, tmp_path: Path) -> None:
    schema = printed(kind, cwd=tmp_path)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["title"].startswith("okrctl")
    parts = list(walk_schemas(schema))[1:]
    assert not [part for part in parts if "title" in part]
    assert not [part for part in parts if part.get("default", "") is None]
    assert not [part for part in parts if "oneOf" in part or "discriminator" in part]
    assert all(part["markdownDescription"] for part in parts if "description" in part)


def test_every_key_is_described(tmp_path: Path) -> None:
    schema = printed("okr", cwd=tmp_path)
    for shape in (*model.MODELS_BY_MEASURE.values(), model.ObjectiveModel, model.Initiative):
        known = schema["definitions"][shape.__name__.removesuffix("Model")]["properties"]
        assert set(known) == set(model_keys(shape))
        for key, value in known.items():
            said = schema["definitions"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
            assert "description" in said, key


def test_the_settings_list_every_rule_by_name_and_code(tmp_path: Path) -> None:
    schema = printed("config", cwd=tmp_path)
    known = schema["properties"]["rules"]["anyOf"][0]["properties"]
    assert set(known) == set(rules.BY_NAME)
    assert known["no-parent"]["description"].startswith("OKR107: Finds ")
    assert known["OKR107"]["description"].startswith("no-parent: Finds ")
    assert set(schema["properties"]) == set(model_keys(Config))


def test_names_of_the_workspace_are_proposed_and_nothing_else_is_forbidden(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    parts = printed("okr", "--with-ids", cwd=tmp_path)["definitions"]
    assert choices(parts["owner"]) == ["lea", "max", "sales"]
    objective = parts["Objective"]["properties"]
    assert choices(objective["parent"]) == ["2026-Q2/product/origin", "2026/company/trust", "codes"]
    assert choices(objective["kpis"]["anyOf"][0]["items"]) == ["queries"]
    assert choices(parts["guards"]) == ["all", "codes"]
    assert choices(printed("kpi", "--with-ids", cwd=tmp_path)["definitions"]["Kpi"]["properties"]["team"]) == [
        "company", "ops", "product"
    ]  # fmt: skip
    assert "sales" not in run("schema", "okr", cwd=tmp_path).out


def test_names_are_read_from_broken_files_as_far_as_they_can(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "okrs/a.yaml": "objectives: [", "okrs/b.yaml": "period: 2026\nobjectives: {onwer: a}"})
    assert "queries" in run("schema", "okr", "--with-ids", cwd=tmp_path).out


def test_a_schema_is_written_to_a_file(tmp_path: Path) -> None:
    result = run("schema", "kpi", "-o", "kpi.json", cwd=tmp_path)
    assert (result.status, result.out, result.err) == (0, "", "wrote kpi.json\n")
    assert json.loads((tmp_path / "kpi.json").read_text()) == json_schema.build_schema("kpi")


def test_no_other_kind_has_a_schema(tmp_path: Path) -> None:
    result = run("schema", "team", cwd=tmp_path)
    assert result.status == 2
    assert "'config', 'okr', 'kpi'" in result.err


def test_a_new_workspace_has_the_schemas_of_the_command(tmp_path: Path) -> None:
    assert run("init", "--organisation", "Acme", "--team", "product", cwd=tmp_path).status == 0
    for kind in json_schema.KINDS:
        assert (tmp_path / f".okrctl/{kind}.schema.json").read_text("utf-8") == json_schema.render_schema(kind)
