"""Finds changes to a percentage that can be read in two ways.

From 4.3 %, `-7%` leads to 3.999 % and `-7pp` to -2.7 %. A bare `-7` may mean either.

To fix it, write `%` for a relative change or `pp` for percentage points.

Bad:

    period: 2026-Q2
    objectives:
      - id: returns
        title: Fewer parcels come back
        owner: lea
        key_results: [{id: rate, title: Returned parcels, from: 4.3%, change: -1}]

Good:

    period: 2026-Q2
    objectives:
      - id: returns
        title: Fewer parcels come back
        owner: lea
        key_results: [{id: rate, title: Returned parcels, from: 4.3%, change: -1pp}]
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.measures import change
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import KeyResult, Workspace


def check(node: KeyResult, context: Context) -> Iterator[Finding]:
    """Changes without a unit of a key result in percent."""
    if _is_bare_change(node) and node.own_unit == "%":
        yield _build_finding(node)


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Changes without a unit of a key result whose KPI is in percent."""
    for node in workspace.key_results:
        if _is_bare_change(node) and node.own_unit is None and workspace.unit(node) == "%":
            yield _build_finding(node)


def _is_bare_change(node: KeyResult) -> bool:
    by = node.model.change if node.measure is change.MEASURE else None
    return by is not None and by.kind == "absolute" and by.unit is None


def _build_finding(node: KeyResult) -> Finding:
    text, start = node.model.change.text, node.model.from_
    relative, points = "", ""
    if isinstance(start, Quantity):
        by = node.model.change.number
        relative = f" ({start.text} becomes {format_number(start.number * (1 + by / 100), '%')})"
        points = f" ({start.text} becomes {format_number(start.number + by, '%')})"
    message = f"'{text}' of a percentage is ambiguous"
    help = f"write `{text}%` for a relative change{relative}, `{text}pp` for percentage points{points}"
    return Finding((*node.route, "change"), message, help, ref=node.ref, file=node.file)


RULE = Rule(
    code="OKR309", name="ambiguous-percent", severity="error", check_key_result=check, check_workspace=check_workspace
)
