"""Which things of a workspace the rules on quality look at, and where a reading of theirs stands."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl import period
from okrctl.diagnostic import Route, Span
from okrctl.workspace import Dated, KeyResult, Kpi, Objective, Workspace


def is_active(node: Objective | KeyResult) -> bool:
    """Neither a draft nor given up, and its objective neither."""
    above = node.objective.model.state if isinstance(node, KeyResult) else "active"
    return bool(node.model.state == "active" and above == "active")


def active_objectives(workspace: Workspace) -> Iterator[Objective]:
    """The active objectives that have a title."""
    return (one for one in workspace.objectives if is_active(one) and one.model.title)


def active_key_results(workspace: Workspace) -> Iterator[KeyResult]:
    """The active key results that could be read whole."""
    return (
        kr for kr in workspace.key_results
        if is_active(kr) and kr.measure and kr.model.title and not kr.file.broken_at(kr.route)
    )  # fmt: skip


def scored(objective: Objective) -> list[KeyResult]:
    """The key results of an objective that count for its score: active, and no guardrails."""
    return [kr for kr in objective.key_results if kr.model.state == "active" and not kr.guardrail]


def reading_place(node: KeyResult | Kpi, reading: Dated) -> tuple[Route, Span | None, str | None]:
    """Where a reading stands: a route into the node's file, or a span in a CSV file with its path."""
    if reading.line is not None and node.csv is not None:
        return (), Span(reading.line, 1, reading.line, 1), node.csv.path
    route: Route = (*node.route, "readings")
    for key in node.file.document.keys(route):
        try:
            if period.parse_reading_day(key) == reading.day:
                return (*route, key), None, None
        except period.PeriodError:
            continue
    return route, None, None
