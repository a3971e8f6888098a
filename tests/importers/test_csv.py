"""CSV from elsewhere: columns by their usual names, key results below their objectives, nothing made up."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrctl.importers.meaning import headers
from tests.running import Result, run, write
from tests.scoring.real.conversion import DATA

PRODUCT = """\
OKR ID,Type,Parent ID,Name,Owner Name,Team,Start Date,End Date,Metric Type,Start Value,Target Value,Current Value,Progress %,Status,Weight,Region
1,Objective,,Visitors find what they look for,Lea Smith,Web Shop,2025-04-01,2025-06-30,,,,,55%,On track,,North
2,Key Result,1,Searches that end in a click,Tom,Web Shop,2025-04-01,2025-06-30,Percentage,40%,60%,51%,55%,On track,2,
3,Key Result,1,Seconds to the first answer,,Web Shop,2025-04-01,2025-05-31,Should decrease to,3.5,2,2.9,80%,At risk,,
4,Key Result,1,New index is live,,Web Shop,2025-04-01,2025-06-30,Boolean,,,Yes,100%,,,
5,Key Result,1,Answers per second,,Web Shop,2025-04-01,2025-06-30,Should stay above,,"1,200",900,,,,
6,Key Result,1,Outages,,Web Shop,2025-04-01,2025-06-30,at most,,4,3,,,0,
7,Key Result,1,Stays the same,,Web Shop,2025-04-01,2025-06-30,Number,5,5,5,,,,
8,Key Result,9,Nowhere,,Web Shop,2025-04-01,2025-06-30,Number,,5,1,,,,
9x Y,Objective,1,The index is ours,Tom,,2025-04-01,2025-06-30,,,,,,,,
10,Task,1,Buy a computer,,,2025-04-01,2025-06-30,,,,,,,,
11,Key Result,The index is ours,Lines we understand,,,2025-04-01,2025-06-30,,,,,62,,,
12,Objective,,Later,,,2025-04-13,2025-05-24,,,,,,,,
"""  # noqa: E501
SETTINGS = "people:\n  lea: {name: Lea Smith}\n  Tom: {}\nteams:\n  shop: {name: Web Shop}\n"
WAREHOUSE = {"okrctl.yaml": SETTINGS}


def imported(root: Path, text: str, *arguments: str, today: str = "2025-06-10") -> Result:
    write(root, {**WAREHOUSE, "goals.csv": text})
    return run("import", "goals.csv", *arguments, cwd=root, today=today)


def test_an_export_of_a_product(tmp_path: Path) -> None:
    result = imported(tmp_path, PRODUCT)
    assert result.status == 0, result.err
    assert (
        (tmp_path / "okrs/2025-Q2/shop.yaml").read_text()
        == """\
period: 2025-Q2
team: shop
objectives:
  - id: 1
    title: Visitors find what they look for
    owner: lea
    key_results:
      - id: 2
        title: Searches that end in a click
        owner: Tom
        weight: 2
        from: 40%
        to: 60%
        readings:
          2025-06-10: {value: 51%, note: On track}
      - id: 3
        title: Seconds to the first answer
        from: 3.5
        to: 2
        due: 2025-05-31
        readings:
          2025-06-10: {value: 2.9, note: At risk}
      - id: 4
        title: New index is live
        done: true
      - id: 5
        title: Answers per second
        at_least: 1200
        readings:
          2025-06-10: 900
      - id: 6
        title: Outages
        at_most: 4
        readings:
          2025-06-10: 3
      - id: 7
        title: Stays the same
        from: 5
        to: TBD
        description: "Target: 5"
        readings:
          2025-06-10: 5
  - id: goals
    title: Goals
    key_results:
      - id: 8
        title: Nowhere
        description: "Parent: 9"
        from: TBD
        to: 5
        readings:
          2025-06-10: 1
"""
    )
    assert (
        (tmp_path / "okrs/2025-Q2/company.yaml").read_text()
        == """\
period: 2025-Q2
objectives:
  - id: the-index-is-ours
    title: The index is ours
    owner: Tom
    parent: shop/1
    key_results:
      - id: 11
        title: Lines we understand
        graded: true
        readings:
          2025-06-10: 62%
