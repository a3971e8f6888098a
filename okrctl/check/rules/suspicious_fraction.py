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
    """The first bare number below 1 of a key result in percent that has one of at least 10 too."""
    if node.own_unit != "%":
        return
    places = [place for place in _located_numbers(node) if _is_small(place[0])]
    large = next((found for found in written_quantities(node) if abs(found.number) >= 10), None) if places else None
    if large is None:
        return
    small, route, dated = places[0]
    message = f"'{small.text}' stands beside '{large.text}' and counts as {format_number(small.number, '%')}"
    message += f", and so do {len(places) - 1} more like it" if len(places) > 1 else ""
    help = f"write `{format_number(small.number * 100).replace(' ', '')}%`, or `{small.text}%` if that is meant"
    yield Finding(route, message, help) if dated is None else reading_finding(node, dated, message, help)


def _is_small(number: Quantity) -> bool:
    """Whether it lies between 0 and 1 and does not say `%` itself; looked at as integers, for there are many."""
    value = number.number
    return 0 < abs(value.numerator) < value.denominator and "%" not in number.text and number.unit in (None, "%")


def _located_numbers(node: KeyResult) -> Iterator[tuple[Quantity, Route, DatedReading | None]]:
    said = vars(node.model)
    for attribute in ("from_", "to", "at_least", "at_most", "stretch"):
        found = said.get(attribute)
        if isinstance(found, Quantity):
            yield found, (*node.route, attribute.rstrip("_")), None
    for place, bound in enumerate(said.get("between") or ()):
        yield bound, (*node.route, "between", place), None
    for day, planned in (said.get("plan") or {}).items():
        yield planned, (*node.route, "plan", day.isoformat()), None
    for dated in node.readings:
        if dated.value is not None:
            yield dated.value, (), dated


RULE = Rule(code="OKR319", name="suspicious-fraction", severity="warning", check_key_result=check)
