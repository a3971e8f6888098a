"""What `export` writes: a row for each node and date, in columns that other programs can rely on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.valid import WORKSPACE
from tests.repositories import Repo, isolate
from tests.running import run, write

COLUMNS = (
    "level,period,period_start,period_end,team,objective,key_result,kpi,ref,title,owner,ambition,state,weight,priority,"
    "measure,unit,from,to,at_least,at_most,due,guardrail,date,value,confidence,forecast,note,source,progress,score,"
    "written,definition,workspace,organisation,commit,known_at"
)
LATER = {
    "okrs/a.yaml": "period: 2025-Q3\nobjectives:\n"
    "  - {id: empty, title: Nothing below, owner: tom}\n"
    "  - id: o\n    title: '=HYPERLINK(\"x\")'\n    owner: '@tom'\n    key_results:\n"
    "      - {id: k, title: Not begun, to: 5}\n"
    "      - {id: n, title: Down, from: 0, to: -10, readings: {2025-07-02: -5, 2025-07-09: {note: 'slow, \"very\"'}}}\n"
}


def rows(root: Path, *arguments: str) -> list[dict[str, str]]:
    result = run("export", *arguments, cwd=root)
    assert result.status == 0, result.err
    return list(csv.DictReader(io.StringIO(result.out)))


def test_the_columns_are_these(tmp_path: Path) -> None:
    assert run("export", cwd=write(tmp_path, WORKSPACE)).out.split("\n")[0] == COLUMNS


def test_a_row_for_each_reading_and_one_for_what_has_none(tmp_path: Path) -> None:
    found = rows(write(tmp_path, {**WORKSPACE, **LATER}))
    count: dict[str, int] = {}
    for row in found:
        count[row["ref"]] = count.get(row["ref"], 0) + 1
    assert count["2025-Q2/trust/supply-chain.codes"] == 3
    assert count["2025-Q2/trust/supply-chain.slip"] == 1
    assert count["2025-Q3/company/empty"] == count["2025-Q3/company/o.k"] == 1
    assert count["satisfaction"] == 2 and count["margin"] == 1
    assert {row["period"] for row in found} == {"2025-Q2", "2025-Q3", ""}


def test_progress_is_that_of_the_row_s_day(tmp_path: Path) -> None:
    found = [row for row in rows(write(tmp_path, WORKSPACE)) if row["key_result"] == "codes"]
    assert [(row["date"], row["value"], row["progress"]) for row in found] == [
        ("2025-04-14", "1200", "0.048"), ("2025-04-21", "4100", "0.164"), ("2025-05-12", "9500", "0.38"),
    ]  # fmt: skip


def test_nothing_starts_a_formula_in_a_spreadsheet_but_a_number(tmp_path: Path) -> None:
    for row in rows(write(tmp_path, LATER)):
        assert all(not cell.startswith(("=", "+", "@")) for cell in row.values())
        assert all(float(cell) < 0 for cell in row.values() if cell.startswith("-"))


def test_later_readings_are_left_out(tmp_path: Path) -> None:
    found = rows(write(tmp_path, WORKSPACE), "--as-of", "2025-04-30")
    assert max(row["date"] for row in found) == "2025-04-30"
    codes = [row for row in found if row["key_result"] == "codes"]
    assert [row["date"] for row in codes] == ["2025-04-14", "2025-04-21"]


def test_rows_of_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    repo = Repo(tmp_path)
    write(tmp_path, LATER)
    repo.git("add", ".")
    repo.git("-c", "user.name=Lea", "-c", "user.email=lea@acme.example", "commit", "-qm", "One")
    write(tmp_path, WORKSPACE)
    assert {row["period"] for row in rows(tmp_path, "--known-at", "HEAD")} == {"2025-Q3"}


@pytest.mark.parametrize(
    ("filter", "refs"),
    [
        (("--team", "trust", "--owner", "tom"), {"2025-Q2/trust/second", "2025-Q2/trust/second.hours"}),
        (("--owner", "coo"), {"satisfaction"}),
    ],
)
def test_filters_select_rows(tmp_path: Path, filter: tuple[str, ...], refs: set[str]) -> None:
    assert {row["ref"] for row in rows(write(tmp_path, WORKSPACE), *filter)} == refs


def test_json_and_json_lines_have_the_same_data(tmp_path: Path) -> None:
    write(tmp_path, {**WORKSPACE, **LATER})
    whole: Any = json.loads(run("export", "--format", "json", cwd=tmp_path).out)
    lines = [json.loads(line) for line in run("export", "--format", "jsonl", cwd=tmp_path).out.splitlines()]
    assert whole == {"version": 1, "rows": lines}
    assert {tuple(row) for row in lines} == {tuple(COLUMNS.split(","))}
    assert [row["value"] for row in lines if row["key_result"] == "n"] == [-5, None]


def test_parquet_has_types(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    assert run("export", "--format", "parquet", "-o", "all.parquet", cwd=write(tmp_path, WORKSPACE)).status == 0
    found = duckdb.sql(f"select date, value from '{tmp_path}/all.parquet' where key_result = 'codes'").fetchall()
    assert [(str(day), value) for day, value in found] == [
        ("2025-04-14", 1200.0), ("2025-04-21", 4100.0), ("2025-05-12", 9500.0),
    ]  # fmt: skip


def test_without_the_extra_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    result = run("export", "--format", "parquet", "-o", "x.parquet", cwd=write(tmp_path, WORKSPACE))
    assert (result.status, result.out) == (2, "")
    assert "pip install 'okrctl[duckdb]'" in result.err
