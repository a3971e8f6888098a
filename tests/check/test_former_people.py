"""Teams and people who left (`until:`), and periods that are sealed: who is held against whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import run, write

SETTINGS = """\
teams: {ops: {}, service: {until: 2026-06-29}, sales: {until: 2026-06-30}}
people: {kim: {}, lee: {until: 2026-05-31}, ida: {name: Ida, until: 2026-06-30}}
"""
GOALS = """\
period: 2026-Q2
team: ops
objectives:
  - id: calm
    title: Everybody in ops sleeps well
    owner: kim
    key_results:
      - {id: nights, title: Nights without a call, to: 10}
      - {id: drills, title: Drills passed without help, to: 10}
    initiatives:
      - {title: Write the drills down}
"""


def found(root: Path, *arguments: str, today: str = "2026-05-15") -> list[str]:
    """CODE LINE message of each finding of the two rules."""
    result = run("check", "--select", "OKR102,OKR104", "--format", "json", *arguments, cwd=root, today=today)
    return [f"{one['code']} {one['line']} {one['message']}" for one in json.loads(result.out)["diagnostics"]]


def check(root: Path, text: str, *arguments: str, today: str = "2026-05-15") -> list[str]:
    write(root, {"okrctl.yaml": SETTINGS, "okrs/a.yaml": text})
    return found(root, *arguments, today=today)


LEFT = "the owner 'lee' has `until: 2026-05-31`, before this ends on 2026-06-30"


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("owner: kim", "owner: lee", [6]),
        ("owner: kim", "owner: ida", []),
        ("owner: kim", "owner: lee\n    state: draft", []),
        ("owner: kim", "owner: lee\n    state: postponed\n    reason: later\n    since: 2026-05-01", []),
        ("id: nights,", "id: nights, owner: lee,", [8]),
        ("id: nights,", "id: nights, owner: lee, due: 2026-05-31,", []),
        ("id: nights,", "id: nights, owner: lee, state: deprioritized, reason: no, since: 2026-05-01,", []),
        ("down}", "down, owner: lee}", [11]),
        ("down}", "down, owner: lee, done: 2026-05-04}", []),
    ],
)
def test_an_owner_who_left_before_the_end_is_named(tmp_path: Path, old: str, new: str, lines: list[int]) -> None:
    for today in ("2026-04-02", "2027-01-01"):
        assert check(tmp_path, GOALS.replace(old, new), today=today) == [f"OKR104 {line} {LEFT}" for line in lines]


def test_a_due_day_beyond_the_last_day_is_named_with_it(tmp_path: Path) -> None:
    text = GOALS.replace("id: nights,", "id: nights, owner: lee, due: 2026-06-01,")
    assert check(tmp_path, text) == [f"OKR104 8 {LEFT.replace('06-30', '06-01')}"]


def test_a_team_that_ended_is_named_once_and_can_own_no_longer(tmp_path: Path) -> None:
    said = "has `until: 2026-06-29`, before this ends on 2026-06-30"
    assert check(tmp_path, GOALS.replace("ops\n", "service\n", 1)) == [f"OKR104 2 the team 'service' {said}"]
    assert check(tmp_path, GOALS.replace("ops\n", "sales\n", 1)) == []
    assert check(tmp_path, GOALS.replace("kim", "service")) == [f"OKR104 6 the owner 'service' {said}"]
    given_up = GOALS.replace("ops\n", "service\n", 1).replace("owner: kim", "owner: kim\n    state: draft")
    assert check(tmp_path, given_up) == []


def test_a_kpi_goes_on_whatever_the_last_day(tmp_path: Path) -> None:
    kpi = "kpis: [{id: mrr, title: MRR, better: higher, owner: ida, team: sales, readings: {2026-04-01: 3}}]\n"
    write(tmp_path, {"kpis/k.yaml": kpi})
    assert check(tmp_path, GOALS) == [
        "OKR104 1 the owner 'ida' has `until: 2026-06-30`, and a KPI has no end",
        "OKR104 1 the team 'sales' has `until: 2026-06-30`, and a KPI has no end",
    ]


def test_former_teams_count_without_a_list_of_people(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "teams: {service: {until: 2026-06-29}}\n", "okrs/a.yaml": GOALS})
    assert [line.split()[0] for line in found(tmp_path)] == ["OKR102"]  # there is no team ops
    write(tmp_path, {"okrs/a.yaml": GOALS.replace("ops\n", "service\n", 1)})
    assert [line.split()[:2] for line in found(tmp_path)] == [["OKR104", "2"]]


def test_a_wrong_day_is_a_finding_of_the_settings(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "people: {lee: {until: 31.05.2026}}\n", "okrs/a.yaml": GOALS})
    result = run("check", "--format", "concise", cwd=tmp_path)
    assert result.out.startswith("okrctl.yaml:1:23: OKR004") and "2026-05-31" in run("check", cwd=tmp_path).out


FORMER = GOALS.replace("ops\n", "gone\n", 1).replace("kim", "nobody").replace("id: nights,", "id: nights, owner: lee,")


def test_a_sealed_period_is_not_held_against_the_teams_and_people_of_today(tmp_path: Path) -> None:
    codes = [line.split()[0] for line in check(tmp_path, FORMER)]
    assert codes == ["OKR102", "OKR104", "OKR104"]
    write(tmp_path, {"scorecards/2026-Q2.json": "{}"})
    assert found(tmp_path) == found(tmp_path, "--no-cache") == []
    write(
        tmp_path, {"okrs/b.yaml": FORMER.replace("2026-Q2", "2026-Q3"), "okrs/c.yaml": "period: 2026-Q2\nteam: gone\n"}
    )
    assert [line.split()[0] for line in found(tmp_path)] == ["OKR102", "OKR104", "OKR104"]


def test_other_links_of_a_sealed_period_still_count(tmp_path: Path) -> None:
    write(tmp_path, {"scorecards/2026-Q2.json": "{}"})
    text = FORMER.replace("to: 10}\n", "to: 10, kpi: none}\n", 1)
    assert [line.partition(" ")[2] for line in check(tmp_path, text)] == ["8 there is no KPI 'none'"]


def test_a_suppression_that_was_needed_before_the_seal_stays_in_order(tmp_path: Path) -> None:
    text = FORMER.replace("team: gone\n", "team: gone  # okrctl: ignore[OKR102]\n")
    write(tmp_path, {"okrctl.yaml": SETTINGS, "okrs/a.yaml": text, "scorecards/2026-Q2.json": "{}"})
    assert run("check", "--format", "concise", cwd=tmp_path).out == ""
