"""The next period: drafts for each team, objectives carried over, a draft for a KPI that needs one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from okrctl.yaml import Source, parse
from tests.cli.test_checkin_prompt import CTRL_C, CTRL_D, Terminal
from tests.running import Result, run, write

TODAY = "2026-07-06"
COMPANY = """\
period: 2026-Q2
objectives:
  - id: brand
    title: Customers trust the label
    owner: lea
    key_results:
      - {id: heard, title: Customers who heard of it, from: 10%, to: 30%, readings: {2026-06-29: 12%}}
      - {id: asked, title: Customers who asked for it, from: 10, to: 20, unit: calls}
  - id: reached
    title: The label is easy to find
    owner: lea
    key_results:
      - {id: seen, title: Shops, to: 10, readings: {2026-06-29: 10}}
      - {id: sold, title: Sold, to: 5, readings: {2026-06-29: 4}}
"""
TRUST = """\
period: 2026-Q2
team: trust
objectives:
  - id: origin
    title: "no"
    owner: tom
    parent: company/brand
    formerly: source
    outcome: missed
    retrospective: Too many at once
    readings: {2026-06-29: {confidence: 3}}
    key_results:
      - id: codes
        title: Codes requested
        from: 100
        to: 1000
        readings: {2026-04-13: 150, 2026-06-29: 400}
        amended: [{date: 2026-05-11, by: tom, reason: Less money, was: {to: 2000}}]
      - {id: cups, title: Cups poured, to: 500, aggregate: sum, readings: {2026-05-04: 120, 2026-06-01: 80}}
      - {id: errors, title: Wrong codes, from: 4%, change: -50%, readings: {2026-06-29: 3.5%}}
      - {id: stock, title: Stock by KPI, kpi: stock, to: 90}
      - {id: full, title: All of it, from: 0, to: 5, readings: {2026-06-29: 5}}
      - {id: label, title: The label is printed, due: 2026-06-01, done: false}
      - id: steps
        title: Steps
        milestones: [{title: One, id: one, done: 2026-05-04}, {title: Two, id: two, done: false}]
      - id: sound
        title: It sounds like us
        graded: {0.5: yes, 1: Others say so}
        readings: {2026-06-29: 0.5}
      - {id: complaints, title: Complaints, at_most: 4, guards: [codes, full]}
    initiatives:
      - {title: Printed, done: 2026-05-01}
      - {title: Printing, moves: [codes, full]}
  - id: given-up
    title: Given up
    owner: tom
    state: deprioritized
    since: 2026-05-11
    reason: No money
    key_results: [{id: a, title: A, to: 5}, {id: b, title: B, to: 5}]
"""
KPIS = """\
kpis:
  - {id: stock, title: Stock, owner: lea, better: higher, readings: {2026-03-30: 50, 2026-06-29: 60}}
  - id: delay
    title: Late parcels
    owner: tom
    team: trust
    better: lower
    unit: "%"
    readings: {2026-05-04: 2, 2026-06-29: 5}
