"""Objectives that somebody wrote are inserted as drafts, never over another, and judged before."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.operations.draft import DraftPlaces, find_places
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from tests.running import run, write

TODAY = "2026-07-06"
WEB = """\
period: 2026-Q3   # this summer
team: web
objectives:
  - id: fast
    title: Pages load fast
    owner: ana
    key_results: [{id: share, title: Pages below a second, to: 90}]
x-note: ours
"""
OBJECTIVE = """\
title: "no: people find what they look for"
owner: ana
key_results:
  - {title: Searches that end with a click, from: 40%, to: 60%}
  - {title: Searches that end with a click, at_least: 3}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "goals", {"okrs/2026-Q3/web.yaml": WEB, "okrctl.yaml": "teams: {web: {}, shop: {}}\n"})


def insert(root: Path, text: str, *arguments: str) -> tuple[int, str, str]:
    write(root.parent, {"objective.yaml": text})
    result = run("new", "2026-Q3", "--objective", root.parent / "objective.yaml", *arguments, cwd=root, today=TODAY)
    return result.status, result.out, result.err


def test_it_goes_into_the_file_of_its_team_with_ids(root: Path) -> None:
    status, _, err = insert(root, OBJECTIVE, "--team", "web")
    assert status == 0, err
    text = (root / "okrs/2026-Q3/web.yaml").read_text()
    assert text.startswith(WEB.partition("x-note")[0]) and text.endswith("x-note: ours\n")
    added = text.removeprefix(WEB.partition("x-note")[0]).removesuffix("x-note: ours\n")
    assert added == (
        "  - id: no-people-find-what-they-look-for\n"
        '    title: "no: people find what they look for"\n'
        "    owner: ana\n"
        "    key_results:\n"
        "      - id: searches-that-end-with-a-click\n"
        "        title: Searches that end with a click\n"
        "        from: 40%\n"
        "        to: 60%\n"
        "      - id: searches-that-end-with-a-click-2\n"
        "        title: Searches that end with a click\n"
        "        at_least: 3\n"
        "    state: draft\n"
    )


def places(root: Path, today: str) -> DraftPlaces:
    project = Project(root, {"OKRCTL_TODAY": today})
    return find_places(project, load_workspace(project))


@pytest.mark.parametrize(
    ("today", "names", "likely"),
    [
        ("2026-07-06", ["2026-Q3", "2026-Q4"], "2026-Q3"),
        ("2026-09-20", ["2026-Q3", "2026-Q4"], "2026-Q4"),
        ("2026-06-20", ["2026-Q3", "2026-Q4"], "2026-Q3"),
        ("2026-10-01", ["2026-Q4", "2027-Q1"], "2026-Q4"),
        ("2027-12-10", ["2027-Q4", "2028-Q1"], "2028-Q1"),
    ],
)
def test_periods_that_run_or_are_to_come_take_drafts(root: Path, today: str, names: list[str], likely: str) -> None:
    found = places(root, today)
    assert [period.id for period in found.periods] == names
    assert found.likely is not None and found.likely.id == likely


def test_a_workspace_without_periods_takes_drafts_of_the_quarter(tmp_path: Path) -> None:
    settings = "fiscal_year: {starts: march}\nteams: {web: {until: 2026-01-01}, shop: {name: The shop}}\n"
    found = places(write(tmp_path / "new", {"okrctl.yaml": settings}), "2026-07-06")
    assert [period.id for period in found.periods] == ["FY26-Q2", "FY26-Q3"]
    assert found.teams == {"company": "Company", "shop": "The shop"}


def test_a_file_that_the_settings_leave_out_is_refused(root: Path) -> None:
    write(root, {"okrctl.yaml": "teams: {web: {}, shop: {}}\nexclude: [okrs/2026-Q3/shop.yaml]\n"})
    status, _, err = insert(root, OBJECTIVE, "--team", "shop")
    assert status == 2 and "okrctl.yaml does not include okrs/2026-Q3/shop.yaml" in err
    assert not (root / "okrs/2026-Q3/shop.yaml").exists()


def test_a_team_without_files_gets_one(root: Path) -> None:
    assert insert(root, "objectives: [{title: A shop that people love}]", "--team", "shop")[0] == 0
    assert "id: a-shop-that-people-love" in (root / "okrs/2026-Q3/shop.yaml").read_text()
    assert insert(root, "- title: A company that people love")[0] == 0
    assert (root / "okrs/2026-Q3/company.yaml").exists()


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("title: A\nid: fast", ["--team", "web"], "2026-Q3/web/fast already exists"),
        ("title: A", ["--team", "nope"], "no such team: 'nope'"),
        ("title: A", ["--team", "web", "--team", "shop"], "--objective cannot be used with several teams"),
        ("title: [", [], "line 1 of the objective:"),
        ("owner: ana", [], "expected one objective with a title"),
        ("[{title: A}, {title: B}]", [], "expected one objective with a title"),
        ("", [], "expected one objective with a title"),
        ("title: A\nonwer: ana", [], "unknown key 'onwer'"),
        ("title: A\nkey_results: words", [], "this would break"),
    ],
)
def test_what_cannot_be_inserted_changes_nothing(root: Path, text: str, arguments: list[str], message: str) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    status, out, err = insert(root, text, *arguments)
    assert status == 2 and message in err, out + err
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before


def test_a_taken_id_is_told_with_a_free_one(root: Path) -> None:
    assert "use another id, such as fast-2" in insert(root, "title: A\nid: fast", "--team", "web")[2]


def test_periods_that_are_over_or_sealed_take_none(root: Path) -> None:
    write(root.parent, {"objective.yaml": "title: A"})
    result = run("new", "2026-Q2", "--objective", "../objective.yaml", cwd=root, today=TODAY)
    assert result.status == 2 and "2026-Q2 is over" in result.err
    assert run("new", "2026-Q3", "--objective", "../none.yaml", cwd=root, today=TODAY).status == 2
