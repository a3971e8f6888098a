"""Finds the numbers behind a score, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrctl.analysis.explanation.arithmetic import members
from okrctl.scoring.progress import Ledger
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity
from okrctl.workspace import Dated, KeyResult, Kpi, Objective
from okrctl.workspace.nodes import day_route


@dataclass(frozen=True, slots=True)
class Input:
    """A number of the formula, or a date behind one, and where it is written; `path` is None where it is a default."""

    name: str
    value: Fraction | date
    path: str | None = None
    line: int | None = None
    commit: str | None = None


def inputs(one: KeyResultScore, ledger: Ledger) -> Iterator[Input]:
    node, model = one.node, one.node.model
    match node.measure:
        case "done":
            if isinstance(model.done, date):
                yield written(node, ("done",), "done", model.done)
            return
        case "milestones":
            for number, step in enumerate(model.milestones or ()):
                name = step.id or str(number + 1)
                if isinstance(step.done, date):
                    yield written(node, ("milestones", number, "done"), f"{name} done", step.done)
                yield written(node, ("milestones", number, "weight"), f"{name} weight", step.weight)
            return
    yield from _readings(one, ledger)
    if node.measure in ("metric", "change") and one.course.start is not None:
        yield _start(one, ledger)
    if node.measure == "metric" and one.target is not None:
        yield written(node, ("to",), "to", one.target)
    elif node.measure == "change" and one.target is not None:
        yield written(node, ("change",), "to", one.target)
    elif node.measure == "limit":
        yield from _bounds(node)


def _bounds(node: KeyResult) -> Iterator[Input]:
    model = node.model
    for key in ("at_least", "at_most"):
        bound = getattr(model, key)
        if bound is not None:
            yield written(node, (key,), key.replace("_", " "), bound.number)
    for number, bound in enumerate(model.between or ()):
        yield written(node, ("between", number), ("at least", "at most")[number], bound.number)


def _start(one: KeyResultScore, ledger: Ledger) -> Input:
    node = one.node
    assert one.course.start is not None
    if isinstance(getattr(node.model, "from_", None), Quantity):
        return written(node, ("from",), "from", one.course.start)
    kpi = ledger.workspace.kpi_of(node)
    dated = _newest(kpi.readings, node.first) if kpi and kpi.aggregate != "sum" else None
    if kpi and dated:
        return Input("from", one.course.start, *_of_reading(kpi, dated))
    return Input("from", one.course.start)


def _newest(readings: Sequence[Dated], day: date) -> Dated | None:
    return next((dated for dated in reversed(readings) if dated.day <= day and dated.value is not None), None)


def _readings(one: KeyResultScore, ledger: Ledger) -> Iterator[Input]:
    """The readings that the value is made of, or the members of a rollup."""
    if getattr(one.node.model, "rollup", None) is not None:
        for node, value in members(one, ledger):
            dated = _newest(node.readings, one.course.day)
            place = _of_reading(node, dated) if dated else _place(node, ("readings",))
            yield Input(node.ref.partition("/")[2], value, *place)
        return
    kpi = ledger.workspace.kpi_of(one.node)
    source: KeyResult | Kpi = kpi or one.node
    by_day = {dated.day: dated for dated in source.readings if dated.value is not None}
    several = ledger.aggregate(one.node) != "latest" or one.tally is not None
    for point in one.course.points if several else one.course.points[-1:]:
        dated = by_day.get(point.made)
        route = (*source.route, "formula")
        place = _of_reading(source, dated) if dated else (source.file.path, source.file.document.at(route).line)
        yield Input(f"value of {point.made}" if several else "value", point.value, *place)


def _of_reading(node: KeyResult | Kpi, dated: Dated) -> tuple[str, int]:
    if dated.line is not None and node.csv is not None:
        return node.csv.path, dated.line
    route = day_route(node.file.document, (*node.route, "readings"), dated.day)
    return node.file.path, node.file.document.key(route).line


def _place(node: Objective | KeyResult, tail: Route) -> tuple[str, int]:
    return node.file.path, node.file.document.at((*node.route, *tail)).line


def written(node: Objective | KeyResult, tail: Route, name: str, value: Fraction | date) -> Input:
    """A number with its place; without one where the file leaves it out."""
    route = (*node.route, *tail)
    if node.file.document.node(route) is None and node.file.document.node(route[:-1]) is None:
        return Input(name, value)
    if node.file.document.node(route) is None and tail[-1] == "weight":
        return Input(name, value)
    return Input(name, value, *_place(node, tail))
