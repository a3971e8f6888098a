"""Completes periods, teams, references, KPIs and rules for the shell, from the files without checking them."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_SUGGESTIONS = 400


def complete_periods(incomplete: str) -> list[str]:
    """Return the periods that have files, the newest first."""
    periods = {str(_period_id(data)) for data in _read_data() if _period_id(data)}
    return _matching(incomplete, [*sorted(periods, reverse=True), "this", "last", "next"])


def complete_teams(incomplete: str) -> list[str]:
    """Return the teams of the settings and of the files."""
    teams = {str(data["team"]) for data in _read_data() if isinstance(data.get("team"), str)}
    return _matching(incomplete, sorted({*teams, *_settings_keys("teams"), "company"}))


def complete_owners(incomplete: str) -> list[str]:
    """Return the people of the settings and the owners of objectives and key results."""
    owners = {str(goal["owner"]) for data in _read_data() for goal in _goals(data) if "owner" in goal}
    return _matching(incomplete, sorted({*_settings_keys("people"), *owners}))


def complete_references(incomplete: str) -> list[str]:
    """Return the shortest unique ending of each reference, and longer ones once a slash is typed."""
    references = list(_references())
    return _matching(incomplete, sorted(_shortest_endings(references, "/" in incomplete)))


def complete_references_and_kpis(incomplete: str) -> list[str]:
    """Return references and the ids of KPIs."""
    return complete_references(incomplete) + complete_kpis(incomplete)


def complete_kpis(incomplete: str) -> list[str]:
    """Return the ids of KPIs."""
    ids = [str(kpi.get("id")) for data in _read_data() for kpi in _mappings(data.get("kpis"))]
    return _matching(incomplete, sorted(ids))


def complete_rules(incomplete: str) -> list[str]:
    """Return the codes and names of rules."""
    from okrctl.check.rules import BY_NAME

    return _matching(incomplete, [*sorted(BY_NAME), "rules"])


def complete_explainable(incomplete: str) -> list[str]:
    """Return what `explain` explains: references, KPIs, rules, topics of the manual."""
    from okrctl import docs

    topics = _matching(incomplete, ["topics", *docs.topic_names()])
    return [*complete_references_and_kpis(incomplete), *complete_rules(incomplete), *topics]


def _matching(incomplete: str, words: list[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(incomplete)][:MAX_SUGGESTIONS]


def _read_data() -> Iterator[dict[str, Any]]:
    """Yield the data of every readable file that the `include` and `exclude` of the settings choose."""
    from okrctl import files
    from okrctl.operations import workspaces
    from okrctl.yaml import Source, decode, parse

    root = workspaces.find_root(_completion_directory()).folder
    settings = _read_settings(root)
    include = settings.get("include", ["okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml"])
    exclude = settings.get("exclude", [])
    for path, content in files.read_workspace(root, _as_list(include), _as_list(exclude)):
        source = decode(path, content) if isinstance(content, bytes) else content
        data = parse(source).data if isinstance(source, Source) else None
        if isinstance(data, dict):
            yield data


def _as_list(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def _settings_keys(key: str) -> list[str]:
    from okrctl.operations import workspaces

    value = _read_settings(workspaces.find_root(_completion_directory()).folder).get(key)
    return list(value) if isinstance(value, dict) else _as_list(value) if value else []


def _read_settings(root: Path) -> dict[str, Any]:
    from okrctl.yaml import Source, parse

    try:
        text = (root / "okrctl.yaml").read_text("utf-8")
    except (OSError, UnicodeError):
        return {}
    data = parse(Source("okrctl.yaml", text)).data
    return data if isinstance(data, dict) else {}


def _completion_directory() -> Path:
    """Return the folder that the command line names with -C, else the current one."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or ""
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    folders = [words[number + 1] for number, word in enumerate(words[:-1]) if word == "-C"]
    return Path(folders[-1]).expanduser().absolute() if folders else Path.cwd()


def _period_id(data: dict[str, Any]) -> object:
    period = data.get("period")
    return period.get("id") if isinstance(period, dict) else period


def _mappings(value: object) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _goals(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for objective in _mappings(data.get("objectives")):
        yield objective
        yield from _mappings(objective.get("key_results"))


def _references() -> Iterator[str]:
    """Yield the full reference of every objective and key result."""
    for data in _read_data():
        for objective in _mappings(data.get("objectives")):
            reference = f"{_period_id(data)}/{data.get('team', 'company')}/{objective.get('id')}"
            yield reference
            yield from (f"{reference}.{result.get('id')}" for result in _mappings(objective.get("key_results")))


def _shortest_endings(references: list[str], with_paths: bool) -> set[str]:
    from okrctl.workspace.references import ref_endings

    counts = Counter(ending for reference in references for ending in ref_endings(reference))
    shortest = {
        next(ending for ending in ref_endings(reference) if counts[ending] == 1 or ending == reference)
        for reference in references
    }
    if not with_paths:
        return shortest
    return shortest | {ending for reference in references for ending in ref_endings(reference) if "/" in ending}
