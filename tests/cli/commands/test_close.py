"""Closing a period: questions and refusals, the seal, its verification, and reopening."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from okrctl.history.seals import seal as sealing
from tests.cli.test_checkin_prompt import CTRL_C, CTRL_D, Terminal
from tests.repositories import Repo
from tests.running import Result, run

TODAY = "2026-07-16"
GOALS = """\
period: 2026-Q2
team: trust
objectives:
  - id: origin
    title: Customers know where their products come from
    owner: lea
    hypothesis: {kpi: satisfaction, expect: up}
    key_results:
      - id: codes   # the codes
        title: Codes requested
        to: 100
        readings: {2026-04-13: 10, 2026-06-29: 95}
      - id: rate
        title: Codes that match
        at_least: 98%
        readings: {2026-06-29: 99%}
      - id: label
        title: The label says it
        done: 2026-05-04
  - id: promise
    title: Answers come the same day
    owner: tom
    ambition: committed
    key_results:
      - id: hours
        title: Hours until an answer
        from: 30
        to: 8
        readings: {2026-06-29: 12}
      - {id: calls, title: Calls about answers, from: 40, to: 20, readings: {2026-06-22: 25}}
"""
KPIS = """\
kpis:
  - {id: satisfaction, title: Satisfaction, owner: lea, better: higher, readings: {2026-03-30: 70, 2026-06-29: 65}}
