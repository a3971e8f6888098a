"""Nothing moves unseen: goals that became easier without a record, and closed periods that no longer are as sealed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from okrctl import git
from okrctl.check import goal_history
from okrctl.check.finding import Context
from okrctl.operations import check as check_operation
from okrctl.schema.settings import Config
from okrctl.workspace import disk
from tests.cli.test_checkin_prompt import Terminal
from tests.repositories import Repo, isolate
from tests.running import Result, run

PATH = "okrs/growth.yaml"
GOALS = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: New customers start on their own
    owner: lea
    key_results:
      - id: signups
        title: Signups of new customers
        from: 100
        to: 900
        readings: {2026-04-13: 120}
      - id: calls
        title: Calls about the first steps
        from: 90
        to: 40
        readings:
          2026-04-13: 85
"""
EASIER = GOALS.replace("to: 900", "to: 500")
RECORDED = EASIER.replace(
    "to: 500", "to: 500\n        amended: {date: 2026-05-11, by: lea, reason: Cut, was: {to: 900}}"
)
LATE = "2026-07-16"
REF = "2026-Q2/growth/onboarding.signups"


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "repo")
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit(day="2026-04-05", files={PATH: GOALS, "okrctl.yaml": "organisation: Acme\n"})
    repo.commit("A check-in", day="2026-05-12", files={PATH: GOALS.replace("85\n", "85\n          2026-05-11: 80\n")})
    return repo


def okrctl(repo: Repo, *words: str, today: str = "2026-05-20") -> Result:
    return run(*words, cwd=repo.path, today=today)


def found(repo: Repo, *words: str, today: str = "2026-05-20") -> list[tuple[str, str, str]]:
    diagnostics = okrctl(repo, "check", "--format", "json", *words, today=today).json["diagnostics"]
    return [(one["code"], one["severity"], one["message"]) for one in diagnostics if one["code"].startswith("OKR6")]


MOVED = ("OKR601", "warning", "'to' was 900, is now 500: easier than agreed, without an amendment")


# --- check


def test_an_easier_target_is_a_warning_of_any_check(repo: Repo) -> None:
    assert found(repo) == []
    repo.write(PATH, EASIER)
    assert found(repo) == found(repo) == found(repo, "--no-cache") == [MOVED]
    repo.commit(day="2026-05-14")
    assert found(repo) == found(repo) == [MOVED]
    assert found(repo, "--base", "HEAD~1")[0] == ("OKR601", "error", MOVED[2])
    assert found(repo, "--base", "HEAD") == []
    assert okrctl(repo, "check").status == 0


def test_a_recorded_or_harder_one_is_none(repo: Repo) -> None:
    for text in (RECORDED, GOALS.replace("to: 900", "to: 1000"), GOALS.replace("Signups of", "Sign-ups of")):
        repo.write(PATH, text)
        assert found(repo) == []


def test_days_are_those_of_the_last_commit(repo: Repo) -> None:
    """A day that passes turns nothing red: neither the end of the time to agree, nor that of the period."""
    repo.write(PATH, EASIER)
    assert found(repo, today="2026-12-01") == [MOVED]
    early = Repo(repo.path.parent / "early")
    early.commit(day="2026-04-05", files={PATH: GOALS})
    early.write(PATH, EASIER)
    assert found(early) == []
    repo.commit(day="2026-07-02")
    assert found(repo) == []


def test_goals_that_moved_or_have_another_id_are_followed(repo: Repo) -> None:
    new = EASIER.replace("id: signups", "id: joins\n        formerly: signups")
    repo.write(PATH, "period: 2026-Q2\nteam: growth\nobjectives: []\n")
    repo.write("okrs/elsewhere.yaml", new)
    assert found(repo) == [MOVED]


def test_an_id_that_changed_without_a_word_is_named(repo: Repo) -> None:
    repo.write(PATH, EASIER.replace("id: signups", "id: joins"))
    assert found(repo) == [("OKR610", "info", "the id was 'signups'"), MOVED]
    assert "add `formerly: signups`" in okrctl(repo, "check").out
    assert found(repo, "--base", "HEAD")[0] == ("OKR610", "info", "the id was 'signups'")


def test_rules_and_comments_apply(repo: Repo) -> None:
    repo.write(PATH, EASIER.replace("to: 500", "to: 500  # okrctl: ignore[goalpost-moved]"))
    assert found(repo) == []
    repo.write(PATH, EASIER)
    repo.write("okrctl.yaml", "rules: {goalpost-moved: ignore}\n")
    assert found(repo) == []


def test_a_text_from_standard_input_is_compared(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EASIER.encode())))
    assert found(repo, "--stdin-filename", PATH) == [MOVED]


# --- what is known is not worked out again