"""
SETTINGS = "teams: {trust: {}, sales: {}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"okrs/2026-Q2/company.yaml": COMPANY, "okrs/2026-Q2/trust.yml": TRUST, "kpis/company.yaml": KPIS}
    return write(tmp_path, {"okrctl.yaml": SETTINGS, **files})


def new(root: Path, *words: str) -> Result:
    return run("new", "2026-Q3", *words, cwd=root, today=TODAY)


def objectives(root: Path, path: str) -> dict[str, Any]:
    found = parse(Source(path, (root / path).read_text()))
    assert not found.problems
    return {one["id"]: one for one in found.data["objectives"]}


def test_each_working_team_gets_a_draft_in_a_file_named_like_its_last(root: Path) -> None:
    assert new(root).status == 0
    assert sorted(path.name for path in (root / "okrs/2026-Q3").iterdir()) == ["company.yaml", "trust.yml"]
    [draft] = objectives(root, "okrs/2026-Q3/trust.yml").values()
    assert draft["state"] == "draft"
    found = run("check", "--format", "json", cwd=root, today=TODAY).json["diagnostics"]
    assert [one for one in found if one["path"].startswith("okrs/2026-Q3")] == []


def test_one_team_may_be_named(root: Path) -> None:
    assert new(root, "--team", "sales").status == 0
    assert [path.name for path in (root / "okrs/2026-Q3").iterdir()] == ["sales.yaml"]
    assert new(root, "--team", "nobody").status == 2


def test_an_unfinished_objective_starts_from_its_current_value(root: Path) -> None:
    result = new(root, "--carry-over", "Q2", "--all")
    assert result.status == 0, result.err
    origin = objectives(root, "okrs/2026-Q3/trust.yml")["origin"]
    assert origin["title"] == "no" and origin["carried_from"] == "2026-Q2/trust/origin"
    assert not {"formerly", "outcome", "retrospective", "readings"} & set(origin)
    results = {one["id"]: one for one in origin["key_results"]}
    assert list(results) == ["codes", "cups", "errors", "stock", "label", "steps", "sound", "complaints"]
    assert results["codes"] == {"id": "codes", "title": "Codes requested", "from": "400", "to": "1000"}
    assert results["cups"] == {"id": "cups", "title": "Cups poured", "to": "300", "aggregate": "sum"}
    assert results["errors"] == {"id": "errors", "title": "Wrong codes", "from": "3.5%", "to": "2%"}
    assert results["stock"] == {"id": "stock", "title": "Stock by KPI", "kpi": "stock", "to": "90"}
    assert results["label"] == {"id": "label", "title": "The label is printed", "done": "false"}
    assert [one["id"] for one in results["steps"]["milestones"]] == ["two"]
    assert results["sound"]["graded"] == {"0.5": "yes", "1": "Others say so"}
    assert results["complaints"]["guards"] == ["codes"]
    assert origin["initiatives"] == [{"title": "Printing", "moves": "codes"}]


def test_the_files_of_the_old_period_are_not_touched(root: Path) -> None:
    new(root, "--carry-over", "Q2", "--all")
    assert (root / "okrs/2026-Q2/trust.yml").read_text() == TRUST
    assert (root / "okrs/2026-Q2/company.yaml").read_text() == COMPANY


def test_reached_and_inactive_objectives_are_not_carried_over(root: Path) -> None:
    new(root, "--carry-over", "Q2", "--all")
    assert set(objectives(root, "okrs/2026-Q3/trust.yml")) == {"origin"}
    assert set(objectives(root, "okrs/2026-Q3/company.yaml")) == {"brand"}
    assert run("check", "--fail-on", "error", cwd=root, today=TODAY).status == 0


def test_a_parent_that_is_not_carried_over_is_removed(root: Path) -> None:
    result = new(root, "--carry-over", "Q2", "--ref", "origin", "--team", "trust")
    assert result.status == 0 and "parent removed, company/brand is not carried over" in result.err
    assert "parent" not in objectives(root, "okrs/2026-Q3/trust.yml")["origin"]


def test_an_objective_is_carried_over_once(root: Path) -> None:
    new(root, "--carry-over", "Q2", "--ref", "origin")
    result = new(root, "--carry-over", "Q2", "--all")
    assert "carrying over 2026-Q2/company/brand" in result.err and "trust/origin" not in result.err
    assert new(root, "--carry-over", "Q2", "--ref", "origin").status == 2


def test_without_a_terminal_the_choice_needs_an_option(root: Path) -> None:
    result = new(root, "--carry-over", "Q2")
    assert result.status == 2 and "--all" in result.err and "--ref" in result.err
    assert not (root / "okrs/2026-Q3").exists()


@pytest.mark.parametrize("words", [("--all",), ("--carry-over", "Q2", "--ref", "nothing"), ("--for", "nothing")])
def test_invalid_arguments_are_refused(root: Path, words: tuple[str, ...]) -> None:
    assert new(root, *words).status == 2
    assert not (root / "okrs/2026-Q3").exists()


def test_a_kpi_gets_a_draft_with_its_hypothesis(root: Path) -> None:
    assert new(root, "--for", "delay").status == 0
    [draft] = objectives(root, "okrs/2026-Q3/trust.yml").values()
    assert (draft["state"], draft["owner"], draft["kpis"]) == ("draft", "tom", ["delay"])
    assert draft["hypothesis"] == {"kpi": "delay", "expect": "down"}
    assert "2 % on 2026-05-04 to 5 % on 2026-06-29" in draft["why"]
    assert run("check", "--fail-on", "error", cwd=root, today=TODAY).status == 0


@pytest.mark.parametrize(
    ("value", "hypothesis"),
    [
        (20, {"kpi": "stores", "expect": "steady", "within": "7.5"}),  # half of the band
        (35, {"kpi": "stores", "expect": "steady", "within": "7.5"}),
        (19, {"kpi": "stores", "expect": "up"}),
        (36, {"kpi": "stores", "expect": "down"}),
    ],
)
def test_a_kpi_with_a_band_is_to_stay_in_it(root: Path, value: int, hypothesis: dict[str, str]) -> None:
    kpi = f"{{id: stores, title: Stock, owner: tom, between: [20, 35], readings: {{2026-06-29: {value}}}}}"
    write(root, {"kpis/stores.yaml": f"kpis: [{kpi}]\n"})
    assert new(root, "--for", "stores").status == 0
    drafts = [
        draft
        for path in root.glob("okrs/2026-Q3/*")
        for draft in objectives(root, str(path.relative_to(root))).values()
    ]
    assert [{key: str(entry) for key, entry in draft["hypothesis"].items()} for draft in drafts] == [hypothesis]
    assert run("check", "--fail-on", "error", cwd=root, today=TODAY).status == 0


def test_an_existing_file_is_extended_and_never_overwritten(root: Path) -> None:
    text = "# ours\nperiod: 2026-Q3\nteam: trust\nobjectives:\n- {id: x, title: X, state: draft}   # kept\n"
    write(root, {"okrs/2026-Q3/t.yaml": text})
    assert new(root, "--for", "delay", "--team", "trust").status == 0
    found = (root / "okrs/2026-Q3/t.yaml").read_text()
    assert found.startswith(text) and "address-delay" in found
    assert new(root, "--team", "trust").status == 2
    assert (root / "okrs/2026-Q3/t.yaml").read_text() == found
    assert new(root, "--team", "trust", "--force").status == 0
    assert set(objectives(root, "okrs/2026-Q3/t.yaml")) == {"first-goal"}


def test_a_dry_run_writes_nothing(root: Path) -> None:
    result = new(root, "--carry-over", "Q2", "--all", "--dry-run")
    assert result.status == 0 and "+period: 2026-Q3" in result.out
    assert not (root / "okrs/2026-Q3").exists()


def test_cycles_follow_each_other(tmp_path: Path) -> None:
    goals = COMPANY.replace("period: 2026-Q2", "period: {id: cycle-7, start: 2026-04-13, end: 2026-05-24}")
    write(tmp_path, {"okrs/cycle-7/company.yaml": goals})
    assert run("new", "cycle-8", cwd=tmp_path, today=TODAY).status == 0
    text = (tmp_path / "okrs/cycle-8/company.yaml").read_text()
    assert "period: {id: cycle-8, start: 2026-05-25, end: 2026-07-05}" in text
    assert run("score", "cycle-8", cwd=tmp_path, today=TODAY).status == 0


def test_a_closed_period_stays_closed(root: Path) -> None:
    assert run("close", "2026-Q2", "--yes", cwd=root, today="2026-07-20").status == 0
    result = run("new", "2026-Q2", "--for", "delay", cwd=root, today="2026-07-20")
    assert result.status == 2 and "reopen" in result.err


def test_a_person_chooses_one_after_the_other(root: Path) -> None:
    terminal = Terminal(root, "new", "2026-Q3", "--carry-over", "Q2", today=TODAY)
    terminal.answer("keep, drop", "perhaps")
    terminal.answer("keep, drop", "d")
    terminal.answer("keep, drop", "")
    assert terminal.end().status == 0
    assert set(objectives(root, "okrs/2026-Q3/trust.yml")) == {"origin"}
    assert set(objectives(root, "okrs/2026-Q3/company.yaml")) == {"first-goal"}


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 2)])
def test_leaving_writes_nothing(root: Path, key: str, status: int) -> None:
    terminal = Terminal(root, "new", "2026-Q3", "--carry-over", "Q2", today=TODAY)
    terminal.answer("keep, drop", "keep")
    terminal.until("keep, drop")
    terminal.type(key)
    assert terminal.end().status == status
    assert not (root / "okrs/2026-Q3").exists()


# teams and people who left


def former(root: Path, settings: str) -> Path:
    return write(root, {"okrctl.yaml": settings})


def test_a_former_team_gets_no_drafts(root: Path) -> None:
    former(root, "teams: {trust: {until: 2026-07-31}}\n")
    result = run("new", "2026-Q3", cwd=root, today=TODAY)
    assert result.status == 0
    assert "no draft for trust: it ends on 2026-07-31" in result.err
    assert not (root / "okrs/2026-Q3/trust.yaml").exists()
    refused = run("new", "2026-Q3", "--team", "trust", cwd=root, today=TODAY)
    assert refused.status == 2 and "'trust' ends on 2026-07-31, before" in refused.err


def test_a_team_that_ends_with_the_period_gets_drafts(root: Path) -> None:
    former(root, "teams: {trust: {until: 2026-09-30}}\n")
    assert run("new", "2026-Q3", "--team", "trust", cwd=root, today=TODAY).status == 0


def test_goals_of_a_former_team_are_not_carried_over(root: Path) -> None:
    former(root, "teams: {trust: {until: 2026-06-30}}\n")
    result = run("new", "2026-Q3", "--carry-over", "2026-Q2", "--all", cwd=root, today=TODAY)
    assert result.status == 0
    assert "leaving out 2026-Q2/trust/origin: the team 'trust' ends on 2026-06-30" in result.err
    words = ("new", "2026-Q3", "--carry-over", "2026-Q2", "--ref", "trust/origin")
    assert run(*words, cwd=root, today=TODAY).status == 2


def test_a_former_owner_is_not_carried_over(root: Path) -> None:
    former(root, "people: {lea: {until: 2026-06-30}, tom: {}}\n")
    result = run("new", "2026-Q3", "--carry-over", "2026-Q2", "--ref", "brand", cwd=root, today=TODAY)
    assert "carrying over 2026-Q2/company/brand without its owner lea, who has left" in result.err
    texts = [path.read_text() for path in root.glob("okrs/2026-Q3/*.yaml")]
    assert any("id: brand" in text for text in texts) and not any("lea" in text for text in texts)


def test_what_is_left_behind_by_objectives_that_succeeded_is_named(root: Path) -> None:
    result = run("new", "2026-Q3", "--carry-over", "2026-Q2", "--all", cwd=root, today=TODAY)
    assert result.status == 0
    line = next(line for line in result.err.splitlines() if "succeeded" in line)
    assert line.startswith(
        "not carried over: 2026-Q2/company/reached.sold, an unfinished key result of an objective that succeeded; "
    )
    command = line.split("`")[1]
    assert command == "okrctl new 2026-Q3 --carry-over 2026-Q2 --ref 2026-Q2/company/reached"
    assert run(*command.split()[1:], cwd=root, today=TODAY).status == 0
    text = "".join(path.read_text() for path in root.glob("okrs/2026-Q3/*.yaml"))
    assert "id: sold" in text and "id: seen" not in text
    again = run("new", "2026-Q3", "--carry-over", "2026-Q2", "--all", "--dry-run", cwd=root, today=TODAY)
    assert "succeeded" not in again.err