"""
SEAL = "scorecards/2026-Q2.json"
ANSWERS = ("--outcome", "origin=reached", "--outcome", "promise=missed", "--retrospective", "promise=Ask: then answer")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repo = Repo(tmp_path)
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    repo.commit("Goals", files={"okrs/2026-Q2/trust.yaml": GOALS, "kpis/company.yaml": KPIS})
    return tmp_path


def okrctl(root: Path, *words: str, today: str = TODAY) -> Result:
    return run(*words, cwd=root, today=today)


def closed(root: Path, *more: str) -> dict[str, object]:
    result = okrctl(root, "close", "2026-Q2", *ANSWERS, *more)
    assert result.status == 0, result.err
    seal = json.loads((root / SEAL).read_text())
    assert isinstance(seal, dict)
    return seal


def differences(root: Path, status: int = 1) -> set[tuple[str, str, str]]:
    result = okrctl(root, "verify", "2026-Q2", "--format", "json")
    assert result.status == status, result.err
    assert result.json["holds"] == (status == 0)
    return {(one["where"], one["ref"], one["field"]) for one in result.json["differences"]}


def test_the_answers_are_written_and_nothing_else_changes(root: Path) -> None:
    closed(root)
    text = (root / "okrs/2026-Q2/trust.yaml").read_text()
    added = [line for line in text.splitlines() if line not in GOALS.splitlines()]
    assert added == ["    outcome: reached", "    outcome: missed", '    retrospective: "Ask: then answer"']
    assert [line for line in text.splitlines() if line not in added] == GOALS.splitlines()


def test_the_seal_has_every_score_with_its_inputs(root: Path) -> None:
    seal = closed(root)
    assert (seal["version"], seal["as_of"], seal["closed"], seal["rules"]) == (1, "2026-07-14", TODAY, 2)
    [team] = seal["teams"]  # type: ignore[misc]
    codes = team["objectives"][0]["key_results"][0]
    assert (codes["from"], codes["to"], codes["value"], codes["score"], codes["weight"]) == (0, 100, 95, 0.95, 1)
    assert codes["readings"] == [{"date": "2026-04-13", "value": 10}, {"date": "2026-06-29", "value": 95}]
    assert team["objectives"][0]["key_results"][2]["steps"][0]["done"] == "2026-05-04"
    assert seal["hypotheses"][0]["kpi"] == "satisfaction"  # type: ignore[index]
    assert {line.split()[0] for line in seal["findings"]} == {"OKR701", "OKR703"}  # type: ignore[attr-defined]
    assert seal["digest"] == sealing.digest(seal)


def test_with_commit_the_seal_names_the_commit_before_its_own(root: Path) -> None:
    seal = closed(root, "--commit", "--git-tag")
    repo = Repo(root)
    assert seal["commit"] == repo.git("rev-parse", "HEAD~1")
    assert repo.git("show", "--name-only", "--format=", "HEAD").split() == [SEAL]
    assert repo.git("show", "--name-only", "--format=", "HEAD~1").split() == ["okrs/2026-Q2/trust.yaml"]
    assert repo.git("rev-parse", "okrs-2026-Q2^{commit}") == repo.head
    assert differences(root, 0) == set()


def test_without_commit_it_is_recomputed_from_the_commit_that_adds_it(root: Path) -> None:
    seal = closed(root)
    assert seal["commit"] is None
    assert differences(root, 0) == set()
    made = Repo(root).commit("Close")
    result = okrctl(root, "verify", "Q2", "--format", "json")
    assert (result.status, result.json["sealed"]) == (0, made)


def test_with_uncommitted_files_the_seal_names_no_commit(root: Path) -> None:
    (root / "kpis/company.yaml").write_text(KPIS.replace("65", "66"))
    result = okrctl(root, "close", "2026-Q2", *ANSWERS, "--commit")
    assert result.status == 2 and "kpis/company.yaml" in result.err
    assert not (root / SEAL).exists() and Repo(root).git("status", "--short") == " M kpis/company.yaml"


@pytest.mark.parametrize(
    ("old", "new"), [("95}", "90}"), ("to: 100", "to: 190"), ("outcome: reached", "outcome: missed")]
)
def test_a_change_in_a_closed_period_breaks_the_seal(root: Path, old: str, new: str) -> None:
    closed(root, "--commit")
    path = root / "okrs/2026-Q2/trust.yaml"
    path.write_text(path.read_text().replace(old, new))
    assert {where for where, _, _ in differences(root)} == {"files"}


def test_a_later_change_of_a_kpi_or_a_setting_does_not_break_the_seal(root: Path) -> None:
    closed(root, "--commit")
    (root / "kpis/company.yaml").write_text(KPIS.replace("65", "66"))
    (root / "okrctl.yaml").write_text("scoring: {cap: 0.5}\n")
    assert differences(root, 0) == set()


def test_a_number_edited_in_the_seal_is_found(root: Path) -> None:
    closed(root, "--commit")
    seal = (root / SEAL).read_text()
    (root / SEAL).write_text(seal.replace('"value": 95,', '"value": 96,', 1))
    found = differences(root)
    assert ("seal", "2026-Q2", "digest") in found
    assert ("commit", "2026-Q2/trust/origin.codes", "value") in found
    assert "seal not valid" in okrctl(root, "verify").out


def test_a_recomputed_digest_does_not_hide_an_edit(root: Path) -> None:
    closed(root, "--commit")
    seal = json.loads((root / SEAL).read_text())
    seal["score"] = 1
    seal["digest"] = sealing.digest(seal)
    (root / SEAL).write_text(sealing.render_seal(seal))
    assert differences(root) == {("commit", "2026-Q2", "score")}


def test_an_invalid_seal_is_an_error(root: Path) -> None:
    assert okrctl(root, "verify").status == 2
    closed(root)
    (root / SEAL).write_text('{"version": 1}')
    result = okrctl(root, "verify")
    assert result.status == 2 and "is not a sealed scorecard" in result.err


def test_a_closed_period_gets_no_advice(root: Path) -> None:
    def codes() -> set[str]:
        return {one["code"] for one in okrctl(root, "check", "--format", "json").json["diagnostics"]}

    path = root / "okrs/2026-Q2/trust.yaml"
    path.write_text(GOALS.replace("Customers know where", "Double the customers who know where"))
    assert codes() == {"OKR201"}
    closed(root)
    assert codes() == set()


@pytest.mark.parametrize(("today", "message"), [("2026-06-30", "still running"), ("2026-03-31", "has not started")])
def test_a_period_in_progress_is_not_closed(root: Path, today: str, message: str) -> None:
    result = okrctl(root, "close", "2026-Q2", "--yes", today=today)
    assert result.status == 2 and message in result.err and not (root / SEAL).exists()
    forced = okrctl(root, "close", "2026-Q2", "--yes", "--force", today=today)
    assert forced.status == (0 if message == "still running" else 2)


def test_without_a_terminal_every_outcome_needs_an_option(root: Path) -> None:
    result = okrctl(root, "close", "2026-Q2", "--outcome", "origin=reached")
    assert result.status == 2 and "--outcome" in result.err and "2026-Q2/trust/promise" in result.err
    assert not (root / SEAL).exists()
    assert okrctl(root, "close", "2026-Q2", "--yes").status == 0
    assert (root / "okrs/2026-Q2/trust.yaml").read_text() == GOALS


@pytest.mark.parametrize("said", ["origin=great", "origin", "orgin=reached", "nothing="])
def test_an_invalid_outcome_is_refused(root: Path, said: str) -> None:
    result = okrctl(root, "close", "2026-Q2", "--outcome", said, "--yes")
    assert result.status == 2 and "hint:" in result.err and not (root / SEAL).exists()


def test_a_dry_run_shows_and_writes_nothing(root: Path) -> None:
    result = okrctl(root, "close", "2026-Q2", *ANSWERS, "--dry-run")
    assert result.status == 0 and "+    outcome: reached" in result.out and f"+++ b/{SEAL}" in result.out
    assert Repo(root).git("status", "--short") == ""


def test_a_period_is_closed_once_and_reopened_with_a_reason(root: Path) -> None:
    first = closed(root, "--commit")
    assert okrctl(root, "close", "2026-Q2", "--yes").status == 2
    refused = okrctl(root, "reopen", "2026-Q2")
    assert refused.status == 2 and "--reason" in refused.err and (root / SEAL).exists()
    assert okrctl(root, "reopen", "Q2", "--reason", "A late figure", "--commit").status == 0
    assert not (root / SEAL).exists()
    kept = json.loads((root / "scorecards/reopened/2026-Q2.1.json").read_text())
    assert kept == {"version": 1, "reopened": {"date": TODAY, "by": "Lea", "reason": "A late figure"}, "seal": first}
    assert Repo(root).git("status", "--short") == ""
    assert okrctl(root, "close", "2026-Q2", "--yes", "--commit").status == 0
    again = json.loads((root / SEAL).read_text())
    assert [one["reason"] for one in again["reopened"]] == ["A late figure"]
    assert differences(root, 0) == set()


def test_an_existing_tag_stops_the_close_before_it_writes(root: Path) -> None:
    Repo(root).tag("okrs-2026-Q2")
    result = okrctl(root, "close", "2026-Q2", *ANSWERS, "--commit", "--git-tag")
    assert result.status == 2 and "already exists" in result.err
    assert Repo(root).git("status", "--short") == "" and not (root / SEAL).exists()


def test_a_dry_run_does_not_reopen(root: Path) -> None:
    closed(root, "--commit")
    result = okrctl(root, "reopen", "2026-Q2", "--reason", "A late figure", "--dry-run")
    assert result.status == 0 and "+++ /dev/null" in result.out and (root / SEAL).exists()


def test_without_git_the_files_are_compared(tmp_path: Path) -> None:
    (tmp_path / "okrs/2026-Q2").mkdir(parents=True)
    (tmp_path / "okrctl.yaml").write_text("")
    (tmp_path / "kpis").mkdir()
    (tmp_path / "kpis/company.yaml").write_text(KPIS)
    (tmp_path / "okrs/2026-Q2/trust.yaml").write_text(GOALS)
    assert closed(tmp_path)["commit"] is None
    assert differences(tmp_path, 0) == set()
    (tmp_path / "okrs/2026-Q2/trust.yaml").write_text(GOALS)
    assert ("files", "2026-Q2/trust/origin", "outcome") in differences(tmp_path)


def test_a_person_is_asked_objective_by_objective(root: Path) -> None:
    terminal = Terminal(root, "close", "2026-Q2", today=TODAY)
    terminal.answer("How did it go", "wonderful")
    terminal.answer("How did it go", "r")
    terminal.answer("What was learned", "Ask first")
    terminal.answer("How did it go", "")
    terminal.answer("What was learned", "")
    terminal.answer("[y/N]", "y")
    assert terminal.end().status == 0
    text = (root / "okrs/2026-Q2/trust.yaml").read_text()
    assert text.count("outcome:") == text.count("retrospective:") == 1
    assert (root / SEAL).exists()


@pytest.mark.parametrize(("answer", "status"), [(CTRL_C, 130), (CTRL_D, 2), ("n\n", 2)])
def test_leaving_writes_nothing(root: Path, answer: str, status: int) -> None:
    terminal = Terminal(root, "close", "2026-Q2", *ANSWERS[:4], today=TODAY)
    terminal.answer("What was learned", "Much")
    terminal.answer("What was learned", "")
    terminal.until("[y/N]")
    terminal.type(answer)
    assert terminal.end().status == status
    assert Repo(root).git("status", "--short") == ""


def test_files_outside_the_workspace_do_not_matter(root: Path) -> None:
    repo = Repo(root)
    repo.commit("Another", files={"other/settings.yaml": "a: 1\n"})
    repo.remove("other/settings.yaml")
    assert closed(root, "--commit")["commit"] == repo.git("rev-parse", "HEAD~1")


def test_with_a_deleted_file_the_seal_names_no_commit(root: Path) -> None:
    repo = Repo(root)
    repo.commit("More goals", files={"okrs/2026-Q2/sales.yaml": GOALS.replace("trust", "sales")})
    repo.remove("okrs/2026-Q2/sales.yaml")
    result = okrctl(root, "close", "2026-Q2", *ANSWERS, "--commit")
    assert result.status == 2 and "okrs/2026-Q2/sales.yaml" in result.err


def test_without_a_commit_of_the_seal_the_tag_is_on_the_sealed_commit(root: Path) -> None:
    head = Repo(root).head
    assert okrctl(root, "close", "2026-Q2", "--yes", "--git-tag").status == 0
    assert Repo(root).git("rev-parse", "okrs-2026-Q2^{commit}") == head
    assert Repo(root).git("status", "--short") == "?? scorecards/"


def test_a_workspace_can_be_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    inner = {"goals/okrctl.yaml": "", "goals/okrs/2026-Q2/trust.yaml": GOALS, "goals/kpis/company.yaml": KPIS}
    repo.commit("Goals", files=inner)
    assert closed(tmp_path / "goals", "--commit")["commit"] == repo.git("rev-parse", "HEAD~1")
    assert differences(tmp_path / "goals", 0) == set()


def test_a_person_is_asked_for_the_reason_to_reopen(root: Path) -> None:
    closed(root)
    terminal = Terminal(root, "reopen", "2026-Q2", today=TODAY)
    terminal.answer("reopened?", "A late figure")
    assert terminal.end().status == 0
    assert "A late figure" in (root / "scorecards/reopened/2026-Q2.1.json").read_text()
