"""Markdown with a heading for each objective: grades with their days, forecasts, blanks, struck rows, ragged tables."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.running import Result, run, write
from tests.scoring.real.conversion import DATA, typed_table

PAGE = """\
# Kitchen goals Q2 2024

_Some words about how we work._

## Objective: Guests find the menu clear.

Background:

* [A survey](https://example.org/survey) in spring

| Key Result | Assignee | Priority | Vegan | Mid-Q Score | Projected Score | Final Score |
| ---------- | -------- | -------- | ----- | ----------- | --------------- | ----------- |
| [Dishes have plain names](https://example.org/1) | @mira | ![p0](https://example.org/p) | yes | .4 | 0.9 | 0.7 |
| ~~The menu is printed in Braille~~ | ~~@tom~~ | ![p2](https://example.org/p2.svg) ~~P1~~ | | 0.1 | | |
| ~[Allergens stand on the menu](https://example.org/3)~ | @mira & @tom | P1 | | 0.2 | 0.1 | 0.1 * ||
| `QR` code on a table | | | | | |
| 3+ guests say "easy" | @tom | p7 | | n/a | n/a | n/a |
| Photos of all dishes | @tom | ![p1](x) | | 0.3 | 0.5 | 1.2 | extra
| | @tom | P1 | | 0.3

### Notes

Nothing was cooked twice.

## Q3 2024

## Objective: The cellar is cool

| Key result | Final score |
|---|---|
| Thermometer hangs | 100% |
| Door shuts \\| stays shut | 7/10 |
| Shelves are named

| Month | Costs |
|---|---|
| May | 3 |
"""


def imported(root: Path, text: str, *arguments: str, today: str = "2024-12-01") -> Result:
    write(root, {"goals.md": text})
    return run("import", "goals.md", *arguments, cwd=root, today=today)


def results(root: Path, period: str, day: str) -> dict[str, Any]:
    card = run("score", period, "--as-of", day, "--format", "json", cwd=root).json
    return {one["id"]: one for team in card["teams"] for each in team["objectives"] for one in each["key_results"]}


def test_rows_become_graded_key_results(tmp_path: Path) -> None:
    result = imported(tmp_path, PAGE, "--team", "kitchen")
    assert result.status == 0, result.err
    assert (
        (tmp_path / "okrs/2024-Q2/kitchen.yaml").read_text()
        == """\
period: 2024-Q2
team: kitchen
objectives:
  - id: guests-find-the-menu-clear
    title: Guests find the menu clear.
    description: |-
      Background:
      A survey in spring
    key_results:
      - id: dishes-have-plain-names
        title: Dishes have plain names
        owner: mira
        links: ["https://example.org/1"]
        priority: 0
        graded: true
        readings:
          2024-05-16: {value: 0.4, forecast: 0.9}
          2024-06-30: 0.7
      - id: the-menu-is-printed-in-braille
        title: The menu is printed in Braille
        owner: tom
        priority: 2
        graded: true
        readings:
          2024-05-16: 0.1
      - id: allergens-stand-on-the-menu
        title: Allergens stand on the menu
        owner: mira & tom
        links: ["https://example.org/3"]
        priority: 1
        graded: true
        readings:
          2024-05-16: {value: 0.2, forecast: 0.1}
          2024-06-30: {value: 0.1, note: 0.1 *}
      - id: qr-code-on-a-table
        title: QR code on a table
        graded: true
      - id: 3-guests-say-easy
        title: 3+ guests say "easy"
        owner: tom
        graded: true
      - id: photos-of-all-dishes
        title: Photos of all dishes
        owner: tom
        priority: 1
        graded: true
        readings:
          2024-05-16: {value: 0.3, forecast: 0.5}
"""
    )


def test_each_line_is_told(tmp_path: Path) -> None:
    told = imported(tmp_path, PAGE, "--team", "kitchen").out
    missed = [line.removeprefix("goals.md:") for line in told.splitlines() if "not imported: " in line]
    assert missed == [
        "3: not imported: 'Some words about how we work.' is neither a goal nor a field of a goal",
        "11: not imported: unknown column 'Vegan'; --columns FILE can keep it as `x-vegan`",
        "17: not imported: 'p7' is not a valid priority",
        "17: not imported: mid: 'n/a' is not a valid score",
        "17: not imported: projected: 'n/a' is not a valid score",
        "17: not imported: score: 'n/a' is not a valid score",
        "18: not imported: 'extra' is beyond the last column",
        "18: not imported: score: '1.2' is not a valid grade",
        "19: not imported: the row has no title",
        "21: not imported: 'Notes' is neither a goal nor a field of a goal",
        "23: not imported: 'Nothing was cooked twice.' is neither a goal nor a field of a goal",
        "35: not imported: not a table of key results: Month, Costs",
        "37: not imported: | May | 3 |: a row of that table",
    ]
    assert told.splitlines()[-1] == "11 new; 13 not imported"


def test_what_a_row_scores(tmp_path: Path) -> None:
    imported(tmp_path, PAGE)
    final = results(tmp_path, "2024-Q2", "2024-06-30")
    assert final["dishes-have-plain-names"]["score"] == Fraction(7, 10)
    assert final["the-menu-is-printed-in-braille"]["score"] == Fraction(1, 10)
    assert not final["qr-code-on-a-table"]["measured"] and not final["3-guests-say-easy"]["measured"]
    assert results(tmp_path, "2024-Q3", "2024-09-30")["door-shuts-stays-shut"]["score"] == Fraction(7, 10)
    assert run("check", cwd=tmp_path).status == 0


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, PAGE)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    again = imported(tmp_path, PAGE)
    assert "nothing to change" in again.err and "11 there already" in again.out
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before


def test_a_later_version_adds_what_is_new(tmp_path: Path) -> None:
    early = PAGE.replace("| .4 | 0.9 | 0.7 |", "| .4 | 0.9 | |")
    imported(tmp_path, early)
    path = tmp_path / "okrs/2024-Q2/company.yaml"
    mine = path.read_text().replace("owner: mira\n", "owner: mira   # since May\n", 1)
    path.write_text(mine)
    assert imported(tmp_path, PAGE).status == 0
    assert path.read_text() == mine.replace("forecast: 0.9}\n", "forecast: 0.9}\n          2024-06-30: 0.7\n")


def test_a_score_before_the_end_is_of_today(tmp_path: Path) -> None:
    imported(tmp_path, PAGE, today="2024-06-01")
    written = (tmp_path / "okrs/2024-Q2/company.yaml").read_text()
    assert "2024-06-01: 0.7\n" in written and "2024-06-30" not in written
    assert "nothing to change" in imported(tmp_path, PAGE, today="2024-06-05").err


def test_a_score_of_a_day_to_come_is_not_placed(tmp_path: Path) -> None:
    result = imported(tmp_path, PAGE, today="2024-05-01")
    assert "13: not imported: mid '.4' of 2024-05-16 is in the future" in result.out
    assert "2024-05-16" not in (tmp_path / "okrs/2024-Q2/company.yaml").read_text()


def test_the_period_asked_leaves_the_others_out(tmp_path: Path) -> None:
    result = imported(tmp_path, PAGE, "--period", "Q3 2024")
    assert "5: not imported: the goal belongs to 2024-Q2 (2024-04-01 to 2024-06-30), not 2024-Q3" in result.out
    assert "goals.md:13: not imported: | [Dishes have" not in result.out
    assert [path.name for path in (tmp_path / "okrs").iterdir()] == ["2024-Q3"]


def test_without_a_period_nothing_is_guessed(tmp_path: Path) -> None:
    result = imported(tmp_path, PAGE.replace("Q2 2024", "").replace("Q3 2024", ""))
    assert (result.status, result.out) == (2, "")
    assert "cannot tell which period this is" in result.err and "--period" in result.err


def test_dry_run_shows_the_diff_and_writes_nothing(tmp_path: Path) -> None:
    result = imported(tmp_path, PAGE, "--dry-run")
    assert "+period: 2024-Q2" in result.out and "11 new" in result.err
    assert not (tmp_path / "okrs").exists()


def test_a_published_page_of_typed_scores(tmp_path: Path) -> None:
    text = (DATA / "ipfs-community.md").read_text(encoding="utf-8")
    result = imported(tmp_path, text, "--period", "2019-Q1", "--team", "community")
    assert result.status == 0 and "17 new; 0 not imported" in result.out
    assert "imported 5 of 5 objectives, 12 of 12 key results" in result.out
    rows = [row for _, each in typed_table() for row in each]
    for day, grades in (
        ("2019-03-31", [row.middle if row.final is None else row.final for row in rows]),
        ("2019-02-15", [row.middle for row in rows]),
    ):
        found = list(results(tmp_path, "2019-Q1", day).values())
        assert [one["score"] for one in found] == grades
        assert [one["forecast"] for one in found] == [row.projected for row in rows]
    assert run("check", cwd=tmp_path).status == 0


def test_a_published_page_of_lists_by_priority(tmp_path: Path) -> None:
    text = (DATA / "ipfs-bifrost.md").read_text(encoding="utf-8")
    result = imported(tmp_path, text, "--team", "bifrost")
    assert result.status == 0, result.err
    found = results(tmp_path, "2019-Q4", "2019-12-31")
    assert [one["priority"] for one in found.values()] == [0, 0, 1, 2, 0, 1, 1, 2, 2, 1, 1, 1, 1, 1, 2, 0, 2, 2]
    assert not any(one["measured"] for one in found.values())
    items = [number for number, line in enumerate(text.splitlines(), 1) if line.strip()[:2] == "- "]
    told = {int(line.split(":")[1]) for line in result.out.splitlines() if line.startswith("goals.md:")}
    assert [number for number in items if number not in told] == [29, 31, 40]  # each describes the line above it
    assert run("check", cwd=tmp_path).status == 0


@pytest.mark.parametrize(
    "text", ["", "# A\n", "| a |\n|---|\n| b |\n", "## Objective: \n", "```\n| Key Result |\n|---|\n", "|\n|-|\n"]
)
def test_pages_without_goals_are_an_error(tmp_path: Path, text: str) -> None:
    result = imported(tmp_path, text, "--period", "2024-Q2")
    assert result.status == 2
    assert "nothing in goals.md can be imported: found no objective and no key result" in result.err
    assert not (tmp_path / "okrs").exists()


def test_nested_items_below_a_heading_of_goals(tmp_path: Path) -> None:
    text = "# Goals Q3 2024\n\n- Trains run\n  - Delays from 9 to 3\n  - Complaints\n- Trains are clean\n"
    assert "imported 2 of 2 objectives, 2 of 2 key results" in imported(tmp_path, text).out


def test_nested_items_of_other_texts_are_no_goals(tmp_path: Path) -> None:
    told = imported(tmp_path, "# Notes Q3 2024\n\n- Trains run\n  - Delays from 9 to 3\n")
    assert (told.status, "nothing in goals.md can be imported" in told.err) == (2, True)