"""
    )
    assert run("check", cwd=tmp_path).status == 0


def test_what_has_no_place_is_told_by_line(tmp_path: Path) -> None:
    told = imported(tmp_path, PRODUCT).out
    missed = [line.removeprefix("goals.csv:") for line in told.splitlines() if "not imported: " in line]
    assert missed == [
        "1: not imported: unknown column 'Region'; --columns FILE can keep it as `x-region`",
        "2: not imported: progress '55%': ignored, an objective gets it from its key results",
        "2: not imported: status 'On track': ignored, an objective gets it from its key results",
        "4: not imported: progress '80%' differs from the 40 % of the numbers",
        "7: not imported: '0' is not a valid weight",
        "10: not imported: '9x Y' is not a valid id; the id is made from the title",
        "11: not imported: 'Task' is not a valid level; use objective or key result",
        "13: not imported: no period runs from 2025-04-13 to 2025-05-24; use --period",
    ]


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, PRODUCT)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    for day in ("2025-06-10", "2025-06-20"):
        assert "nothing to change" in imported(tmp_path, PRODUCT, today=day).err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before


def test_what_has_moved_is_added(tmp_path: Path) -> None:
    imported(tmp_path, PRODUCT)
    assert imported(tmp_path, PRODUCT.replace("2.9,80%", "2.4,80%"), today="2025-06-20").status == 0
    made = (tmp_path / "okrs/2025-Q2/shop.yaml").read_text()
    first, second = "2025-06-10: {value: 2.9, note: At risk}", "2025-06-20: {value: 2.4, note: At risk}"
    assert f"          {first}\n          {second}\n" in made


def test_own_columns_by_a_mapping(tmp_path: Path) -> None:
    text = "Ziel;Ergebnis;Ist;Soll;Stand vom;Farbe\n"
    text += "Mehr Licht;Lampen;3;8;2025-05-04;gelb\nMehr Licht;Kerzen;1;9;04.05.2025;\n"
    mapping = "Ziel: objective\nErgebnis: key_result\nIst: current\nSoll: target\nStand vom: date\nFarbe: x-farbe\n"
    write(tmp_path, {"map.yaml": mapping})
    result = imported(tmp_path, text, "--columns", "map.yaml", "--period", "2025-Q2", "--team", "shop")
    assert result.status == 0, result.err
    made = (tmp_path / "okrs/2025-Q2/shop.yaml").read_text()
    assert "x-farbe: gelb\n        from: TBD\n        to: 8\n        readings:\n          2025-05-04: 3\n" in made
    assert made.count("2025-05-04") == 2


@pytest.mark.parametrize(
    ("text", "arguments", "says"),
    [
        ("a,b\n1,2\n", (), "no title column found"),
        ("title\nA\n", (), "cannot tell which period this is"),
        ("title\nA\n", ("--period", "someday"), "'someday' is not a valid period"),
        ("", (), "has no header line"),
        ('title,"b\n', (), "is not valid CSV"),
        ("title\nA\n", ("--period", "2025-Q2", "--team", "../../x"), "'../../x' is not a valid team id"),
        ("title\nA\n", ("--period", "2025-Q2", "--team", "q2"), "'q2' is not a valid team id"),
        ("title\nA\n", ("--columns", "none.yaml"), "none.yaml"),
        ("title\nA\n", ("--columns", "wrong.yaml"), "no column 'Titel', did you mean 'title'?"),
        ("Titel\nA\n", ("--columns", "wrong.yaml"), "unknown field 'titles', did you mean 'title'?"),
    ],
)
def test_what_cannot_be_read_stops_it(tmp_path: Path, text: str, arguments: tuple[str, ...], says: str) -> None:
    write(tmp_path, {"wrong.yaml": "Titel: titles\n"})
    result = imported(tmp_path, text, *arguments)
    assert (result.status, result.out) == (2, "")
    assert says in result.err and "hint: " in result.err
    assert not (tmp_path / "okrs").exists()


def test_a_sealed_period_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"scorecards/2025-Q2.json": "{}"})
    result = imported(tmp_path, "title\nA\n", "--period", "2025-Q2")
    assert result.status == 2 and "the scorecard of 2025-Q2 is sealed" in result.err
    assert not (tmp_path / "okrs").exists()
    assert imported(tmp_path, "title\nA\n", "--period", "2025-Q2", "--force").status == 0
    assert "nothing to change" in imported(tmp_path, "title\nA\n", "--period", "2025-Q2").err


def test_a_place_that_is_not_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"goals.csv": "title\nA\n", "okrctl.yaml": "include: [goals/*.yaml]\n"})
    result = run("import", "goals.csv", "--period", "2025-Q2", cwd=tmp_path)
    assert result.status == 2 and "okrctl.yaml does not include okrs/2025-Q2/company.yaml" in result.err


def test_no_name_stands_for_two_of_ours() -> None:
    names = [name for line in headers.COLUMN_NAMES.values() for name in line.split(", ")]
    assert sorted(names) == sorted(set(names))
    assert {headers.find_column(name) for name in ("% complete", "Progress (%)", "DUE_DATE")} == {
        "progress",
        "end_date",
    }


def personal() -> Any:
    return json.loads((DATA / "mkohler.json").read_text(encoding="utf-8"), parse_float=Decimal)


MAPPING = "Confidence level: x-confidence\nTendency: x-tendency\nCorrected from: x-corrected-from\n"


def as_csv(data: Any) -> str:
    """One row for each key result, with all that the data say of it."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["Objective", "Key result", "Total", "Current", "Confidence level", "Tendency", "Corrected from"])
    for number, objective in enumerate(data["2018"]["quarters"]["Q1"], 1):
        for place, one in enumerate(objective["keyResults"], 1):
            metrics = one["metrics"]
            writer.writerow([
                objective.get("title", f"Objective {number}"), one.get("title", f"Result {place}"), metrics["total"],
                metrics["current"], one["confidence"], one.get("tendency", ""), metrics.get("correctedFrom", ""),
            ])  # fmt: skip
    return lines.getvalue()


