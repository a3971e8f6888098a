"""What a rule finds: a route into a file and a sentence; never a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.schema import validate
from okrctl.schema.settings import Config
from okrctl.schema.validate import SchemaProblem
from okrctl.text import words
from okrctl.values import slug
from okrctl.values.diagnostic import Replacement, Route, Span
from okrctl.workspace import DatedReading, File, KeyResult, Kpi, Objective
from okrctl.workspace.nodes import day_route
from okrctl.yaml import Document

RelatedRoutes = tuple[tuple[File | None, Route, str], ...]


class Context(NamedTuple):
    """What a rule may know beside its subject: the settings, today, the periods that are sealed."""

    config: Config
    today: date
    sealed: frozenset[str] = frozenset()

    @property
    def knows_language(self) -> bool:
        """Whether the rules about wording support the language of the titles."""
        return words.is_supported_language(self.config.language)

    def checked_title(self, objective: Objective) -> str:
        """The title of an active objective, for the rules about wording; empty if they do not support its language."""
        return objective.model.title or "" if objective.is_active and self.knows_language else ""


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
    text_range: tuple[int, int] | None = None
    related: RelatedRoutes = ()
    ref: str | None = None
    file: File | None = None
    span: Span | None = None
    path: str | None = None
    fix: tuple[Replacement, ...] = ()
    related_spans: tuple[tuple[Span, str], ...] = ()
    suggested_text: str | None = None


def schema_findings(file: File, code: str) -> Iterator[Finding]:
    """What reading a file, or holding it against its shape, has found under a code."""
    for fault in file.file_problems:
        if fault.code == code:
            yield Finding((), fault.message, fault.help, span=fault.span, related_spans=fault.related)
    taken: dict[Route, set[str]] = {}
    for problem in file.schema_problems:
        if problem.code == code:
            related = tuple((None, route, text) for route, text in problem.related)
            fix = _fix_problem(file.document, problem, taken)
            yield Finding(problem.route, problem.message, problem.help, problem.is_on_key, related=related, fix=fix)


def _fix_problem(document: Document, problem: SchemaProblem, taken: dict[Route, set[str]]) -> tuple[Replacement, ...]:
    if problem.replacement is not None:
        place = document.key_span(problem.route) if problem.is_on_key else document.span_at(problem.route)
        return (Replacement(place, problem.replacement),)
    if problem.code == "OKR003" and problem.route[-1:] == ("id",):
        return _insert_id(document, problem.route[:-1], taken)
    return ()


ID_PREFIXES = {"objectives": "objective", "key_results": "key-result", "kpis": "kpi"}


def _insert_id(document: Document, route: Route, taken: dict[Route, set[str]]) -> tuple[Replacement, ...]:
    """An id made from the title, in front of the other keys; nothing where there is no title of its own.

    `taken` keeps the ids of each list of siblings.
    """
    siblings = validate.value_at(document.data, route[:-1])
    node, keys, title = document.node(route), document.keys(route), validate.value_at(document.data, (*route, "title"))
    if node is None or node.is_alias or not keys or not isinstance(title, str) or not isinstance(siblings, list):
        return ()
    if route[:-1] not in taken:
        taken[route[:-1]] = {str(other["id"]) for other in siblings if isinstance(other, dict) and "id" in other}
    name = slug.slugify(title, taken[route[:-1]], ID_PREFIXES.get(str(route[-2]), "item"))
    line, column, *_ = document.key_span((*route, keys[0]))
    behind = ", " if node.is_flow else "\n" + " " * (column - 1)
    return (Replacement(Span(line, column, line, column), f"id: {name}{behind}"),)


def csv_line_span(line: int) -> Span:
    """The place of a line in a CSV file."""
    return Span(line, 1, line, 1)


def reading_finding(
    node: KeyResult | Kpi,
    dated: DatedReading,
    message: str,
    help: str = "",
    *,
    on_key: bool = False,
    related: RelatedRoutes = (),
) -> Finding:
    """What is found at one reading, in the file or on its line of the CSV: its value, or its day (`on_key`)."""
    route: Route = (*node.route, "readings")
    if dated.line is not None and node.csv is not None:
        span, path = csv_line_span(dated.line), node.csv.path
        return Finding(route, message, help, related=related, ref=node.ref, file=node.file, span=span, path=path)
    route = day_route(node.file.document, route, dated.day)
    route = route if on_key else (*route, "value")
    return Finding(route, message, help, on_key, related=related, ref=node.ref, file=node.file)
