"""Tests of the remarks about CSV files of readings that can still be read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from okrctl.values.readings import MAX_LINES, CsvReadings, find_gaps_and_disorder, read_csv

KEPT = CsvReadings.model_validate({"csv": "x.csv"})


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["2026-01-01,1", "2026-01-02,2", "2026-01-03,3"], []),
        (["2026-01-03,3", "2026-01-02,2", "2026-01-01,1"], []),
        (["2026-01-01,1", "2026-01-03,3", "2026-01-02,2"], [(4, "2026-01-02 is out of order")]),
        (["2026-01-01,1", "2026-01-02,", "2026-01-03,3"], [(3, "there is no value on 2026-01-02")]),
        (["2026-01-01,", "2026-01-02,2", "2026-01-03"], [(2, "there is no value on 2026-01-01, nor on 1 more days")]),
        ([], []),
    ],
)
def test_gaps_and_disorder_are_reported_once_with_their_line(rows: list[str], found: list[tuple[int, str]]) -> None:
    remarks = find_gaps_and_disorder(KEPT, "\n".join(["date,value", *rows]) + "\n")
    assert [(remark.line, remark.message) for remark in remarks] == found


def test_the_number_of_reported_lines_is_limited() -> None:
    first = date(1500, 1, 1)
    days = "\n".join(f"{first + timedelta(days=number)},1" for number in range(MAX_LINES + 5))
    lines, faults = read_csv(KEPT, f"date,value\n{days}\n")
    assert len(lines) == MAX_LINES
    assert [(fault.line, fault.message) for fault in faults] == [
        (MAX_LINES + 2, "more than 100,000 lines; the lines from here on are not read")
    ]