def as_data(rows: str, titled: bool) -> Any:
    """The data again, from the rows of an export."""
    found: list[dict[str, Any]] = []
    for row in csv.DictReader(io.StringIO(rows)):
        title = {"title": row["title"]} if titled else {}
        if row["level"] == "objective":
            found.append({**title, "keyResults": []})
            continue
        said = json.loads(row["definition"])
        corrected = {"correctedFrom": Decimal(said["x-corrected-from"])} if "x-corrected-from" in said else {}
        metrics = {"current": Decimal(row["value"]), "total": Decimal(row["to"]), **corrected}
        tendency = {"tendency": said["x-tendency"]} if "x-tendency" in said else {}
        found[-1]["keyResults"].append({**title, "confidence": said["x-confidence"], **tendency, "metrics": metrics})
    return {"2018": {"quarters": {"Q1": found}}}


def test_one_person_s_quarter_goes_through_csv_and_back(tmp_path: Path) -> None:
    write(tmp_path, {"map.yaml": MAPPING})
    result = imported(tmp_path, as_csv(personal()), "--period", "2018-Q1", "--columns", "map.yaml")
    assert result.status == 0 and "0 not imported" in result.out, result.err
    assert as_data(run("export", cwd=tmp_path).out, titled=False) == personal()


def test_the_counts_name_what_was_seen(tmp_path: Path) -> None:
    assert "imported 3 of 4 objectives, 8 of 8 key results" in imported(tmp_path, PRODUCT).out


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Actual (15 May)", ("current", "15 May")),
        ("As of 2026-05-15", ("current", "2026-05-15")),
        ("Stand 15.05.", ("current", "15.05.")),
        ("Start (1 Apr)", ("start", "1 Apr")),
        ("Custom field (Baseline)", ("start", "")),
        ("Owner_Email_ID", ("owner", "")),
        ("DRI / Lead", ("owner", "")),
        ("Q2 Start", ("start", "")),
        ("Target audience", None),
        ("Notes on risk", None),
    ],
)
def test_a_name_says_what_a_column_is(name: str, column: tuple[str, str] | None) -> None:
    found = headers.find_header(name, with_typos=False)
    assert (found and (found.ours, found.qualifier)) == column
