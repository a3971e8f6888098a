"""Finds days without a value and days out of order in a CSV file of readings.

Such files are still read: a blank value is a gap, and lines are sorted by date. But a gap may be a number that never
arrived, and a line out of order may have been added by hand. A file sorted from the newest day to the oldest is in
order. All gaps of a file are reported once.

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
    2026-04-20,2100
    2026-04-13,1200
    2026-04-27,
    2026-05-04,3900

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
    2026-05-04,3900
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, csv_line_span
from okrctl.check.rule import Rule
from okrctl.values.readings import CsvReadings, find_gaps_and_disorder
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """The gaps and the lines out of order in the CSV files of a file."""
    for node in file.nodes_with_readings():
        readings = getattr(node.model, "readings", None)
        if node.csv is None or not node.csv.text or not isinstance(readings, CsvReadings):
            continue
        for remark in find_gaps_and_disorder(readings, node.csv.text):
            span = csv_line_span(remark.line)
            route = (*node.route, "readings")
            yield Finding(route, remark.message, remark.help, ref=node.ref, span=span, path=node.csv.path)


RULE = Rule(code="OKR016", name="csv-gaps-or-order", severity="info", check_file=check)
