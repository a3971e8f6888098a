"""Objectives that somebody wrote are inserted as drafts, never over another, and judged before."""

from __future__ import annotations

from pathlib import Path

import pytest

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
        ("title: A", ["--team", "web", "--team", "shop"], "--objective is of one team"),
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
