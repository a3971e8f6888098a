"""Public series kept as CSV: the published running totals and sums come out of the readings."""

from __future__ import annotations

from calendar import monthrange
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.running import run, write
from tests.scoring.real.conversion import council_reports, monthly_parts, series

YEARS = [("lcc_21_22.csv", "FY21"), ("lcc_22_24.csv", "FY22")]
MONTHS = [(name, year, row) for name, year in YEARS for row in series(name)]


def last_day(month: str) -> str:
    year, number = month.split("-")
    return f"{month}-{monthrange(int(year), int(number))[1]:02}"


def results(root: Path, period: str, day: str) -> dict[str, Any]:
    answer = run("score", period, "--as-of", day, "--format", "json", cwd=root)
    assert answer.status == 0, answer.err
    return {one["id"]: one for one in answer.json["teams"][0]["objectives"][0]["key_results"]}


@pytest.mark.parametrize(("name", "year", "row"), MONTHS, ids=[row["Month"] for _, _, row in MONTHS])
def test_sums_and_running_totals_agree_with_what_was_published(
    tmp_path: Path, name: str, year: str, row: dict[str, str]
) -> None:
    day = last_day(row["Month"])
    found = results(write(tmp_path, council_reports(name, year)), year, day)
    total = int(row["cumulative_count"])
    assert found["summed"]["value"] == found["running"]["value"] == total
    assert found["running"]["value_date"] == day
    assert abs(Fraction(found["summed"]["progress"]) - Fraction(total, 250)) < Fraction(1, 10**6)
    assert found["reach"]["value"] == int(row["cumulative_reach"])


def test_a_gap_keeps_the_newest_value(tmp_path: Path) -> None:
    found = results(write(tmp_path, council_reports("lcc_22_24.csv", "FY22")), "FY22", "2022-09-30")
    assert (found["summed"]["value"], found["running"]["value_date"]) == (75, "2022-06-30")


def test_the_day_before_the_first_reading_has_no_value(tmp_path: Path) -> None:
    found = results(write(tmp_path, council_reports("lcc_21_22.csv", "FY21")), "FY21", "2021-08-30")
    assert (found["running"]["value"], found["running"]["score"], found["running"]["measured"]) == (None, None, False)


def test_parts_add_up_to_the_published_total_in_every_month(tmp_path: Path) -> None:
    root = write(tmp_path, monthly_parts())
    for row in series("monthly_count.csv"):
        found = results(root, "leeds", last_day(row["month"]))
        assert found["added"]["value"] == found["total"]["value"] == int(row["Total"]), row["month"]


@pytest.mark.parametrize("files", [council_reports("lcc_21_22.csv", "FY21"), monthly_parts()], ids=["council", "parts"])
def test_check_finds_no_error(tmp_path: Path, files: dict[str, str]) -> None:
    result = run("check", cwd=write(tmp_path, files))
    assert result.status == 0, result.out


def test_a_bad_value_is_found_with_its_line_in_the_csv(tmp_path: Path) -> None:
    files = council_reports("lcc_21_22.csv", "FY21")
    files["data/lcc_21_22.csv"] = files["data/lcc_21_22.csv"].replace("2021-10,29", "2021-10,2 9x")
    result = run("check", "--format", "json", cwd=write(tmp_path, files))
    errors = [one for one in result.json["diagnostics"] if one["severity"] == "error"]
    assert [one["code"] for one in errors] == ["OKR015"]
    place = f"{errors[0]['path']} line {errors[0]['line']}"
    assert "data/lcc_21_22.csv" in place + errors[0]["message"]
    assert "line 4" in place + " " + errors[0]["message"]
