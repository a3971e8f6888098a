"""What was agreed: found in the history, scored with today's readings, and told where it differs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrctl import git
from okrctl.history import baseline
from okrctl.schema.settings import Config
from okrctl.values import period
from tests.repositories import Repo, isolate
from tests.running import Result, run, write

PATH = "okrs/2026-Q2/growth.yaml"
HEAD = "period: 2026-Q2\nteam: growth\nobjectives:\n"
OBJECTIVE = "  - id: trial\n    title: Strangers find their way in\n    owner: lea\n    key_results:\n"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def file(*key_results: str, more: str = "") -> dict[str, str | bytes]:
    lines = "".join(f"      - {{{one}}}\n" for one in key_results)
    return {PATH: HEAD + OBJECTIVE + lines + more}


def score(repo: Repo, *words: str, today: str = "2026-06-30") -> Result:
    result = run("score", "2026-Q2", *words, cwd=repo.path, today=today)
    assert result.status == 0, result.err
    return result


def card(repo: Repo, *words: str, today: str = "2026-06-30") -> Any:
    return score(repo, *words, "--format", "json", today=today).json


SIGNUPS = "id: signups, title: Demo accounts opened, to: 100"
CALLS = "id: calls, title: Calls answered, to: 50"
TALKS = "id: talks, title: Talks given, to: 4"


def test_a_target_relaxed_in_week_six_shows_both_figures_and_the_reason(repo: Repo) -> None:
    agreed = repo.commit(day="2026-04-14", files=file(f"{SIGNUPS}, readings: {{2026-04-13: 5}}"))
    repo.commit(
        day="2026-05-11", files=file(f"{SIGNUPS.replace('100', '80')}, readings: {{2026-04-13: 5, 2026-05-11: 60}}")
    )
    found = card(repo)
    assert found["score"] == Decimal("0.75")
    assert found["agreed"] == {
        "commit": agreed,
        "score": Decimal("0.6"),
        "differences": [
            {"ref": "2026-Q2/growth/trial.signups", "field": "to", "agreed": 100, "now": 80, "effect": "relaxed"}
        ],
    }
    line = f"2026-Q2 scores 0.75 now, 0.60 against the version agreed on 2026-04-14 ({agreed[:10]}): "
    assert line + "growth/trial.signups to: 100 -> 80 (easier)" in score(repo).out
    assert card(repo, "--agreed")["score"] == Decimal("0.6")
    assert "against the version agreed on" in score(repo, "--format", "markdown").out


def test_nothing_is_said_where_nothing_differs(repo: Repo) -> None:
    repo.commit(day="2026-04-14", files=file(f"{SIGNUPS}, readings: {{2026-04-13: 5}}"))
    repo.commit(
        day="2026-05-14",
        files=file("title: Demo accounts opened, id: signups, to: '100', readings: {2026-04-13: 50}"),
    )
    found = card(repo)
    assert found["score"] == found["agreed"]["score"] == Decimal("0.5")
    assert found["agreed"]["differences"] == []
    assert "agreed on" not in score(repo).out


def test_dropped_in_week_ten_and_born_in_week_nine(repo: Repo) -> None:
    """By what was agreed: signups 60/100, calls with its last value 20/50, no talks: (0.6 + 0.4) / 2 = 0.5."""
    first = f"{SIGNUPS}, readings: {{2026-04-13: 5}}"
    agreed = repo.commit(day="2026-04-14", files=file(first, f"{CALLS}, readings: {{2026-04-13: 5}}"))
    repo.commit(day="2026-05-25", files=file(first, f"{CALLS}, readings: {{2026-04-13: 5, 2026-05-25: 20}}"))
    talks = f"{TALKS}, added: 2026-05-28, readings: {{2026-06-08: 4}}"
    repo.commit(day="2026-05-28", files=file(first, f"{CALLS}, readings: {{2026-04-13: 5, 2026-05-25: 20}}", talks))
    repo.commit(day="2026-06-04", files=file(first, talks))
    repo.commit(day="2026-06-08", files=file(f"{SIGNUPS}, readings: {{2026-04-13: 5, 2026-06-08: 60}}", talks))
    found = card(repo)
    assert found["score"] == Decimal("0.8")  # (0.6 + 1) / 2
    assert found["agreed"]["commit"] == agreed
    assert found["agreed"]["score"] == Decimal("0.5")
    said = score(repo).out
    assert "growth/trial.calls removed (easier)" in said and "growth/trial.talks added (harder)" in said
    held = card(repo, "--agreed")["teams"][0]["objectives"][0]["key_results"]
    assert [(one["id"], one["value"]) for one in held] == [("signups", 60), ("calls", 20)]


def test_dropped_in_the_work_tree_or_from_another_file(repo: Repo) -> None:
    moved = {"okrs/new.yaml": file(f"{CALLS}, readings: {{2026-04-13: 5, 2026-05-25: 20}}")[PATH]}
    repo.commit(day="2026-04-14", files=file(f"{CALLS}, readings: {{2026-04-13: 5}}"))
    repo.remove(PATH)
    repo.commit(day="2026-05-25", files=moved)
    repo.write("okrs/new.yaml", str(file(f"{TALKS}, readings: {{2026-06-08: 4}}")[PATH]))
    found = card(repo)
    assert (found["score"], found["agreed"]["score"]) == (1, Decimal("0.4"))
    repo.commit(day="2026-06-20")
    assert card(repo)["agreed"]["score"] == Decimal("0.4")


def test_other_measures_states_and_guards_count_as_they_were_agreed(repo: Repo) -> None:
    steps = "id: steps, title: Steps, milestones: [{title: Draft, done: false}, {title: Book, done: false}]"
    repo.commit(day="2026-04-14", files=file(SIGNUPS, steps, CALLS))
    later = file(
        f"{SIGNUPS}, state: deprioritized, since: 2026-05-01, reason: x, readings: {{2026-04-13: 20}}",
        "id: steps, title: Steps, milestones: [{title: Draft, done: 2026-05-02}]",
        "id: calls, title: Calls answered, at_least: 10, guards: all, readings: {2026-05-01: 10}",
    )
    repo.commit(day="2026-05-11", files=later)
    found = card(repo)
    assert found["score"] == 1
    # 20/100 signups, one of two steps, no reading for 50 calls
    assert found["agreed"]["score"] == Decimal("0.233333")
    effects = {(one["ref"][-5:], one["field"]): one["effect"] for one in found["agreed"]["differences"]}
    assert effects == {
        ("gnups", "state"): "relaxed",
        ("steps", "milestones.Book"): "relaxed",
        ("calls", "measure"): "neutral",
        ("calls", "guards"): "relaxed",
    }


def test_the_newest_commit_of_the_first_weeks_counts_and_settings_are_todays(repo: Repo) -> None:
    repo.commit(day="2026-04-02", files=file(SIGNUPS))
    repo.commit(day="2026-04-15", files=file(f"{SIGNUPS.replace('100', '90')}, readings: {{2026-04-10: 45}}"))
    last = repo.commit(day="2026-04-20", files=file(f"{SIGNUPS.replace('100', '60')}, readings: {{2026-04-10: 45}}"))
    assert card(repo)["agreed"]["score"] == Decimal("0.5")
    repo.write("okrctl.yaml", "scoring: {agree_days: 30}\n")
    assert card(repo)["agreed"]["commit"] == last


def test_a_period_that_came_late_is_agreed_where_it_came(repo: Repo) -> None:
    repo.commit(day="2026-03-01", files={"notes.md": "nothing"})
    repo.commit(day="2026-04-10", files={"notes.md": "2026-Q2"})
    came = repo.commit(day="2026-05-04", files=file(SIGNUPS))
    repo.commit(day="2026-06-04", files=file(SIGNUPS.replace("100", "50")))
    assert card(repo)["agreed"]["commit"] == came


def test_a_period_that_went_and_came_again_is_agreed_where_it_last_was(repo: Repo) -> None:
    repo.commit(day="2026-04-01", files=file(SIGNUPS))
    held = repo.commit(day="2026-04-05", files=file(SIGNUPS.replace("100", "90")))
    repo.remove(PATH)
    repo.commit(day="2026-04-06")
    repo.commit(day="2026-04-20", files=file(SIGNUPS))
    assert card(repo)["agreed"]["commit"] == held


def test_side_branches_agree_nothing_until_they_are_merged(repo: Repo) -> None:
    first = repo.commit(day="2026-04-02", files=file(SIGNUPS))
    repo.branch("idea")
    repo.commit(day="2026-04-10", files=file(SIGNUPS.replace("100", "10")))
    repo.switch("main")
    repo.merge("idea", day="2026-05-20")
    assert card(repo)["agreed"]["commit"] == first


def test_without_git_a_line_says_why(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "", **file(SIGNUPS)})
    result = run("score", "2026-Q2", cwd=tmp_path, today="2026-06-30")
    assert "2026-Q2: no score against the agreed version: the workspace is not in a git" in result.out
    assert run("score", "2026-Q2", "--format", "json", cwd=tmp_path, today="2026-06-30").json["agreed"] is None
    refused = run("score", "2026-Q2", "--agreed", cwd=tmp_path, today="2026-06-30")
    assert refused.status == 2 and "hint: " in refused.err


def test_before_the_first_commit_and_in_a_shallow_clone_a_line_says_why(repo: Repo, tmp_path: Path) -> None:
    repo.write(PATH, str(file(SIGNUPS)[PATH]))
    assert "no commit has 2026-Q2 yet" in score(repo).out
    repo.commit(day="2026-04-02")
    repo.commit(day="2026-06-02", files=file(SIGNUPS.replace("100", "50")))
    shallow = repo.clone(tmp_path / "shallow", depth=1)
    assert (
        "the commit with the agreed version of 2026-Q2 is missing" in score(shallow).out
        and "fetch --unshallow" in score(shallow).out
    )


def test_kpis_and_renamed_things_are_followed(repo: Repo) -> None:
    kpis = "kpis:\n  - {id: mood, title: Mood, owner: lea, better: higher, readings: {2026-03-30: 2}}\n"
    repo.commit(day="2026-04-02", files={**file("id: happy, title: Happy, kpi: mood, to: 10"), "kpis/all.yaml": kpis})
    kpis = kpis.replace("id: mood", "id: joy, formerly: mood").replace("2}", "2, 2026-05-30: 6}")
    late = file("id: joyful, formerly: happy, title: Happy, kpi: joy, to: 8")
    text = str(late[PATH]).replace("id: trial", "id: way-in\n    formerly: trial")
    repo.commit(day="2026-05-30", files={PATH: text, "kpis/all.yaml": kpis})
    found = card(repo)
    assert found["agreed"]["score"] == Decimal("0.5")
    assert ("2026-Q2/growth/way-in.joyful", "to", "relaxed") in [
        (one["ref"], one["field"], one["effect"]) for one in found["agreed"]["differences"]
    ]


RETURNS = "id: returns, title: Parcels that come back, from: 100, to: 0"
LETTERS = "id: letters, title: Letters, to: 10"


def team_file(team: str, *key_results: str, title: str = "The customers trust us") -> dict[str, str | bytes]:
    lines = "".join(f"      - {{{key_result}}}\n" for key_result in key_results)
    objective = f"  - id: o\n    title: {title}\n    owner: lea\n    key_results:\n{lines}"
    return {f"okrs/{team}.yaml": f"period: 2026-Q2\nteam: {team}\nobjectives:\n{objective}"}


def agreed_values(repo: Repo) -> dict[str, tuple[Any, Any]]:
    teams = card(repo, "--agreed", "--as-of", "2026-05-15")["teams"]
    objectives = [(team["team"], objective) for team in teams for objective in team["objectives"]]
    return {
        f"{team}.{result['id']}": (result["value"], result["score"])
        for team, objective in objectives
        for result in objective["key_results"]
    }


def test_a_dropped_key_result_never_takes_the_readings_of_a_namesake_in_another_team(repo: Repo) -> None:
    """Beta's 20 of 100 returns are 0.8 for it, and alpha's 95 are 0.05: (0.05 + 0.8) / 2 = 0.425."""
    old = team_file("alpha", f"{RETURNS}, readings: {{2026-04-10: 90}}")
    repo.commit(day="2026-04-12", files=old | team_file("beta", f"{RETURNS}, readings: {{2026-04-10: 20}}"))
    repo.commit(day="2026-04-20", files=team_file("beta", f"{LETTERS}, readings: {{2026-04-20: 5}}"))
    repo.commit(day="2026-05-11", files=team_file("alpha", f"{RETURNS}, readings: {{2026-05-10: 95}}"))
    assert agreed_values(repo) == {
        "alpha.returns": (95, Decimal("0.05")),
        "beta.returns": (20, Decimal("0.8")),
    }
    assert card(repo, "--agreed", "--as-of", "2026-05-15")["score"] == Decimal("0.425")


@pytest.mark.parametrize("readings", ["", ", readings: {2026-04-10: 30}"])
def test_nor_those_of_a_namesake_that_joined_later(repo: Repo, readings: str) -> None:
    """Beta's last value is 20; alpha writes 90 and 95 for a key result of its own with the same words."""
    repo.commit(
        day="2026-04-12", files=team_file("alpha", LETTERS) | team_file("beta", LETTERS, f"{RETURNS}{readings}")
    )
    repo.commit(day="2026-04-20", files=team_file("beta", LETTERS, f"{RETURNS}, readings: {{2026-04-18: 20}}"))
    repo.commit(day="2026-04-22", files=team_file("beta", LETTERS))
    repo.commit(day="2026-05-01", files=team_file("alpha", LETTERS, f"{RETURNS}, readings: {{2026-05-01: 90}}"))
    repo.commit(day="2026-05-11", files=team_file("alpha", LETTERS, f"{RETURNS}, readings: {{2026-05-10: 95}}"))
    assert agreed_values(repo)["beta.returns"] == (20, Decimal("0.8"))
    assert "alpha.returns" not in agreed_values(repo)


