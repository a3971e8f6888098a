"""Completes periods, teams, references, KPIs and rules for the shell, from the files as they are written, unchecked."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_SUGGESTIONS = 400


def complete_periods(incomplete: str) -> list[str]:
    """The periods that have files, the newest first."""
    found = {str(_period_id(data)) for data in _read_data() if _period_id(data)}
    return _matching(incomplete, [*sorted(found, reverse=True), "this", "last", "next"])


def complete_teams(incomplete: str) -> list[str]:
    """The teams of the settings and of the files."""
    found = {str(data["team"]) for data in _read_data() if isinstance(data.get("team"), str)}
    return _matching(incomplete, sorted({*found, *_settings_keys("teams"), "company"}))


def complete_owners(incomplete: str) -> list[str]:
    """The people of the settings, and whoever owns an objective or key result."""
    things = [thing for data in _read_data() for thing in _goals(data)]
    return _matching(
        incomplete, sorted({*_settings_keys("people"), *(str(t["owner"]) for t in things if "owner" in t)})
    )


def complete_references(incomplete: str) -> list[str]:
    """The shortest endings of names that fit one thing only, and whole names once a part of them is typed."""
    names = list(_references())
    return _matching(incomplete, sorted(_shortest_endings(names, "/" in incomplete)))


def complete_references_and_kpis(incomplete: str) -> list[str]:
    """References, and the ids of KPIs."""
    return complete_references(incomplete) + complete_kpis(incomplete)


def complete_kpis(incomplete: str) -> list[str]:
    """The ids of KPIs."""
    found = [str(kpi.get("id")) for data in _read_data() for kpi in _mappings(data.get("kpis"))]
    return _matching(incomplete, sorted(found))


def complete_rules(incomplete: str) -> list[str]:
    """The codes and names of rules."""
    from okrctl.check.rules import BY_NAME

    return _matching(incomplete, [*sorted(BY_NAME), "rules"])


def complete_explainable(incomplete: str) -> list[str]:
    """All that `explain` knows: references, KPIs, rules, topics of the manual."""
    from okrctl import docs

    topics = _matching(incomplete, ["topics", *docs.topic_names()])
    return [*complete_references_and_kpis(incomplete), *complete_rules(incomplete), *topics]


def _matching(incomplete: str, words: list[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(incomplete)][:MAX_SUGGESTIONS]


def _read_data() -> Iterator[dict[str, Any]]:
    """The data of every file that can be read; the settings' own `include` and `exclude` hold here too."""
    from okrctl import files
    from okrctl.yaml import Source, decode, parse

    root = files.find_root(_completion_directory())
    settings = _read_settings(root)
    include = settings.get("include", ["okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml"])
    exclude = settings.get("exclude", [])
    for path, content in files.read_workspace(root, _as_list(include), _as_list(exclude)):
        source = decode(path, content) if isinstance(content, bytes) else content
        data = parse(source).data if isinstance(source, Source) else None
        if isinstance(data, dict):
            yield data


def _as_list(said: object) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _settings_keys(key: str) -> list[str]:
    from okrctl import files

    said = _read_settings(files.find_root(_completion_directory())).get(key)
    return list(said) if isinstance(said, dict) else _as_list(said) if said else []


def _read_settings(root: Path) -> dict[str, Any]:
    from okrctl.yaml import Source, parse

    try:
        text = (root / "okrctl.yaml").read_text("utf-8")
    except (OSError, UnicodeError):
        return {}
    data = parse(Source("okrctl.yaml", text)).data
    return data if isinstance(data, dict) else {}


def _completion_directory() -> Path:
    """The folder that the line to be completed names with -C, else the current one."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or ""
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    named = [words[number + 1] for number, word in enumerate(words[:-1]) if word == "-C"]
    return Path(named[-1]).expanduser().absolute() if named else Path.cwd()


def _period_id(data: dict[str, Any]) -> object:
    said = data.get("period")
    return said.get("id") if isinstance(said, dict) else said


def _mappings(said: object) -> list[dict[str, Any]]:
    listed = said if isinstance(said, list) else [said]
    return [one for one in listed if isinstance(one, dict)]


def _goals(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for objective in _mappings(data.get("objectives")):
        yield objective
        yield from _mappings(objective.get("key_results"))


def _references() -> Iterator[str]:
    """The full name of every objective and key result."""
    for data in _read_data():
        for objective in _mappings(data.get("objectives")):
            name = f"{_period_id(data)}/{data.get('team', 'company')}/{objective.get('id')}"
            yield name
            yield from (f"{name}.{result.get('id')}" for result in _mappings(objective.get("key_results")))


def _shortest_endings(names: list[str], with_paths: bool) -> set[str]:
    from okrctl.workspace.references import ref_endings

    often = Counter(ending for name in names for ending in ref_endings(name))
    found = {next(one for one in ref_endings(name) if often[one] == 1 or one == name) for name in names}
    return found | {one for name in names for one in ref_endings(name) if "/" in one} if with_paths else found
