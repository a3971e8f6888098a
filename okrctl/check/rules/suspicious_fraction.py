"""Finds shares written as a fraction of 1 beside others written in percent, and confidences from 0 to 1.

`0.72` beside 95 % is nearly always 72 %, copied from a spreadsheet that stores percentages as fractions. It would count
as less than one percent. Write `0.72%` if that is intended. With two readings or more, `suspected-slip` checks the
numbers instead.

A confidence is from 0 to 10. `0.6` is nearly always 6, from a tool with confidences from 0 to 1, unless the same goal
also has a confidence of 1 or more.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: profiles, title: Suppliers with a profile, from: 0.72, to: 95%}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from okrctl.analysis.suspects import is_large, is_scale_of_one, is_suspicious_fraction
from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import DatedReading, KeyResult, Objective, written_quantities
from okrctl.workspace.nodes import dated_readings, day_route


def check_key_result(node: KeyResult, context: Context) -> Iterator[Finding]:
    """The numbers and the confidences of a key result."""
    fractions = [located for located in _located_numbers(node) if is_suspicious_fraction(node, located[0])]
    if fractions:
        large = next(quantity for quantity in written_quantities(node) if is_large(quantity))
        small, route, reading = fractions[0]
        message = f"'{small.text}' next to '{large.text}' counts as {format_number(small.number, '%')}"
        message += f"; {len(fractions) - 1} more like this" if len(fractions) > 1 else ""
        help = f"write `{format_number(small.number * 100).replace(' ', '')}%`, or `{small.text}%` if that is intended"
        yield Finding(route, message, help) if reading is None else reading_finding(node, reading, message, help)
    yield from _check_confidences(node, node.readings)


def check_objective(objective: Objective, context: Context) -> Iterator[Finding]:
    """The confidences of an objective."""
    readings = objective.model.readings
    yield from _check_confidences(objective, dated_readings(readings) if readings else ())


def _check_confidences(goal: Objective | KeyResult, readings: Sequence[DatedReading]) -> Iterator[Finding]:
    confidences = [reading.confidence for reading in readings if reading.confidence is not None]
    for reading in readings if is_scale_of_one(confidences) else ():
        if reading.confidence:
            route = day_route(goal.file.document, (*goal.route, "readings"), reading.day)
            shown, likely = format_number(reading.confidence), format_number(reading.confidence * 10)
            message = f"the confidence {shown} is on a scale from 0 to 10, did you mean {likely}?"
            help = f"write {likely}"
            yield Finding((*route, "confidence"), message, help)


def _located_numbers(node: KeyResult) -> Iterator[tuple[Quantity, Route, DatedReading | None]]:
    for route, number in node.measure.numbers(node.model):
        yield number, (*node.route, *route), None
    values = vars(node.model)
    if values.get("stretch") is not None:
        yield values["stretch"], (*node.route, "stretch"), None
    for day, planned in (values.get("plan") or {}).items():
        yield planned, (*node.route, "plan", day.isoformat()), None
    for reading in node.readings:
        if reading.value is not None:
            yield reading.value, (), reading


RULE = Rule(
    code="OKR319",
    name="suspicious-fraction",
    severity="warning",
    check_key_result=check_key_result,
    check_objective=check_objective,
)
