"""What Tab offers where people type most, in any workspace."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from okrctl.cli import completion
from tests.repositories import Repo, isolate
from tests.running import write

TODAY = "2026-05-15"
OLD = """\
period: 2026-Q1
team: growth
objectives:
  - {id: onboarding, title: A, key_results: [{id: signups, title: B, to: 90}, {id: calls, title: C, to: 5}]}
"""
NEW = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: A
    owner: Lea Berg
    key_results:
      - {id: signups, title: B, from: 0, to: 100}
      - {id: share, title: C, from: 10%, to: 30%}
      - {id: income, title: D, from: $1, to: $9}
      - {id: guide, title: D, done: false}
      - {id: steps, title: E, milestones: [{id: first, title: F}, {id: second, title: G}]}
      - {id: arrivals, title: H, source: {csv: a.csv}}
      - {id: margin, title: I, kpi: margin}
"""
KPIS = """\
kpis:
  - {id: visits, title: V, readings: {2026-04-01: 1}}
  - {id: orders, title: O, source: {csv: a.csv}}
  - {id: margin, title: M, formula: visits * orders}
"""
EVIL = "x$(touch pwned)"
BROKEN = "period: 2026-Q2\nobjectives: [\n"
FILES = {
    "okrctl.yaml": "organisation: Acme\npeople: {lea: {name: Lea}}\n",
    "okrs/2026-Q1/growth.yaml": OLD, "okrs/2026-Q2/growth.yaml": NEW, "okrs/2026-Q2/broken.yaml": BROKEN,
    "okrs/2026-Q2/evil.yaml": f"period: 2026-Q2\nteam: evil\nobjectives: [{{id: '{EVIL}', title: E}}]\n",
    "kpis/company.yaml": KPIS, "scorecards/2026-Q1.json": "{}",
}  # fmt: skip


def build_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a repository, with a file that is broken and one that means harm; the folder of the run."""
    isolate(monkeypatch)
    repo = Repo(folder)
    write(repo.path, FILES)
    repo.commit(day="2026-04-10", files={"README.md": "a\n"})
    repo.branch("release")
    repo.git("branch", "evil$(touch${IFS}pwned)")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("OKRCTL_TODAY", TODAY)
    return repo.path


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace of these tests."""
    return build_workspace(tmp_path / "goals", monkeypatch)


def checkin(incomplete: str, *given: str) -> list[str]:
    context: Any = SimpleNamespace(params={"words": list(given)})
    return completion.complete_checkin(context, incomplete)


CASES: list[tuple[Callable[[str], list[str]], str, list[str]]] = [
    (completion.complete_periods, "", ["2026-Q2", "2026-Q1", "this", "last", "next"]),
    (completion.complete_sealed_periods, "", ["2026-Q1"]),
    (completion.complete_teams, "", ["company", "evil", "growth"]),
    (completion.complete_owners, "", ["Lea Berg", "lea"]),
    (completion.complete_references_and_kpis, "sig", ["signups"]),
    (completion.complete_references_and_kpis, "2026-Q1/growth/onboarding.s", ["2026-Q1/growth/onboarding.signups"]),
    (completion.complete_open_references, "2026-Q1/", []),
    (completion.complete_open_references, "o", ["onboarding"]),
    (completion.complete_objectives, "", ["2026-Q1/growth/onboarding", "onboarding"]),
    (completion.complete_sources, "", ["arrivals", "orders"]),
    (completion.complete_periods_and_kpis, "m", ["margin"]),
    (completion.complete_what_if, "s", ["share=30%", "signups=100", "steps="]),
    (completion.complete_what_if, "growth/onboarding.guide=", ["growth/onboarding.guide=done"]),
    (completion.complete_what_if, "income", ["income="]),
    (completion.complete_outcomes, "onb", ["onboarding=missed", "onboarding=reached", "onboarding=unclear"]),
    (completion.complete_outcomes, "growth/onboarding=r", ["growth/onboarding=reached"]),
    (completion.complete_revisions, "", ["HEAD", "main", "release"]),
    (completion.complete_revision_ranges, "main..r", ["main..release"]),
    (completion.complete_statuses, "at-risk,no-", ["at-risk,no-data"]),
    (completion.complete_kpi_statuses, "al", ["alarm"]),
    (completion.complete_rule_selection, "OKR7,goal-r", ["OKR7,goal-removed"]),
    (completion.complete_rule_selection, "OKR1", ["OKR1", *(f"OKR1{number:02}" for number in range(1, 14))]),
]


