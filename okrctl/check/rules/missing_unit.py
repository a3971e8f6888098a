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
from okrctl.measures import FIELD_KEYS
from okrctl.values.diagnostic import Replacement, Route, Span
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import File, KeyResult, Kpi


def check(file: File, context: Context) -> Iterator[Finding]:
    """Key results and KPIs whose targets and limits share one unit, which some of them lack."""
    for node in file.nodes_with_readings():
        if vars(node.model).get("unit") is None:
            yield from _check_node(node)


def _check_node(node: KeyResult | Kpi) -> Iterator[Finding]:
    numbers = list(_goal_numbers(node))
    unit = next((number.unit for _, number in numbers if number.unit is not None), None)
    bare = [(route, number) for route, number in numbers if number.unit is None and number.number]
    if (
        unit is None
        or not bare
        or not all(is_same_unit(other.unit, unit) for _, other in numbers if other.unit is not None)
    ):
        return
    route, number = bare[0]
    message = f"{number.text} has no unit, but other numbers have '{unit}'"
    yield Finding(route, message, f"add `unit: {_quote(unit)}`", ref=node.ref, fix=_insert_unit(node, unit))


def _goal_numbers(node: KeyResult | Kpi) -> Iterator[tuple[Route, Quantity]]:
    """The targets and limits, each with its route."""
    if isinstance(node, KeyResult):
        yield from (((*node.route, *route), number) for route, number in node.measure.numbers(node.model))
        return
    for index, bound in enumerate(node.model.between or ()):
        yield (*node.route, "between", index), bound


def _quote(unit: str) -> str:
    return unit if unit.isalnum() and len(unit) > 1 else f'"{unit}"'


def _insert_unit(node: KeyResult | Kpi, unit: str) -> tuple[Replacement, ...]:
    """Insert the unit in front of the key of the first number."""
    document = node.file.document
    yaml_node = document.node(node.route)
    keys = [key for key in document.keys(node.route) if key in FIELD_KEYS]
    if yaml_node is None or yaml_node.is_alias or not keys:
        return ()
    line, column, *_ = document.key_span((*node.route, keys[0]))
    separator = ", " if yaml_node.is_flow else "\n" + " " * (column - 1)
    return (Replacement(Span(line, column, line, column), f"unit: {_quote(unit)}{separator}"),)


RULE = Rule(code="OKR325", name="missing-unit", severity="info", check_file=check)
