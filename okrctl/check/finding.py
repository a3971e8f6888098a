"""What a rule finds: a message at a route into a file.

A rule never deals with lines and columns. `Finding` becomes `Diagnostic` when the runner looks up its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okrctl.schema.keys import value_at
from okrctl.schema.settings import Config
from okrctl.schema.validate import SchemaProblem
from okrctl.text.language import guess_language, supported_language
from okrctl.text.lexicon import Language
from okrctl.values import slug
from okrctl.values.diagnostic import Replacement, Route, Severity, Span
from okrctl.workspace import DatedReading, File, KeyResult, Kpi
from okrctl.workspace.nodes import day_route
from okrctl.yaml import Document

RelatedRoutes = tuple[tuple[File | None, Route, str], ...]


class Context(NamedTuple):
    """What a rule may use besides its subject: the settings, the current date, and the sealed periods."""

    config: Config
    today: date
    sealed: frozenset[str] = frozenset()

    def language_of(self, file: File) -> Language | None:
        """The language in which the titles of a file are judged; None where there are no words for it.

        `language:` in the file comes first, then that of the settings, then what the function words of all titles say.
        """
        name = file.title_language
        if name is None:
            written = file.language or self.config.language
            name = file.title_language = written or guess_language(goal.model.title or "" for goal in file.goals())
        return supported_language(name)


@dataclass(frozen=True, slots=True)
class Finding:
    """A message about the value at a route, about its key (`on_key`), or about some characters of it (`text_range`).

    `file` is needed only if it is not the file of the subject. `span` replaces the route where there is none, with
    `path` if it is in another file than the document, such as a CSV file. `suggested_text` is a safe replacement.
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
    severity: Severity | None = None  # at most this severe, whatever the rule is


def schema_findings(file: File, code: str) -> Iterator[Finding]:
    """The problems that reading and validating a file has found for the rule with this code."""
    for file_problem in file.file_problems:
        if file_problem.code == code:
            yield Finding(
                (), file_problem.message, file_problem.help, span=file_problem.span, related_spans=file_problem.related
            )
    taken_ids: dict[Route, set[str]] = {}
    for problem in file.schema_problems:
        if problem.code == code:
            related = tuple((None, route, text) for route, text in problem.related)
            fix = _fix_problem(file.document, problem, taken_ids)
            yield Finding(problem.route, problem.message, problem.help, problem.is_on_key, related=related, fix=fix)


def _fix_problem(
    document: Document, problem: SchemaProblem, taken_ids: dict[Route, set[str]]
) -> tuple[Replacement, ...]:
    if problem.replacement is not None:
        span = document.key_span(problem.route) if problem.is_on_key else document.span_at(problem.route)
        return (Replacement(span, problem.replacement),)
    if problem.code == "OKR003" and problem.route[-1:] == ("id",):
        return _insert_id(document, problem.route[:-1], taken_ids)
    return ()


ID_PREFIXES = {"objectives": "objective", "key_results": "key-result", "kpis": "kpi"}


def _insert_id(document: Document, route: Route, taken_ids: dict[Route, set[str]]) -> tuple[Replacement, ...]:
    """Insert an id made from the title in front of the other keys, if the node has a title of its own.

    `taken_ids` collects the ids of each list of siblings.
    """
    siblings = value_at(document.data, route[:-1])
    node, keys, title = document.node(route), document.keys(route), value_at(document.data, (*route, "title"))
    if node is None or node.is_alias or not keys or not isinstance(title, str) or not isinstance(siblings, list):
        return ()
    if route[:-1] not in taken_ids:
        taken_ids[route[:-1]] = {
            str(sibling["id"]) for sibling in siblings if isinstance(sibling, dict) and "id" in sibling
        }
    name = slug.slugify(title, taken_ids[route[:-1]], ID_PREFIXES.get(str(route[-2]), "item"))
    line, column, *_ = document.key_span((*route, keys[0]))
    separator = ", " if node.is_flow else "\n" + " " * (column - 1)
    return (Replacement(Span(line, column, line, column), f"id: {name}{separator}"),)


def csv_line_span(line: int) -> Span:
    """The span of a line in a CSV file."""
    return Span(line, 1, line, 1)


def reading_finding(
    node: KeyResult | Kpi,
    reading: DatedReading,
    message: str,
    help: str = "",
    *,
    on_key: bool = False,
    key: str = "value",
    related: RelatedRoutes = (),
) -> Finding:
    """A finding about a number of a reading or its date (`on_key`), in the file or on a line of the CSV file."""
    route: Route = (*node.route, "readings")
    if reading.line is not None and node.csv is not None:
        span, path = csv_line_span(reading.line), node.csv.path
        return Finding(route, message, help, related=related, ref=node.ref, file=node.file, span=span, path=path)
    route = day_route(node.file.document, route, reading.day)
    route = route if on_key else (*route, key)
    return Finding(route, message, help, on_key, related=related, ref=node.ref, file=node.file)
