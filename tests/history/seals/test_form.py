"""A seal that somebody edited is refused as a whole, or differs; it never breaks a command."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.mutations import PAST
from tests.repositories import Repo, isolate
from tests.running import run

COMMANDS = ("check --format json", "verify", "verify --format json", "status", "score 2025-Q1", "diff HEAD~1", "report")
PATH = "scorecards/2025-Q1.json"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    repo = Repo(tmp_path)
    files = {"okrctl.yaml": "teams: {trust: {}}\npeople: [lea]\n", "okrs/2025-Q1/trust.yaml": PAST}
    repo.commit(day="2025-01-10", files=files)
    assert run("close", "2025-Q1", "--yes", cwd=tmp_path).status == 0
    repo.commit(day="2025-04-10")
    return repo


@pytest.mark.parametrize(
    "path",
    ["teams", "teams/0", "teams/0/objectives", "teams/0/objectives/0/key_results", "teams/0/objectives/0/ref",
     "teams/0/objectives/0/key_results/0", "teams/0/objectives/0/key_results/0/ref", "commit", "reopened"],
)  # fmt: skip
@pytest.mark.parametrize("value", [True, "x", [[]]], ids=str)
def test_a_seal_without_its_form_is_no_seal(repo: Repo, path: str, value: Any) -> None:
    if path == "commit" or path.endswith("/ref"):
        value = 7 if value == "x" else value
    sealed = json.loads((repo.path / PATH).read_text())
    holder, key = list(places(sealed))[[name for name, *_ in places(sealed)].index(path)][1:]
    holder[key] = value
    repo.write(PATH, json.dumps(sealed))
    verified = run("verify", cwd=repo.path)
    assert verified.status == 2
    assert f"{PATH} is not a sealed scorecard" in verified.err
    assert run("check", cwd=repo.path).status in (0, 1)


@pytest.mark.slow
def test_no_edited_seal_breaks_a_command(repo: Repo) -> None:
    good = json.loads((repo.path / PATH).read_text())
    for name in [name for name, *_ in places(good)]:
        for value in (None, 0, "", [], {}, "gone"):
            sealed = copy.deepcopy(good)
            holder, key = next((holder, key) for found, holder, key in places(sealed) if found == name)
            if value == "gone":
                del holder[key]
            else:
                holder[key] = value
            repo.write(PATH, json.dumps(sealed))
            for command in COMMANDS[:3]:
                result = run(*command.split(), cwd=repo.path)
                assert result.status in (0, 1, 2), (name, value, command, result.err)
    for command in COMMANDS:
        assert run(*command.split(), cwd=repo.path).status in (0, 1, 2)


def places(data: Any, above: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each place by its name, with what holds it and its key."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield f"{above}{key}", data, key
        yield from places(value, f"{above}{key}/")
