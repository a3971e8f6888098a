"""What a rule finds: a route into a file and a sentence; never a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.schema import validate
from okrctl.schema.settings import Config
from okrctl.schema.validate import Problem
from okrctl.values import slug
from okrctl.values.diagnostic import Replacement, Route, Span
from okrctl.workspace import Dated, File, KeyResult, Kpi, Objective
from okrctl.workspace.nodes import day_route
from okrctl.yaml import Document

Elsewhere = tuple[tuple[File | None, Route, str], ...]


class Context(NamedTuple):
    """What a rule may know beside its subject: the settings, today, the periods that are sealed."""

    config: Config
    today: date
    sealed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found at a route: its value, its key (`on_key`), or some characters of its text (`part`: from, past).

    `file` is left out where it is the subject's own; `span` stands in where there is no route, with `path` if it lies
    in a file that is no document, such as a CSV. `meant` is what can safely stand in its place.
    """

    route: Route
    message: str
    help: str = ""
    on_key: bool = False
    part: tuple[int, int] | None = None
    related: Elsewhere = ()
    ref: str | None = None
    file: File | None = None
    span: Span | None = None
    path: str | None = None
    fix: tuple[Replacement, ...] = ()
    spans: tuple[tuple[Span, str], ...] = ()
    meant: str | None = None


def reported(file: File, code: str) -> Iterator[Finding]:
    """What reading a file, or holding it against its shape, has found under a code."""
    for fault in file.faults:
        if fault.code == code:
            yield Finding((), fault.message, fault.help, span=fault.span, spans=fault.related)
    taken: dict[Route, set[str]] = {}
    for problem in file.problems:
        if problem.code == code:
            related = tuple((None, route, text) for route, text in problem.related)
            fix = _mend(file.document, problem, taken)
            yield Finding(problem.route, problem.message, problem.help, problem.on_key, related=related, fix=fix)


def _mend(document: Document, problem: Problem, taken: dict[Route, set[str]]) -> tuple[Replacement, ...]:
    if problem.replacement is not None:
        place = document.key(problem.route) if problem.on_key else document.at(problem.route)
        return (Replacement(place, problem.replacement),)
    if problem.code == "OKR003" and problem.route[-1:] == ("id",):
        return _with_id(document, problem.route[:-1], taken)
    return ()


KINDS = {"objectives": "objective", "key_results": "key-result", "kpis": "kpi"}


def _with_id(document: Document, route: Route, taken: dict[Route, set[str]]) -> tuple[Replacement, ...]:
    """An id made from the title, in front of the other keys; nothing where there is no title of its own.

    `taken` keeps the ids of each list of siblings.
    """
    siblings = validate.at(document.data, route[:-1])
    node, keys, title = document.node(route), document.keys(route), validate.at(document.data, (*route, "title"))
    if node is None or node.alias or not keys or not isinstance(title, str) or not isinstance(siblings, list):
        return ()
    if route[:-1] not in taken:
        taken[route[:-1]] = {str(other["id"]) for other in siblings if isinstance(other, dict) and "id" in other}
    name = slug.identifier(title, taken[route[:-1]], KINDS.get(str(route[-2]), "item"))
    line, column, *_ = document.key((*route, keys[0]))
    behind = ", " if node.flow else "\n" + " " * (column - 1)
    return (Replacement(Span(line, column, line, column), f"id: {name}{behind}"),)


def gauged(file: File) -> list[KeyResult | Kpi]:
    """Everything of a file that has readings with values: its key results and KPIs."""
    found: list[KeyResult | Kpi] = []
    for node in file.nodes:
        if isinstance(node, Objective):
            found += node.key_results
        else:
            found.append(node)
    return found


def half_read(node: Objective | KeyResult | Kpi) -> bool:
    """Whether a key right below it could not be read, and may be the one that is looked for."""
    return any(len(left) == 1 for left in node.file.left_below(node.route))


def line_of_csv(line: int) -> Span:
    """The place of a line in a CSV file."""
    return Span(line, 1, line, 1)


def on_reading(
    node: KeyResult | Kpi, dated: Dated, message: str, help: str = "", *, on_key: bool = False, related: Elsewhere = ()
) -> Finding:
    """What is found at one reading, in the file or on its line of the CSV: its value, or its day (`on_key`)."""
    route: Route = (*node.route, "readings")
    if dated.line is not None and node.csv is not None:
        span, path = line_of_csv(dated.line), node.csv.path
        return Finding(route, message, help, related=related, ref=node.ref, file=node.file, span=span, path=path)
    route = day_route(node.file.document, route, dated.day)
    route = route if on_key else (*route, "value")
    return Finding(route, message, help, on_key, related=related, ref=node.ref, file=node.file)
