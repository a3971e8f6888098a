"""`okrctl log` against real repositories: readings, targets, wording, who and when, wherever the thing stood."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.repositories import LEA, TOM, Repo, isolate
from tests.running import run

PATH = "okrs/2026-Q2/growth.yaml"
TEXT = """\
period: 2026-Q2
team: growth
objectives:
  - id: trial
    title: Strangers find their way in
    owner: lea
    key_results:
      - id: signups
        title: Demo accounts opened
        to: 100
        readings: {2026-04-13: 10}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch)
    return Repo(tmp_path / "repo")


def log(repo: Repo, *words: str, today: str = "2026-06-20") -> Any:
    result = run("log", *words, "--format", "json", cwd=repo.path, today=today)
    assert result.status == 0, result.err
    return result.json


def told(found: Any) -> list[tuple[str, str, str | None, Any, Any]]:
    return [(one["date"], one["author"], one["field"], one["old"], one["new"]) for one in found["entries"]]


def test_values_targets_wording_who_and_when(repo: Repo) -> None:
    first = repo.commit("Begin", day="2026-04-13", files={PATH: TEXT})
    second = TEXT.replace("10}", "10, 2026-05-11: 60}")
    repo.commit("Check in", day="2026-05-11", author=TOM, files={PATH: second})
    third = second.replace("to: 100", "to: 80").replace("Demo accounts", "Trial accounts")
    repo.commit("Be modest", day="2026-05-20", author=LEA, files={PATH: third})
    found = log(repo, "signups")
    assert told(found) == [
        ("2026-05-20", "Lea", "title", "Demo accounts opened", "Trial accounts opened"),
        ("2026-05-20", "Lea", "to", 100, 80),
        ("2026-05-11", "Tom", "readings.2026-05-11", None, 60),
        ("2026-04-13", "Lea", None, None, "Demo accounts opened"),
    ]
    assert found["ref"] == "2026-Q2/growth/trial.signups"
    assert (found["entries"][-1]["commit"], found["entries"][-1]["subject"]) == (first, "Begin")
    assert [one["score"] for one in found["known"]] == [Decimal("0.1"), Decimal("0.6"), Decimal("0.75")]
    shown = run("log", "signups", cwd=repo.path, today="2026-06-20").out
    assert "to: 100 -> 80 (easier)" in shown and "2026-05-20  Lea" in shown and "0.75" in shown


def test_across_renames_moves_and_a_split(repo: Repo) -> None:
    other = "  - {id: price, title: Prices are plain, owner: tom, key_results: [{id: a, title: A, to: 5}]}\n"
    repo.commit(day="2026-04-13", files={"okrs/all.yaml": TEXT + other})
    repo.commit(day="2026-04-14", files={"okrs/all.yaml": TEXT.replace("to: 100", "to: 110") + other})
    repo.move("okrs/all.yaml", "okrs/every.yaml")
    repo.commit(day="2026-04-15")
    head = "period: 2026-Q2\nteam: growth\nobjectives:\n"
    split = TEXT.replace("to: 100", "to: 110")
    repo.commit(day="2026-04-16", files={"okrs/every.yaml": head + other, PATH: split})
    renamed = split.replace("id: signups", "id: accounts\n        formerly: signups")
    repo.commit(day="2026-04-17", files={PATH: renamed.replace("id: trial", "id: way-in\n    formerly: trial")})
    later = renamed.replace("        formerly: signups\n", "").replace("id: trial", "id: way-in")
    repo.commit(day="2026-04-18", files={PATH: later.replace("to: 110", "to: 90")})
    assert [(one[0], *one[2:]) for one in told(log(repo, "accounts"))] == [
        ("2026-04-18", "to", 110, 90),
        ("2026-04-17", "id", "signups", "accounts"),
        ("2026-04-14", "to", 100, 110),
        ("2026-04-13", None, None, "Demo accounts opened"),
    ]
    assert [one["date"] for one in log(repo, "price")["entries"]] == ["2026-04-13"]


def test_an_objective_says_what_joined_and_left(repo: Repo) -> None:
    repo.commit(day="2026-04-13", files={PATH: TEXT})
    repo.commit(day="2026-04-14", files={PATH: TEXT + "      - {id: calls, title: Calls, to: 5}\n"})
    repo.commit(day="2026-04-15", files={PATH: TEXT.replace("owner: lea", "owner: tom")})
    found = log(repo, "trial")
    assert [(one["ref"], one["field"], one["old"], one["new"]) for one in found["entries"]] == [
        ("2026-Q2/growth/trial", "owner", "lea", "tom"),
        ("2026-Q2/growth/trial.calls", None, "Calls", None),
        ("2026-Q2/growth/trial.calls", None, None, "Calls"),
        ("2026-Q2/growth/trial", None, None, "Strangers find their way in"),
    ]
    assert [one["score"] for one in found["known"]] == [Decimal("0.1"), Decimal("0.05"), Decimal("0.1")]


