"""Finds readings outside their period, which do not count.

A reading before the first day, or after the closing days, changes no score. Usually its date is wrong, or the key
result was copied together with last quarter's readings. Earlier lines of a CSV file are reported too: cut the file,
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
from datetime import date, timedelta

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.workspace import DatedReading, File, KeyResult, Objective
from okrctl.workspace.nodes import day_route

HELP = "correct the date, or remove it: it counts for nothing"


def check(file: File, context: Context) -> Iterator[Finding]:
    """The readings of key results, and the words on objectives, on either side of their time."""
    for node in file.nodes:
        if isinstance(node, Objective):
            closing = _last_closing_day(node, context)
            yield from _check_objective_readings(node, closing)
            for key_result in node.key_results:
                days = key_result.readings  # in order of date
                if days and (days[0].day < key_result.first_day or days[-1].day > closing):
                    yield from _check_readings(key_result, closing)


def _last_closing_day(node: Objective, context: Context) -> date:
    try:
        return node.period.end + timedelta(days=context.config.scoring.closing_days)
    except OverflowError:
        return date.max


def _check_readings(node: KeyResult, closing: date) -> Iterator[Finding]:
    """One finding for each side, at the reading nearest to the period."""
    before = [dated for dated in reversed(node.readings) if dated.day < node.first_day]
    after = [dated for dated in node.readings if dated.day > closing]
    for found in (before, after):
        if found:
            yield _build_finding(node, found, closing)


def _build_finding(node: KeyResult, found: list[DatedReading], closing: date) -> Finding:
    message = _describe(node, found[0].day, closing)
    message += f", and {len(found) - 1} more on that side" if len(found) > 1 else ""
    return reading_finding(node, found[0], message, HELP, on_key=True)


def _check_objective_readings(node: Objective, closing: date) -> Iterator[Finding]:
    for day in node.model.readings or ():
        if not node.first_day <= day <= closing:
            route = day_route(node.file.document, (*node.route, "readings"), day)
            yield Finding(route, _describe(node, day, closing), HELP, on_key=True, ref=node.ref)


def _describe(node: Objective | KeyResult, day: date, closing: date) -> str:
    if day > closing:
        return f"the reading of {day} lies after the last day for late figures, {closing}"
    what = "the first day of the period" if node.first_day == node.period.start else "the day it was added"
    return f"the reading of {day} lies before {what}, {node.first_day}"


RULE = Rule(code="OKR502", name="reading-outside-period", severity="warning", check_file=check)
