"""Finds errors in CSV files of readings, and names the line.

A line that cannot be read is not a reading, and a sum without it is wrong. The file needs a header with the names of
its columns; a blank value is a gap, not an error.

Bad:

    # FILE: okrs/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: ../data/codes.csv}]
    # FILE: data/codes.csv
    date,value
    2026-04-13,1200
    20.04.2026,2100

Good:

    # FILE: okrs/page.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: ../data/codes.csv}]
    # FILE: data/codes.csv
    date,value
    2026-04-13,1200
    2026-04-20,2100
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, csv_line_span
from okrctl.check.rule import Rule
from okrctl.workspace import File

MAX_FAULTS = 20


def check(file: File, context: Context) -> Iterator[Finding]:
    """The errors of every CSV file of a file; after the first twenty, the rest is only counted."""
    reported: set[tuple[str, int, str]] = set()
    for node in file.nodes_with_readings():
        problems = node.csv.problems if node.csv is not None else []
        for index, problem in enumerate(problems[: MAX_FAULTS + 1]):
            assert node.csv is not None
            key = (node.csv.path, problem.line, problem.message)
            if key in reported:
                continue
            reported.add(key)
            message, help = problem.message, problem.help
            if index == MAX_FAULTS:
                message, help = f"{len(problems) - MAX_FAULTS} more errors from here on", "fix the ones above first"
            route = (*node.route, "readings")
            yield Finding(route, message, help, ref=node.ref, span=csv_line_span(problem.line), path=node.csv.path)


RULE = Rule(code="OKR015", name="invalid-csv", severity="error", check_file=check)