def test_a_renamed_key_result_that_is_dropped_keeps_its_last_value(repo: Repo) -> None:
    renamed = RETURNS.replace("id: returns", "id: parcels, formerly: returns")
    repo.commit(day="2026-04-12", files=team_file("beta", LETTERS, f"{RETURNS}, readings: {{2026-04-10: 60}}"))
    repo.commit(day="2026-04-20", files=team_file("beta", LETTERS, f"{renamed}, readings: {{2026-04-18: 20}}"))
    repo.commit(day="2026-05-01", files=team_file("beta", LETTERS))
    assert agreed_values(repo)["beta.returns"] == (20, Decimal("0.8"))


def test_an_objective_that_moves_to_another_team_takes_its_readings_along(repo: Repo) -> None:
    repo.commit(day="2026-04-12", files=team_file("beta", RETURNS))
    repo.remove("okrs/beta.yaml")
    repo.commit(day="2026-05-01", files=team_file("alpha", f"{RETURNS}, readings: {{2026-05-01: 30}}"))
    assert agreed_values(repo) == {"beta.returns": (30, Decimal("0.7"))}


def test_the_first_commit_of_a_period_is_found_by_few_files(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {f"okrs/2026-Q1/team-{number}.yaml": HEAD.replace("Q2", "Q1") + "\n" for number in range(20)}
    first = repo.commit(day="2026-06-01", files={**others, **file(SIGNUPS)})
    repo.commit(day="2026-06-02", files=file(SIGNUPS.replace("100", "90")))
    found, read = git.find_repository(repo.path), list[str]()
    assert found
    stream = found._stream_blobs
    monkeypatch.setattr(found, "_stream_blobs", lambda ids: read.extend(ids) or stream(ids))
    commits, wanted = found.first_parent_commits(), period.parse("2026-Q2")
    commit = baseline.find_first_commit_with(found, commits, [], wanted, Config())
    assert commit is not None and commit.id == first and len(read) == 1
