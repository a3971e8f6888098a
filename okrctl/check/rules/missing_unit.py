"""Finds targets and limits without a unit where others of the same key result or KPI have one.

A number without a unit takes the unit of the others, which is nearly always right. But readers have to guess, and a
number in another unit goes unnoticed. A 0 needs no unit, and neither do readings.

To fix it, write the unit once under `unit:`, or after every number.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: profiles
            title: Suppliers with a digital profile
            from: 72%
            to: 95

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: profiles
            title: Suppliers with a digital profile
            unit: "%"
            from: 72%
            to: 95
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.diagnostic import Replacement, Route, Span
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import File, KeyResult, Kpi

KEYS = ("from", "to", "at_least", "at_most")


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results and KPIs whose goals and bounds have one unit between them, and not all of them have it."""
    for node in file.nodes_with_readings():
        if vars(node.model).get("unit") is None:
            yield from _check_node(node)


def _check_node(node: KeyResult | Kpi) -> Iterator[Finding]:
    found = list(_goal_numbers(node))
    unit = next((number.unit for _, number in found if number.unit is not None), None)
    bare = [(route, number) for route, number in found if number.unit is None and number.number]
    if unit is None or not bare or not all(is_same_unit(n.unit, unit) for _, n in found if n.unit is not None):
        return
    route, number = bare[0]
    message = f"{number.text} has no unit, others here have '{unit}'"
    yield Finding(route, message, f"add `unit: {_quote(unit)}`", ref=node.ref, fix=_insert_unit(node, unit))


def _goal_numbers(node: KeyResult | Kpi) -> Iterator[tuple[Route, Quantity]]:
    """The goals and bounds, each with its route."""
    said = vars(node.model)
    for key in KEYS:
        number = said.get("from_" if key == "from" else key)
        if isinstance(number, Quantity):
            yield (*node.route, key), number
    for place, bound in enumerate(said.get("between") or ()):
        yield (*node.route, "between", place), bound


def _quote(unit: str) -> str:
    return unit if unit.isalnum() and len(unit) > 1 else f'"{unit}"'


def _insert_unit(node: KeyResult | Kpi, unit: str) -> tuple[Replacement, ...]:
    """The unit in front of the first number's key, in the manner of its neighbours."""
    document = node.file.document
    about = document.node(node.route)
    keys = [key for key in document.keys(node.route) if key in (*KEYS, "between")]
    if about is None or about.is_alias or not keys:
        return ()
    line, column, *_ = document.key_span((*node.route, keys[0]))
    behind = ", " if about.is_flow else "\n" + " " * (column - 1)
    return (Replacement(Span(line, column, line, column), f"unit: {_quote(unit)}{behind}"),)


RULE = Rule(code="OKR325", name="missing-unit", severity="info", check_file=check)
