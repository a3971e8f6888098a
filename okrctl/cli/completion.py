"""Completes periods, teams, references, KPIs and rules for the shell, from the files as they are written, unchecked."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST = 400


def periods(incomplete: str) -> list[str]:
    """The periods that have files, the newest first."""
    found = {str(_period(data)) for data in _files() if _period(data)}
    return _beginning(incomplete, [*sorted(found, reverse=True), "this", "last", "next"])


def teams(incomplete: str) -> list[str]:
    """The teams of the settings and of the files."""
    found = {str(data["team"]) for data in _files() if isinstance(data.get("team"), str)}
    return _beginning(incomplete, sorted({*found, *_settings("teams"), "company"}))


def owners(incomplete: str) -> list[str]:
    """The people of the settings, and whoever owns an objective or key result."""
    things = [thing for data in _files() for thing in _named(data)]
    return _beginning(incomplete, sorted({*_settings("people"), *(str(t["owner"]) for t in things if "owner" in t)}))


def references(incomplete: str) -> list[str]:
    """The shortest endings of names that fit one thing only, and whole names once a part of them is typed."""
    names = list(_names())
    return _beginning(incomplete, sorted(_endings(names, "/" in incomplete)))


def references_and_kpis(incomplete: str) -> list[str]:
    """References, and the ids of KPIs."""
    return references(incomplete) + kpis(incomplete)


def kpis(incomplete: str) -> list[str]:
    """The ids of KPIs."""
    found = [str(kpi.get("id")) for data in _files() for kpi in _maps(data.get("kpis"))]
    return _beginning(incomplete, sorted(found))


def rules(incomplete: str) -> list[str]:
    """The codes and names of rules."""
    from okrctl.check.rules import BY_NAME

    return _beginning(incomplete, [*sorted(BY_NAME), "rules"])


def explainable(incomplete: str) -> list[str]:
    """All that `explain` knows: references, KPIs, rules."""
    return references_and_kpis(incomplete) + rules(incomplete)


def _beginning(incomplete: str, words: list[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(incomplete)][:MOST]


def _files() -> Iterator[dict[str, Any]]:
    """The data of every file that can be read; the settings' own `include` and `exclude` hold here too."""
    from okrctl import files
    from okrctl.yaml import Source, decode, parse

    root = files.find_root(_directory())
    settings = _settings_data(root)
    include = settings.get("include", ["okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml"])
    exclude = settings.get("exclude", [])
    for path, content in files.read_workspace(root, _listed(include), _listed(exclude)):
        source = decode(path, content) if isinstance(content, bytes) else content
        data = parse(source).data if isinstance(source, Source) else None
        if isinstance(data, dict):
            yield data


def _listed(said: object) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _settings(key: str) -> list[str]:
    from okrctl import files

    said = _settings_data(files.find_root(_directory())).get(key)
    return list(said) if isinstance(said, dict) else _listed(said) if said else []


def _settings_data(root: Path) -> dict[str, Any]:
    from okrctl.yaml import Source, parse

    try:
        text = (root / "okrctl.yaml").read_text("utf-8")
    except (OSError, UnicodeError):
        return {}
    data = parse(Source("okrctl.yaml", text)).data
    return data if isinstance(data, dict) else {}


def _directory() -> Path:
    """The folder that the line to be completed names with -C, else the current one."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or ""
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    named = [words[number + 1] for number, word in enumerate(words[:-1]) if word == "-C"]
    return Path(named[-1]).expanduser().absolute() if named else Path.cwd()


def _period(data: dict[str, Any]) -> object:
    said = data.get("period")
    return said.get("id") if isinstance(said, dict) else said


def _maps(said: object) -> list[dict[str, Any]]:
    listed = said if isinstance(said, list) else [said]
    return [one for one in listed if isinstance(one, dict)]


def _named(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for objective in _maps(data.get("objectives")):
        yield objective
        yield from _maps(objective.get("key_results"))


def _names() -> Iterator[str]:
    """The full name of every objective and key result."""
    for data in _files():
        for objective in _maps(data.get("objectives")):
            name = f"{_period(data)}/{data.get('team', 'company')}/{objective.get('id')}"
            yield name
            yield from (f"{name}.{result.get('id')}" for result in _maps(objective.get("key_results")))


def _endings(names: list[str], whole: bool) -> set[str]:
    from okrctl.workspace.resolve import endings

    often = Counter(ending for name in names for ending in endings(name))
    found = {next(one for one in endings(name) if often[one] == 1 or one == name) for name in names}
    return found | {one for name in names for one in endings(name) if "/" in one} if whole else found
