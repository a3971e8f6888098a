"""Finds readings with a date in the future.

Such a reading has a wrong year or month, or is a forecast entered as a fact. Tomorrow is allowed because of time
zones. Write what you expect under `forecast:` of today's reading.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-06-13: 1200}}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-05-13: 1200}}]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.dates import days_after
from okrctl.workspace import File, KeyResult, Kpi, Objective
from okrctl.workspace.nodes import day_route

HELP = "correct the date; write an expected value under `forecast:` of a reading"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Readings later than tomorrow, of key results, KPIs and objectives."""
    last_day = days_after(context.today, 1)
    for node in file.nodes:
        if isinstance(node, Objective):
            yield from _check_objective_readings(node, last_day)
    for measured in file.nodes_with_readings():
        if measured.readings and measured.readings[-1].day > last_day:  # they are in order of date
            yield from _check_readings(measured, last_day)


def _check_readings(node: KeyResult | Kpi, last_day: date) -> Iterator[Finding]:
    for reading in node.readings:
        if reading.day > last_day:
            finding = reading_finding(node, reading, "", HELP, on_key=True)
            yield replace(finding, message=_describe(finding.route[-1], reading.day))


def _check_objective_readings(node: Objective, last_day: date) -> Iterator[Finding]:
    for day in node.model.readings or ():
        if day > last_day:
            route = day_route(node.file.document, (*node.route, "readings"), day)
            yield Finding(route, _describe(route[-1], day), HELP, on_key=True, ref=node.ref, file=node.file)


def _describe(written: str | int, day: date) -> str:
    if isinstance(written, str) and len(written) == len("2026-05"):
        return f"'{written}' means {day}, which is in the future"
    return f"the reading of {day} is in the future"


RULE = Rule(code="OKR501", name="reading-in-future", severity="error", check_file=check)
