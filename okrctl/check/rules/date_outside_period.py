"""Finds dates of objectives and key results that are outside their period.

A milestone must not be due after its key result.

A goal that is due after the end of the period can never be scored in it. A date before its start was usually copied
from an earlier quarter. Expected progress is computed from these dates, so one wrong date makes it wrong on every day.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, due: 2026-09-30}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000, due: 2026-05-31}]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.workspace import File, KeyResult, Objective


def check(file: File, context: Context) -> Iterator[Finding]:
    """Dates under `due` (also of milestones), `plan`, `added` and `since`."""
    for node in file.goals():
        yield from _dates_outside(node)


def _dates_outside(node: Objective | KeyResult) -> Iterator[Finding]:
    for route, key, day in _dates_of(node):
        period = node.period
        if not period.start <= day <= period.end:
            side = "before the first day" if day < period.start else "after the last day"
            limit = period.start if day < period.start else period.end
            on_key = route[-2] == "plan"
            yield Finding(route, f"'{key}' is {side} of {period.id}, {limit}", on_key=on_key, ref=node.ref)
    due = node.model.due if isinstance(node, KeyResult) else None
    for step in node.measure.steps(node.model) if isinstance(node, KeyResult) else ():
        if due is not None and step.due is not None and due < step.due <= node.period.end:
            message = f"the milestone is due after its key result, which is due on {due}"
            yield Finding((*node.route, *step.route[:-1], "due"), message, ref=node.ref)


def _dates_of(node: Objective | KeyResult) -> Iterator[tuple[Route, str, date]]:
    values = vars(node.model)
    for key in ("due", "added", "since"):
        day = values.get(key)
        if day is not None:
            yield (*node.route, key), key, day
    for day in values.get("plan") or ():
        yield (*node.route, "plan", day.isoformat()), "plan", day
    for step in node.measure.steps(node.model) if isinstance(node, KeyResult) else ():
        if step.due is not None:
            yield (*node.route, *step.route[:-1], "due"), "due", step.due


RULE = Rule(code="OKR112", name="date-outside-period", severity="error", check_file=check)
