"""Turns the published data under `data` into okrctl workspaces: texts by file name."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).with_name("data")

Files = dict[str, str]


class Grades(NamedTuple):
    """One row of the table of typed scores: what stands in its cells, None for a blank."""

    title: str
    owner: str
    priority: str
    middle: Decimal | None
    projected: Decimal | None
    final: Decimal | None


# --- one person's quarter: current of total -------------------------------------------------------------------------


def personal_metrics() -> list[list[dict[str, Any]]]:
    """The metrics of each objective: current, total, and correctedFrom where the total was changed on the way."""
    raw = json.loads((DATA / "mkohler.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return [[one["metrics"] for one in each["keyResults"]] for each in raw["2018"]["quarters"]["Q1"]]


def personal_quarter(settings: str = "") -> Files:
    """The data hold no dates: each figure is read on the last day, each correction made in the middle."""
    lines = ["period: 2018-Q1", "team: michael", "objectives:"]
    for number, metrics in enumerate(personal_metrics(), 1):
        lines += [
            f"  - id: objective-{number}",
            "    title: One of three things",
            "    owner: michael",
            "    key_results:",
        ]
        for position, one in enumerate(metrics, 1):
            lines += [
                f"      - id: result-{position}",
                "        title: Counted to the end",
                f"        to: {one['total']}",
            ]
            lines += [f"        readings: {{2018-03-31: {one['current']}}}"]
            if "correctedFrom" in one:
                lines += ["        amended:", "          - {date: 2018-02-15, by: michael, reason: Corrected, "]
                lines[-1] += f"was: {{to: {one['correctedFrom']}}}}}"
    return {"okrs/michael.yaml": "\n".join(lines) + "\n"} | ({"okrctl.yaml": settings} if settings else {})


# --- a table of typed scores ----------------------------------------------------------------------------------------


def typed_table() -> list[tuple[str, list[Grades]]]:
    """The objectives of the Markdown page with the rows of their tables; ragged rows, tenths without a zero, blanks."""
    found: list[tuple[str, list[Grades]]] = []
    for line in (DATA / "ipfs-community.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## Objective:"):
            found.append((line.partition(":")[2].strip(), []))
        elif line.startswith("|") and "Key Result" not in line and "---" not in line:
            found[-1][1].append(_grades(line))
    return found


def typed_grades() -> Files:
    """Scores at half-time and at the end become dated grades, the projected one a forecast; nothing is filled in."""
    lines = ["period: 2019-Q1", "team: community", "objectives:"]
    for number, (title, rows) in enumerate(typed_table(), 1):
        lines += [f"  - id: objective-{number}", f"    title: {json.dumps(title)}", "    key_results:"]
        for position, row in enumerate(rows, 1):
            lines += [f"      - id: result-{position}", f"        title: {json.dumps(row.title)}"]
            lines += [f"        owner: {row.owner}", f"        priority: {row.priority}", "        graded: true"]
            lines += ["        readings:", *_graded_readings(row)]
    return {"okrs/community.yaml": "\n".join(lines) + "\n"}


def _grades(line: str) -> Grades:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    title = re.sub(r"\]\(.*?\)|[\[~]", "", cells[0]).strip()
    priority = re.search(r"!\[(p\d)\]", cells[2])
    assert priority
    middle, projected, final = (Decimal(cell) if cell else None for cell in [*cells[3:], "", "", ""][:3])
    return Grades(title, cells[1], priority[1].upper(), middle, projected, final)


def _graded_readings(row: Grades) -> list[str]:
    forecast = f", forecast: {row.projected}" if row.projected is not None else ""
    first = [f"          2019-02-15: {{value: {row.middle}{forecast}}}"] if row.middle is not None else []
    return first + ([f"          2019-03-31: {row.final}"] if row.final is not None else [])


# --- series as CSV --------------------------------------------------------------------------------------------------


def series(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def council_reports(name: str, year: str) -> Files:
    """Monthly counts, summed, beside the published running totals, newest: as key results and as a KPI."""
    return {
        "okrctl.yaml": "fiscal_year: {starts: april, named_by: start}\n",
        "kpis/reach.yaml": _REACH.replace("FILE", f"../data/{name}"),
        "okrs/reports.yaml": _REPORTS.replace("FILE", f"../data/{name}").replace("YEAR", year),
        f"data/{name}": (DATA / name).read_text(encoding="utf-8"),
    }


def monthly_parts() -> Files:
    """The five parts of the monthly count and a rollup that adds them, beside the published total."""
    parts = ("International", "Local", "National", "Regional", "Unknown")
    lines = ["period: {id: leeds, start: 2021-01-01, end: 2024-01-31}", "team: press", "objectives:"]
    lines += ["  - id: coverage", "    title: The city is talked about", "    owner: anna", "    key_results:"]
    for part in (*parts, "Total"):
        source = f"{{csv: ../monthly_count.csv, date: month, value: {part}}}"
        lines += [f"      - {{id: {part.lower()}, title: {part}, to: 1000, cadence: monthly, readings: {source}}}"]
    added = ", ".join(part.lower() for part in parts)
    lines += [f"      - {{id: added, title: All parts, to: 1000, rollup: {{sum: [{added}]}}}}"]
    return {
        "okrs/press.yaml": "\n".join(lines) + "\n",
        "monthly_count.csv": (DATA / "monthly_count.csv").read_text(encoding="utf-8"),
    }


_REPORTS = """\
period: YEAR
team: press
objectives:
  - id: coverage
    title: The city is talked about
    owner: anna
    key_results:
      - id: summed
        title: Reports
        to: 250
        aggregate: sum
        cadence: monthly
        readings: {csv: FILE, date: Month, value: count}
      - id: running
        title: Reports so far
        to: 250
        cadence: monthly
        readings: {csv: FILE, date: Month, value: cumulative_count}
      - id: reach
        title: People who may have read them
        from: 0
        to: 80M
        kpi: reach
"""

_REACH = """\
kpis:
  - id: reach
    title: Reach so far
    owner: anna
    better: higher
    cadence: monthly
    readings: {csv: FILE, date: Month, value: cumulative_reach}
"""
