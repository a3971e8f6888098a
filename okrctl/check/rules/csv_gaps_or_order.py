"""Finds days without a value and days out of order in a CSV file of readings.

Both are read as they are meant: a blank value is a gap, and lines count in order of date. Yet a gap may be a number
that never came, and a line in the wrong place one that was added by hand. A file that runs from the newest day to the
oldest is in order. One line speaks for all gaps of a file.

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

from okrctl.check.finding import Context, Finding, csv_line_span, nodes_with_readings
from okrctl.values.readings import CsvReadings, find_gaps_and_disorder
from okrctl.workspace import File

CODE = "OKR016"
NAME = "csv-gaps-or-order"
SEVERITY = "info"
LOOKS_AT = "file"


def check(file: File, context: Context) -> Iterator[Finding]:
    """The gaps and the disorder of every CSV file that the file names."""
    for node in nodes_with_readings(file):
        kept = getattr(node.model, "readings", None)
        if node.csv is None or not node.csv.text or not isinstance(kept, CsvReadings):
            continue
        for remark in find_gaps_and_disorder(kept, node.csv.text):
            span = csv_line_span(remark.line)
            route = (*node.route, "readings")
            yield Finding(route, remark.message, remark.help, ref=node.ref, span=span, path=node.csv.path)