def test_nothing_is_compared_again_where_nothing_changed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write(PATH, EASIER)
    assert found(repo) == [MOVED]
    monkeypatch.setattr(check_operation._CheckRun, "_compare_with_history", None)
    assert found(repo) == [MOVED]


def test_a_check_in_parses_no_agreed_goals(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(repo) == []
    monkeypatch.setattr(goal_history.GoalHistoryCheck, "_compare_period", None)
    monkeypatch.setattr(goal_history._AgreedTexts, "_find_commit", None)
    repo.write(PATH, GOALS.replace("{2026-04-13: 120}", "{2026-04-13: 120, 2026-05-04: 200}"))
    assert found(repo) == []
    repo.write("okrs/other.yaml", GOALS.replace("team: growth", "team: other").replace("2026-Q2", "2026-Q4"))
    assert found(repo) == []


def test_only_the_kpis_that_a_goal_needs_are_parsed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    kpis = {"margin": "formula: sales - costs", "sales": "", "costs": "formula: rent * 2", "rent": "", "nps": ""}
    early = Repo(repo.path.parent / "early")
    for name, formula in kpis.items():
        values = formula or "readings: {2026-04-01: 10, 2026-05-01: 40}"
        early.write(f"kpis/{name}.yaml", f"kpis:\n  - {{id: {name}, title: {name}, better: higher, {values}}}\n")
    text = GOALS + "      - {id: money, title: Money, to: 93, kpi: margin}\n"
    early.commit(day="2026-04-05", files={PATH: text})
    early.commit(day="2026-05-12", files={"notes.txt": "x"})
    early.write(PATH, text.replace("to: 93", "to: 63"))
    read: list[str] = []
    real = goal_history.workspace.read_file

    def reading(source: Any, config: Any) -> Any:
        read.append(source.path)
        return real(source, config)

    monkeypatch.setattr(goal_history.workspace, "read_file", reading)
    context, known = Context(Config(), date(2026, 5, 20)), goal_history.KnownHistory()
    check = goal_history.GoalHistoryCheck(early.path, disk.read_settings(early.path), context, {}, known)
    found = check.run(git.find_repository(early.path), "").diagnostics
    assert [each.message for each in found] == ["'to' was 93, is now 63: easier than agreed, without an amendment"]
    assert {*read} == {PATH, "kpis/margin.yaml", "kpis/sales.yaml", "kpis/costs.yaml", "kpis/rent.yaml"}


def test_a_commit_is_seen(repo: Repo) -> None:
    repo.write(PATH, EASIER)
    assert found(repo) == [MOVED]
    repo.git("commit", "-qam", "late", **repo.moment("2026-07-02"))
    assert found(repo) == []


# --- without history


def test_a_shallow_clone_says_what_it_left_out(repo: Repo, tmp_path: Path) -> None:
    repo.commit(day="2026-05-14", files={PATH: EASIER})
    clone = repo.clone(tmp_path / "clone", depth=1)
    assert found(clone) == []
    result = okrctl(clone, "check")
    assert result.status == 0
    assert "not compared with the agreed version: that of 2026-Q2 is missing" in flat(result.out)
    assert "git fetch --unshallow" in flat(result.out)
    assert "not compared" not in okrctl(repo, "check").out


def flat(text: str) -> str:
    return " ".join(text.split())


def test_without_git_the_summary_says_so_where_goals_are_agreed(repo: Repo) -> None:
    (repo.path / ".git").rename(repo.path.parent / "away")
    assert "not compared with the agreed version: no git repository" in flat(okrctl(repo, "check").out)
    assert "not compared" not in okrctl(repo, "check", today="2026-04-10").out
    assert "not compared" not in okrctl(repo, "check", today=LATE).out


# --- status


def test_status_lists_it(repo: Repo) -> None:
    assert "moved" not in okrctl(repo, "status").out
    repo.write(PATH, EASIER)
    items = okrctl(repo, "status", "--format", "json").json["attention"]
    (moved,) = [item for item in items if item["status"] == "moved"]
    assert (moved["ref"], moved["why"], moved["next"]) == (REF, MOVED[2], "okrctl log signups")
    assert okrctl(repo, "status", "--fail-if", "moved").status == 1
    repo.write(PATH, RECORDED)
    assert okrctl(repo, "status", "--fail-if", "moved").status == 0


# --- close and verify


def close(repo: Repo, *words: str) -> Result:
    return okrctl(repo, "close", "2026-Q2", "--yes", *words, today=LATE)


def test_closing_asks_for_a_reason(repo: Repo) -> None:
    repo.write(PATH, EASIER)
    result = close(repo)
    assert result.status == 2
    assert f"{REF} {MOVED[2]}" in result.err and "--accept-unrecorded" in result.err
    assert not (repo.path / "scorecards").exists()
    repo.write(PATH, RECORDED)
    assert close(repo).status == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--reason", "The budget was cut"), "reason: The budget was cut"),
        (("--reason", "signups=The  budget"), "reason: The budget"),
        (("--reason", "all", "--reason", "signups=mine"), "reason: mine"),
        (("--reason", "a = b"), "reason: a = b"),
        (("--accept-unrecorded",), "no reason given"),
    ],
)
def test_the_seal_says_why(repo: Repo, words: tuple[str, ...], reason: str) -> None:
    repo.write(PATH, EASIER)
    assert close(repo, *words).status == 0
    line = f"{REF}: {MOVED[2]}; {reason}"
    seal = json.loads((repo.path / "scorecards/2026-Q2.json").read_text())
    assert f"OKR601 goalpost-moved: {line}" in seal["findings"]
    verified = okrctl(repo, "verify", "2026-Q2", "--format", "json", today=LATE)
    assert verified.status == 0 and verified.json["unrecorded"] == [line]
    assert f"{line}  (when it was closed)" in okrctl(repo, "verify", today=LATE).out