def test_a_kpi_its_formula_and_readings_kept_as_csv(repo: Repo) -> None:
    kpis = (
        "kpis:\n  - {id: mood, title: Mood, owner: lea, better: higher, readings: mood.csv}\n"
        "  - {id: twice, title: Twice, owner: lea, better: higher, formula: mood * 2}\n"
    )
    repo.commit(day="2026-04-13", files={"kpis/a.yaml": kpis, "kpis/mood.csv": "date,value\n2026-04-12,4\n"})
    repo.commit(day="2026-04-20", files={"kpis/mood.csv": "date,value\n2026-04-12,4\n2026-04-19,6\n"})
    repo.commit(day="2026-04-21", files={"kpis/a.yaml": kpis.replace("* 2", "* 3")})
    found = log(repo, "mood")
    assert [one[2:] for one in told(found)] == [("readings.2026-04-19", None, 6), (None, None, "Mood")]
    assert [one["score"] for one in found["known"]] == [4, 6, 6]
    found = log(repo, "twice")
    assert [one[2:] for one in told(found)] == [("formula", "mood * 2", "mood * 3"), (None, None, "Twice")]
    assert [one["score"] for one in found["known"]] == [8, 18]


def test_a_key_result_of_a_kpi_is_scored_with_what_the_kpi_said_then(repo: Repo) -> None:
    kpis = "kpis:\n  - {id: mood, title: Mood, owner: lea, better: higher, readings: {2026-03-30: 0, 2026-04-12: 4}}\n"
    text = TEXT.replace("readings: {2026-04-13: 10}", "kpi: mood")
    repo.commit(day="2026-04-13", files={"kpis/a.yaml": kpis, PATH: text})
    files: dict[str, str | bytes] = {
        "kpis/a.yaml": kpis.replace("4}", "4, 2026-05-01: 50}"),
        PATH: text.replace("100", "80"),
    }
    repo.commit(day="2026-05-02", files=files)
    assert [one["score"] for one in log(repo, "signups")["known"]] == [Decimal("0.04"), Decimal("0.625")]


def test_merges_gaps_and_broken_versions_are_survived(repo: Repo) -> None:
    repo.commit(day="2026-04-13", files={PATH: TEXT})
    repo.branch("idea")
    repo.commit(day="2026-04-14", files={PATH: TEXT.replace("100", "90")})
    repo.switch("main")
    repo.merge("idea", day="2026-04-16")
    repo.commit(day="2026-04-17", files={PATH: "objectives: [signups"})
    repo.commit(day="2026-04-18", files={PATH: TEXT.replace("100", "70")})
    found = log(repo, "signups")
    assert [one[2:] for one in told(found)] == [("to", 90, 70), ("to", 100, 90), (None, None, "Demo accounts opened")]
    assert [one["score"] for one in log(repo, "signups", "--known-at", "2026-04-16")["known"]][-1] == Decimal(
        "0.111111"
    )


def test_what_is_in_no_commit_or_nowhere_is_one_error(repo: Repo) -> None:
    repo.commit(day="2026-04-13", files={"notes.md": "x"})
    repo.write(PATH, TEXT)
    for words, said in (
        ("signups", "is not committed yet"),
        ("nothing", "no objective, key result or KPI is called 'nothing'"),
        ("--all", "option"),
    ):
        result = run("log", "--", words, cwd=repo.path, today="2026-06-20")
        assert result.status == 2 and result.err.startswith("error: ")
        assert said in result.err or words == "--all"


def test_what_went_and_came_again_keeps_its_life(repo: Repo) -> None:
    repo.commit(day="2026-04-13", files={PATH: TEXT})
    repo.commit(day="2026-04-14", files={PATH: TEXT.replace("signups", "others")})
    repo.commit(day="2026-04-15", files={PATH: TEXT})
    assert [one[2:] for one in told(log(repo, "signups"))] == [
        ("id", "others", "signups"),
        ("id", "signups", "others"),
        (None, None, "Demo accounts opened"),
    ]


def test_what_went_and_came_again_as_something_else_is_another(repo: Repo) -> None:
    other = TEXT.replace("signups", "others").replace("Demo accounts opened", "Trials asked for")
    for day, text in (("2026-04-13", TEXT), ("2026-04-14", other), ("2026-04-15", TEXT)):
        repo.commit(day=day, files={PATH: text})
    assert [one[2:] for one in told(log(repo, "signups"))] == [
        (None, None, "Demo accounts opened"),
        (None, "Demo accounts opened", None),
        (None, None, "Demo accounts opened"),
    ]


def test_what_the_first_commit_holds_did_not_join_later(repo: Repo) -> None:
    repo.commit(day="2026-04-13", files={PATH: TEXT})
    shown = run("log", "signups", cwd=repo.path).out
    assert "  added" in shown and "later" not in shown


def test_what_a_commit_brings_is_added_and_not_later(repo: Repo) -> None:
    """Whatever was there from the first commit on was not added later; the day says when the rest was."""
    repo.commit("Begin", day="2026-04-13", files={PATH: TEXT})
    more = "      - {id: calls, title: Calls, to: 5}\n"
    repo.commit("More", day="2026-05-20", files={PATH: TEXT + more})
    for reference in ("signups", "trial", "calls"):
        result = run("log", reference, cwd=repo.path, today="2026-06-20")
        assert "added" in result.out and "later" not in result.out
    assert "calls: added" in run("log", "trial", cwd=repo.path, today="2026-06-20").out
