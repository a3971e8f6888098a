"""Finds the numbers behind a score, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrctl.analysis.explanation.arithmetic import rollup_members
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity
from okrctl.workspace import DatedReading, KeyResult, Kpi, Objective
from okrctl.workspace.nodes import day_route


@dataclass(frozen=True, slots=True)
class Input:
    """A number of the formula, or a date behind one, and where it is written; `path` is None where it is a default."""

    name: str
    value: Fraction | date
    path: str | None = None
    line: int | None = None
    commit: str | None = None


def score_inputs(one: KeyResultScore, ledger: KeyResultValues) -> Iterator[Input]:
    node, model = one.node, one.node.model
    match node.measure:
        case "done":
            if isinstance(model.done, date):
                yield file_input(node, ("done",), "done", model.done)
            return
        case "milestones":
            for number, step in enumerate(model.milestones or ()):
                name = step.id or str(number + 1)
                if isinstance(step.done, date):
                    yield file_input(node, ("milestones", number, "done"), f"{name} done", step.done)
                yield file_input(node, ("milestones", number, "weight"), f"{name} weight", step.weight)
            return
    yield from _reading_inputs(one, ledger)
    if node.measure in ("metric", "change") and one.series.start is not None:
        yield _start_input(one, ledger)
    if node.measure == "metric" and one.target is not None:
        yield file_input(node, ("to",), "to", one.target)
    elif node.measure == "change" and one.target is not None:
        yield file_input(node, ("change",), "to", one.target)
    elif node.measure == "limit":
        yield from _bound_inputs(node)


def _bound_inputs(node: KeyResult) -> Iterator[Input]:
    model = node.model
    for key in ("at_least", "at_most"):
        bound = getattr(model, key)
        if bound is not None:
            yield file_input(node, (key,), key.replace("_", " "), bound.number)
    for number, bound in enumerate(model.between or ()):
        yield file_input(node, ("between", number), ("at least", "at most")[number], bound.number)


def _start_input(one: KeyResultScore, ledger: KeyResultValues) -> Input:
    node = one.node
    assert one.series.start is not None
    if isinstance(getattr(node.model, "from_", None), Quantity):
        return file_input(node, ("from",), "from", one.series.start)
    kpi = ledger.workspace.kpi_of(node)
    dated = _newest_reading(kpi.readings, node.first_day) if kpi and kpi.aggregate != "sum" else None
    if kpi and dated:
        return Input("from", one.series.start, *_reading_place(kpi, dated))
    return Input("from", one.series.start)


def _newest_reading(readings: Sequence[DatedReading], day: date) -> DatedReading | None:
    return next((dated for dated in reversed(readings) if dated.day <= day and dated.value is not None), None)


def _reading_inputs(one: KeyResultScore, ledger: KeyResultValues) -> Iterator[Input]:
    """The readings that the value is made of, or the members of a rollup."""
    if getattr(one.node.model, "rollup", None) is not None:
        for node, value in rollup_members(one, ledger):
            dated = _newest_reading(node.readings, one.series.day)
            place = _reading_place(node, dated) if dated else _node_place(node, ("readings",))
            yield Input(node.ref.partition("/")[2], value, *place)
        return
    kpi = ledger.workspace.kpi_of(one.node)
    source: KeyResult | Kpi = kpi or one.node
    by_day = {dated.day: dated for dated in source.readings if dated.value is not None}
    several = ledger.aggregate_of(one.node) != "latest" or one.tally is not None
    for point in one.series.points if several else one.series.points[-1:]:
        dated = by_day.get(point.reading_day)
        route = (*source.route, "formula")
        place = _reading_place(source, dated) if dated else (source.file.path, source.file.document.span_at(route).line)
        yield Input(f"value of {point.reading_day}" if several else "value", point.value, *place)


def _reading_place(node: KeyResult | Kpi, dated: DatedReading) -> tuple[str, int]:
    if dated.line is not None and node.csv is not None:
        return node.csv.path, dated.line
    route = day_route(node.file.document, (*node.route, "readings"), dated.day)
    return node.file.path, node.file.document.key_span(route).line


def _node_place(node: Objective | KeyResult, tail: Route) -> tuple[str, int]:
    return node.file.path, node.file.document.span_at((*node.route, *tail)).line


def file_input(node: Objective | KeyResult, tail: Route, name: str, value: Fraction | date) -> Input:
    """A number with its place; without one where the file leaves it out."""
    route = (*node.route, *tail)
    if node.file.document.node(route) is None and node.file.document.node(route[:-1]) is None:
        return Input(name, value)
    if node.file.document.node(route) is None and tail[-1] == "weight":
        return Input(name, value)
    return Input(name, value, *_node_place(node, tail))
