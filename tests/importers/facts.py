"""Holds what an import left in a workspace against the facts that were written down beside the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.running import run, write

SHAPES = Path(__file__).parent / "shapes"
_ABOVE = (folder / "shared" / "data" for folder in Path(__file__).parents)
SHARED = next((folder for folder in _ABOVE if (folder / "import").is_dir()), Path("no-shared-data"))
TODAY = "2026-06-20"


def facts_of(folder: Path) -> dict[str, Any]:
    """The facts of a folder's files by their names; none where the folder is not there."""
    path = folder / "facts.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def imported(root: Path, file: Path, arguments: list[str]) -> None:
    """Import a file into an empty workspace, which then has no error, and again, which changes nothing."""
    write(root, {file.name: file.read_bytes()})
    result = run("import", file.name, *arguments, cwd=root, today=TODAY)
    assert result.status == 0, result.err
    checked = run("check", cwd=root, today=TODAY)
    assert checked.status == 0, checked.out
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    again = run("import", file.name, *arguments, cwd=root, today=TODAY)
    assert "nothing to change" in again.err, again.out + again.err
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before


def missing_goals(root: Path, wanted: dict[str, Any]) -> list[str]:
    """The facts under `goals` and `kpis` that are not in the workspace or differ there, and what it has besides."""
    if "kpis" in wanted:
        return list(_missing_kpis(root, wanted["kpis"]))
    card = run("score", wanted["period"], "--format", "json", cwd=root, today=TODAY).json
    found = [{**objective, "team": team["team"]} for team in card["teams"] for objective in team["objectives"]]
    return list(_missing_objectives({goal["title"]: goal for goal in found}, wanted["goals"]))


def _missing_objectives(found: dict[str, Any], wanted: list[dict[str, Any]]) -> Iterator[str]:
    for facts in wanted:
        goal = next((goal for goal in found.values() if _is_named(goal, facts)), None)
        if goal is None:
            yield f"no objective {facts.get('title', facts.get('title~'))}: {list(found)}"
            continue
        yield from _differences(goal, facts)
        if len(goal["key_results"]) != len(facts["key_results"]):
            yield f"{goal['title']}: {[result['title'] for result in goal['key_results']]}"
        for result_facts in facts["key_results"]:
            fits = [result for result in goal["key_results"] if _is_named(result, result_facts)]
            if len(fits) == 1:
                yield from _differences(fits[0], result_facts)
            else:
                yield f"{len(fits)} key results are {result_facts}"
    if len(found) != len(wanted):
        yield f"the objectives are {list(found)}"


def _differences(goal: dict[str, Any], facts: dict[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        if name not in ("title", "title~", "key_results") and not _has(goal, name, value):
            yield f"{goal['title']}: {name} is {goal.get(name)}, not {value}"


def _missing_kpis(root: Path, wanted: list[dict[str, Any]]) -> Iterator[str]:
    files = [YAML(typ="safe").load(path) for path in sorted(root.glob("kpis/*.yaml"))]
    found = {kpi["title"]: kpi for file in files for kpi in file["kpis"]}
    if sorted(found) != sorted(facts["title"] for facts in wanted):
        yield f"the KPIs are {sorted(found)}"
    for facts in wanted:
        kpi = found.get(facts["title"], {})
        readings = {str(day)[:7]: float(str(value).rstrip("%")) for day, value in kpi.get("readings", {}).items()}
        if readings != facts["readings"]:
            yield f"{facts['title']}: {readings}"
        yield from _differences({**kpi, "title": facts["title"], "readings": facts["readings"]}, facts)


def missing(root: Path, wanted: dict[str, Any]) -> list[str]:
    """The facts that the workspace does not know, or knows otherwise."""
    card = run("score", wanted["period"], "--format", "json", cwd=root, today=TODAY).json
    objectives = [objective for team in card["teams"] for objective in team["objectives"]]
    results = [result for objective in objectives for result in objective["key_results"]]
    found = list(_missing_goals(card, objectives, results, wanted))
    for facts in wanted["key_results"]:
        fits = [result for result in results if _is_named(result, facts)]
        if len(fits) != 1:
            found.append(f"{len(fits)} key results are {facts}")
            continue
        for name, value in facts.items():
            if not name.startswith("title") and not _has(fits[0], name, value):
                found.append(f"{fits[0]['title']}: {name} is {fits[0].get(name)}, not {value}")
    return found


def _missing_goals(card: Any, objectives: list[Any], results: list[Any], wanted: dict[str, Any]) -> Iterator[str]:
    if "team" in wanted and wanted["team"] not in str([{**team, "objectives": ""} for team in card["teams"]]):
        yield f"no team {wanted['team']}"
    if sorted(objective["title"] for objective in objectives) != sorted(wanted["objectives"]):
        yield f"the objectives are {[objective['title'] for objective in objectives]}"
    if len(results) != len(wanted["key_results"]):
        yield f"{len(results)} key results, not {len(wanted['key_results'])}"


def _is_named(result: Any, facts: dict[str, Any]) -> bool:
    return result["title"] == facts["title"] if "title" in facts else facts["title~"] in result["title"]


def _has(result: Any, name: str, value: object) -> bool:
    found = result.get(name)
    if name == "bound":
        found = next((result[key] for key in ("at_most", "at_least", "to") if result.get(key) is not None), None)
    if value is True:
        return found is not None
    return found == value or (isinstance(value, int | float) and found is not None and abs(float(found) - value) < 1e-9)
