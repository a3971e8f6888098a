"""Finds readings outside their period, which do not count.

A reading before the first day, or after the closing days, changes no score. Usually its date is wrong, or the key
result was copied together with last quarter's readings. Earlier lines of a CSV file are reported too: shorten the file,
or use it for a KPI, whose readings do not belong to a period.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-03-13: 1200}}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-04-13: 1200}}]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.workspace import DatedReading, File, KeyResult, Objective
from okrctl.workspace.nodes import day_route

HELP = "correct the date, or remove the reading; it does not count"


def check(file: File, context: Context) -> Iterator[Finding]:
    """Readings of key results and objectives before their first day or after the closing days."""
    for node in file.nodes:
        if isinstance(node, Objective):
            closing_day = context.config.scoring.last_closing_day(node.period)
            yield from _check_objective_readings(node, closing_day)
            for key_result in node.key_results:
                readings = key_result.readings  # in order of date
                if readings and (readings[0].day < key_result.first_day or readings[-1].day > closing_day):
                    yield from _check_readings(key_result, closing_day)


def _check_readings(node: KeyResult, closing_day: date) -> Iterator[Finding]:
    """One finding for each side, at the reading closest to the period."""
    too_early = [reading for reading in reversed(node.readings) if reading.day < node.first_day]
    too_late = [reading for reading in node.readings if reading.day > closing_day]
    for readings in (too_early, too_late):
        if readings:
            yield _build_finding(node, readings, closing_day)


def _build_finding(node: KeyResult, readings: list[DatedReading], closing_day: date) -> Finding:
    message = _describe(node, readings[0].day, closing_day)
    message += f", and {len(readings) - 1} more" if len(readings) > 1 else ""
    return reading_finding(node, readings[0], message, HELP, on_key=True)


def _check_objective_readings(node: Objective, closing_day: date) -> Iterator[Finding]:
    for day in node.model.readings or ():
        if not node.first_day <= day <= closing_day:
            route = day_route(node.file.document, (*node.route, "readings"), day)
            yield Finding(route, _describe(node, day, closing_day), HELP, on_key=True, ref=node.ref)


def _describe(node: Objective | KeyResult, day: date, closing_day: date) -> str:
    if day > closing_day:
        return f"the reading of {day} is after the last closing day, {closing_day}"
    start = "the first day of the period" if node.first_day == node.period.start else "the day it was added"
    return f"the reading of {day} is before {start}, {node.first_day}"


RULE = Rule(code="OKR502", name="reading-outside-period", severity="warning", check_file=check)
