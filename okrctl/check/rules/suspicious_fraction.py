"""Finds shares written as a fraction of 1 beside others written in percent.

`0.72` beside 72 and 95 percent is nearly always 72 %, copied from a spreadsheet that stores shares that way. It
would count as less than one percent. Write `0.72%` if that is intended.

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

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import DatedReading, KeyResult, written_quantities


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """The first number below 1 without a `%` in a key result in percent that also has a number of at least 10."""
    if node.own_unit != "%":
        return
    fractions = [located for located in _located_numbers(node) if _is_small(located[0])]
    large = (
        next((quantity for quantity in written_quantities(node) if abs(quantity.number) >= 10), None)
        if fractions
        else None
    )
    if large is None:
        return
    small, route, reading = fractions[0]
    message = f"'{small.text}' next to '{large.text}' counts as {format_number(small.number, '%')}"
    message += f"; {len(fractions) - 1} more like this" if len(fractions) > 1 else ""
    help = f"write `{format_number(small.number * 100).replace(' ', '')}%`, or `{small.text}%` if that is intended"
    yield Finding(route, message, help) if reading is None else reading_finding(node, reading, message, help)


def _is_small(number: Quantity) -> bool:
    """Whether a number is between 0 and 1 and has no `%`; compared as integers, which is faster."""
    value = number.number
    return 0 < abs(value.numerator) < value.denominator and "%" not in number.text and number.unit in (None, "%")


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


RULE = Rule(code="OKR319", name="suspicious-fraction", severity="warning", check_key_result=check)
