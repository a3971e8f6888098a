"""Every reading command takes `--known-at`, and every input of an explanation names its commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repositories import Repo, isolate
from tests.running import run

PATH = "okrs/2026-Q2/growth.yaml"
TEXT = """\
period: 2026-Q2
team: growth
objectives:
  - id: trial
    title: Strangers find their way in
    owner: lea
    hypothesis: {kpi: mood, expect: up}
    key_results:
      - id: signups
        title: Demo accounts opened
        to: 100
        readings:
          2026-04-13: 10
"""
KPIS = """\
kpis:
  - {id: mood, title: Mood, owner: lea, better: higher, readings: {2026-03-30: 4}}
  - {id: twice, title: Twice the mood, owner: lea, better: higher, formula: mood * 2}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    repo = Repo(tmp_path / "repo")
    repo.commit(day="2026-04-13", files={PATH: TEXT, "kpis/all.yaml": KPIS})
    later = KPIS.replace("4}", "4, 2026-05-04: 6}")
    repo.commit(day="2026-05-11", files={PATH: TEXT + "          2026-05-11: 50\n", "kpis/all.yaml": later})
    return repo


COMMANDS = (
    "score", "status", "show trial.signups", "show mood", "tree", "tree twice", "kpi", "impact", "export",
    "explain trial.signups", "explain twice",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_of_the_past_what_it_said_then(repo: Repo, command: str, tmp_path: Path) -> None:
    words = [*command.split(), *(() if command == "export" else ("--format", "json"))]
    checkout = repo.clone(tmp_path / "then")
    checkout.switch("HEAD~1")
    then = run(*words, cwd=checkout.path, today="2026-04-20")
    known = run(*words, "--known-at", "2026-04-20", cwd=repo.path, today="2026-06-20")
    assert then.status == known.status == 0, known.err
    first = repo.git("rev-parse", "HEAD~1")
    assert known.out.replace(f'"known_at": "{first}"', '"known_at": null') == then.out
    assert known.out != run(*words, cwd=repo.path, today="2026-06-20").out


def test_each_input_names_the_commit_of_its_line(repo: Repo) -> None:
    first, second = repo.git("rev-parse", "HEAD~1"), repo.git("rev-parse", "HEAD")
    repo.write(PATH, "# Not committed\n" + TEXT.replace("to: 100", "to: 120") + "          2026-05-11: 50\n")
    result = run("explain", "trial.signups", "--format", "json", cwd=repo.path, today="2026-06-20").json
    commits = {one["name"]: (one["line"], one["commit"]) for one in result["inputs"] if one["path"]}
    assert commits["value"] == (15, second)
    assert commits["to"] == (12, None)
    then = run("explain", "trial.signups", "--known-at", first, "--format", "json", cwd=repo.path, today="2026-06-20")
    assert {one["commit"] for one in then.json["inputs"] if one["path"]} == {first}
    assert first[:10] in run("explain", "trial.signups", "--known-at", first, cwd=repo.path, today="2026-06-20").out
