"""Pages of a company whose teams are submodules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.companies import STEPS, Step, build_company, clone_company, pin, team_commit
from tests.repositories import TOM, Repo, isolate
from tests.server.client import start

RESULT = "/key-results/2026-Q2/growth/onboarding.signups"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    monkeypatch.setenv("OKRCTL_TODAY", "2026-05-20")
    return build_company(tmp_path / "company", STEPS[:5])


def test_a_goal_names_the_commits_of_the_submodule_without_a_page_of_their_own(company: Repo) -> None:
    client = start(company.path)
    text = client.get(f"{RESULT}?history=1").text
    team = Repo(company.path / "team-a")
    assert "Easier" in text and "Tom" in text
    for commit in team.git("log", "--format=%H").split():
        assert f"to={commit[:10]}" not in text
    assert f'href="/changes?from={company.head[:10]}' not in text


def test_a_page_follows_the_submodule_and_its_pin(company: Repo) -> None:
    client = start(company.path)
    assert "437" not in client.get(RESULT).text
    text = STEPS[4].files["okrs/g.yaml"].replace("13: 120", "13: 120, 2026-05-11: 437")
    team_commit(company, Step("2026-05-12", TOM, "team-a", "Check in", {"okrs/g.yaml": text}))
    assert "437" in client.get(RESULT).text
    pin(company, "2026-05-12")
    assert "Tom" in client.get(f"{RESULT}?history=1").text


def test_a_missing_submodule_is_told_on_the_page(company: Repo, tmp_path: Path) -> None:
    answer = start(clone_company(company, tmp_path / "clone", submodules=False).path).get("/")
    assert answer.status >= 400 and "git -C" in answer.text and "submodule update --init team-a" in answer.text