@pytest.mark.parametrize(
    ("complete", "incomplete", "expected"), CASES, ids=lambda value: getattr(value, "__name__", None)
)
def test_candidates(
    workspace: Path, complete: Callable[[str], list[str]], incomplete: str, expected: list[str]
) -> None:
    found = complete(incomplete)
    assert (found[: len(expected)] if "OKR1" in expected else found) == expected


def test_a_checkin_offers_what_takes_readings_in_open_periods(workspace: Path) -> None:
    assert checkin("") == ["arrivals", "guide", "income", "share", "signups", "steps", "orders", "visits"]
    assert checkin("ca") == []  # only the closed period has it
    assert checkin("gui", "signups=5") == ["guide"]


def test_a_checkin_offers_the_words_that_are_values(workspace: Path) -> None:
    assert checkin("", "guide") == ["done", "open"]
    assert checkin("steps=s") == ["steps=second"]
    assert checkin("", "steps") == ["first", "second"]
    assert checkin("", "signups") == checkin("", "guide", "done") == []


@pytest.mark.parametrize("complete", [case[0] for case in CASES])
def test_nothing_that_a_shell_may_run_is_offered(workspace: Path, complete: Callable[[str], list[str]]) -> None:
    assert [word for word in complete("") if re.search(r"[^\w./=@%+, -]", word)] == []


@pytest.mark.parametrize("complete", [case[0] for case in CASES])
def test_there_is_no_error_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complete: Callable[[str], list[str]]
) -> None:
    isolate(monkeypatch)
    monkeypatch.chdir(tmp_path)
    assert isinstance(complete(""), list)


@pytest.mark.parametrize(
    "settings", ["people: [1, {}]\ninclude: 5\nfiscal_year: []\n", "a: [", "", b"\xff\xfe\x00", "teams: {1: a}\n"]
)
def test_broken_settings_are_no_error(workspace: Path, settings: str | bytes) -> None:
    write(workspace, {"okrctl.yaml": settings})
    for complete, _, _ in CASES:
        assert isinstance(complete(""), list)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
def test_settings_that_are_a_pipe_are_not_waited_for(workspace: Path) -> None:
    (workspace / "okrctl.yaml").unlink()
    os.mkfifo(workspace / "okrctl.yaml")
    assert "signups" in completion.complete_references_and_kpis("")


def test_only_so_much_is_read_the_newest_first(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MAX_BYTES", len(NEW) + len(BROKEN) + len(FILES["okrs/2026-Q2/evil.yaml"]))
    assert completion.complete_references_and_kpis("sig") == ["signups"]
    assert completion.complete_references_and_kpis("2026-Q1/") == []


@pytest.mark.parametrize(
    ("words", "place", "joined", "current"),
    [
        (["okrctl", "close", "--outcome", "a", "=", "r"], 5, ["okrctl", "close", "--outcome", "a=r"], "a=r"),
        (["okrctl", "close", "--outcome", "a", "="], 4, ["okrctl", "close", "--outcome", "a="], "a="),
        (["okrctl", "checkin", "a", "=", "5", "b"], 5, ["okrctl", "checkin", "a=5", "b"], "b"),
        (["okrctl", "checkin", "a", "=", "5", ""], 5, ["okrctl", "checkin", "a=5", ""], ""),
        (["okrctl", "check", "--format", "=", "js", "x"], 4, ["okrctl", "check", "--format=js", "x"], "--format=js"),
        (["okrctl", "sc"], 1, ["okrctl", "sc"], "sc"),
    ],
)
def test_words_that_bash_breaks_are_joined(words: list[str], place: int, joined: list[str], current: str) -> None:
    found = completion.join_words({"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(place)})
    assert found["COMP_WORDS"].split("\n") == joined
    assert completion.current_word(found) == current


def test_bash_gets_what_stands_behind_the_sign() -> None:
    assert [*completion.adapt_to_bash(["a=reached"], "a=r")] == ["reached"]
    assert [*completion.adapt_to_bash(["json"], "--format=js")] == ["json"]
    assert [*completion.adapt_to_bash(["Lea Berg"], "L")] == [r"Lea\ Berg"]
