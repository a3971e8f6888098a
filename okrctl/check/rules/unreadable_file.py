"""Finds files, and CSV files of readings, that cannot be read.

okrctl refuses a file that is not UTF-8, is too large, is nested too deeply, contains several documents, or has
aliases that expand without end. It does not follow a link out of the workspace, because a pull request could
otherwise expose other files.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: ../data/codes.csv}]

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
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, schema_findings
from okrctl.check.rule import Rule
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """Why the file, or one of its CSV files, cannot be read."""
    yield from schema_findings(file, RULE.code)
    for node in file.nodes_with_readings():
        if node.csv is not None and node.csv.read_problem is not None:
            problem = node.csv.read_problem
            message = f"cannot read {node.csv.path}: {problem.message}"
            yield Finding((*node.route, "readings", "csv"), message, problem.help, ref=node.ref)


RULE = Rule(code="OKR009", name="unreadable-file", severity="error", check_file=check)