def test_a_reason_for_nothing_is_refused(repo: Repo) -> None:
    repo.write(PATH, EASIER.replace("to: 40", "to: 60"))
    result = close(repo, "--reason", "one", "--reason", "two")
    assert result.status == 2 and "'two' names no goal that became easier" in result.err
    result = close(repo, "--reason", "onboarding.calls=Fewer people")
    assert result.status == 2 and REF in result.err


def test_on_a_terminal_each_is_asked_about(repo: Repo) -> None:
    repo.write(PATH, EASIER)
    screen = Terminal(repo.path, "close", "2026-Q2", "--outcome", "onboarding=missed",
                      "--retrospective", "onboarding=x", today=LATE)  # fmt: skip
    screen.answer("Why?", "The budget was cut")
    screen.answer("go on?", "y")
    assert screen.end().status == 0
    seal = json.loads((repo.path / "scorecards/2026-Q2.json").read_text())
    assert any("reason: The budget was cut" in line for line in seal["findings"])


# --- closed periods


@pytest.fixture
def sealed(repo: Repo) -> Repo:
    repo.write(PATH, GOALS)
    kpis = "kpis: [{id: nps, title: NPS, better: higher, readings: {2026-04-13: 40, 2026-06-29: 44}}]\n"
    repo.write("kpis/all.yaml", kpis)
    on_kpi = "      - {id: liked, title: Customers like it, from: 30, to: 50, kpi: nps}\n"
    steps = "      - {id: steps, title: Steps, milestones: [{title: A, done: 2026-05-04}, {title: B, done: false}]}\n"
    repo.write(PATH, GOALS + on_kpi + steps)
    repo.commit(day="2026-07-15")
    assert close(repo, "--commit", "--accept-unrecorded").status == 0
    assert found(repo, today=LATE) == []
    return repo


def edit(repo: Repo, old: str, new: str, path: str = PATH) -> None:
    text = (repo.path / path).read_text()
    assert old in text
    repo.write(path, text.replace(old, new))


EDITS = {
    "a number": ("to: 900", "to: 800", "'to' changed from 900 to 800"),
    "a start": ("from: 90", "from: 80", "'from' changed from 90 to 80"),
    "a reading": ("2026-04-13: 85", "2026-04-13: 84", "readings changed: 2026-04-13 was 85, is now 84"),
    "a late reading of an earlier day": ("2026-04-13: 85", "2026-04-13: 85\n          2026-06-01: 70",
                                         "readings changed: 2026-06-01 was not set, is now 70"),
    "a weight": ("id: calls", "id: calls\n        weight: 2", "'weight' changed from 1 to 2"),
    "a state": ("id: calls", "id: calls\n        state: postponed\n        reason: r\n        since: 2026-05-01",
                "'state' changed from active to postponed"),
    "another goal": ("id: calls\n        title: Calls about", "id: phone\n        title: Visits about",
                     "2026-Q2/growth/onboarding.calls is gone"),
    "a milestone": ("title: B, done: false", "title: B, done: 2026-06-01", "`milestones` changed"),
    "a score by hand": ("id: calls", "id: calls\n        score: {value: 1, by: lea, reason: r, date: 2026-07-01}",
                        "'score' was added: 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_a_changed_goal_of_a_closed_period_is_an_error(sealed: Repo, name: str) -> None:
    old, new, message = EDITS[name]
    edit(sealed, old, new)
    first = found(sealed, today=LATE)
    assert ("OKR607", "error", f"2026-Q2 is closed, but {message}") in first
    assert found(sealed, today=LATE) == first
    result = okrctl(sealed, "check", today=LATE)
    assert result.status == 1 and "okrctl reopen 2026-Q2 --reason TEXT" in result.out
    edit(sealed, new, old)
    assert found(sealed, today=LATE) == []


def test_another_id_in_a_closed_period_is_the_same_goal_and_wants_a_record(sealed: Repo) -> None:
    edit(sealed, "id: calls", "id: phone")
    assert found(sealed, today=LATE) == [("OKR610", "info", "the id was 'calls' when 2026-Q2 was closed")]
    assert found(sealed, today=LATE) == [("OKR610", "info", "the id was 'calls' when 2026-Q2 was closed")]
    edit(sealed, "id: phone", "id: phone\n        formerly: calls")
    assert found(sealed, today=LATE) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("period: 2026-Q2", "# closed\nperiod: 2026-Q2", PATH),
        ("title: Calls about", "title: All calls about", PATH),
        ("owner: lea", "owner: tom", PATH),
        ("2026-04-13: 85", "2026-04-13: {value: 85, note: late}", PATH),
        ("2026-04-13: 85", "2026-04-13: 85\n          2026-07-20: 20", PATH),
        ("title: B, done: false", "title: B, done: 2026-07-20", PATH),
        ("2026-06-29: 44", "2026-06-29: 45", "kpis/all.yaml"),
    ],
)
def test_what_the_seal_does_not_hold_may_change(sealed: Repo, old: str, new: str, path: str) -> None:
    edit(sealed, old, new, path)
    assert found(sealed, today="2026-08-01") == []


def test_the_seal_is_compared_without_history_too(sealed: Repo, tmp_path: Path) -> None:
    clone = sealed.clone(tmp_path / "clone", depth=1)
    edit(clone, "to: 900", "to: 800")
    assert [code for code, *_ in found(clone, today=LATE)] == ["OKR607"]
    (clone.path / ".git").rename(tmp_path / "away")
    assert [code for code, *_ in found(clone, today=LATE)] == ["OKR607"]


def test_an_edited_seal_is_seen_although_no_goal_changed(sealed: Repo) -> None:
    path = sealed.path / "scorecards/2026-Q2.json"
    path.write_text(path.read_text().replace('"to": 900', '"to": 850'))
    assert found(sealed, today=LATE) == [("OKR607", "error", "2026-Q2 is closed, but 'to' changed from 850 to 900")]


@pytest.mark.parametrize("content", ["{}", "[", '{"version": 1, "period": {"id": "x"}}'])
def test_a_seal_that_does_not_hold_goals_is_left_out(sealed: Repo, content: str) -> None:
    (sealed.path / "scorecards/2026-Q2.json").write_text(content)
    edit(sealed, "to: 900", "to: 800")
    assert found(sealed, today=LATE) == []


def test_a_closed_period_without_files_is_an_error(sealed: Repo) -> None:
    (sealed.path / PATH).unlink()
    messages = [message for _, _, message in found(sealed, today=LATE)]
    assert messages == ["2026-Q2 is closed, but 2026-Q2/growth/onboarding is gone"]


def test_reopening_ends_it(sealed: Repo) -> None:
    edit(sealed, "to: 900", "to: 800")
    assert okrctl(sealed, "reopen", "2026-Q2", "--reason", "A mistake", today=LATE).status == 0
    assert [code for code, *_ in found(sealed, today=LATE)] == []


# --- clocks that lie


def test_a_target_that_is_dated_back_is_still_named(repo: Repo) -> None:
    repo.commit("Forged", day="2026-04-10", files={PATH: EASIER})
    assert found(repo) == [MOVED]
    out = flat(okrctl(repo, "score", "2026-Q2").out)
    assert out.count("is dated 2026-04-10, but counts as of 2026-05-12") == 1
    assert "900 -> 500 (easier)" in out
    items = okrctl(repo, "status", "--format", "json").json["attention"]
    assert [item["ref"] for item in items if item["status"] == "moved"] == [REF]


def test_one_commit_years_ahead_changes_nothing_for_the_others(repo: Repo) -> None:
    before = okrctl(repo, "score", "2026-Q2", "--format", "json", today="2026-06-01").out
    repo.commit("From the future", day="2031-01-01")
    repo.commit("Later", day="2026-05-13")
    repo.commit("Later still", day="2026-05-14")
    assert okrctl(repo, "score", "2026-Q2", "--format", "json", today="2026-06-01").out == before
    known = okrctl(repo, "score", "2026-Q2", "--known-at", "2026-05-13", "--format", "json").json
    assert known["known_at"] == repo.git("rev-parse", "HEAD~1")
    repo.write(PATH, EASIER)
    assert found(repo) == [MOVED]
