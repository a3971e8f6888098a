"""Finds where files name goals, KPIs, teams and people: where they are declared, and each reference to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from okrctl.json_schema.enums import NAME_KINDS
from okrctl.kpis import formula
from okrctl.values.diagnostic import Route, Span
from okrctl.workspace import File, KeyResult, Kpi, Node, Objective, Workspace

FORMULA_NAME = re.compile(r"\w+(?:-+\w+)*")


class Reference(NamedTuple):
    """A text at a route that refers to a goal or KPI: to `node`, None where there is none of that name.

    In a formula, `text` is one of its names, which it may have several times.
    """

    file: File
    route: Route
    text: str
    node: Node | None
    is_in_formula: bool = False


class Mention(NamedTuple):
    """A node that a scalar names: the offsets of the id in the text of the file, and those of the whole scalar."""

    file: File
    route: Route
    start: int
    end: int
    node: Node
    is_declaration: bool
    scalar: tuple[int, int]


class Declaration(NamedTuple):
    """The place of what a scalar names."""

    file: File
    span: Span


def references_in(workspace: Workspace, file: File) -> Iterator[Reference]:
    """Every reference in a file, in the order of its goals."""
    for node in file.nodes:
        if isinstance(node, Objective):
            yield from _references_of_objective(workspace, node)
        else:
            yield from _references_of_formula(workspace, node)


def _references_of_objective(workspace: Workspace, node: Objective) -> Iterator[Reference]:
    for route, text in _goal_references(node):
        yield Reference(node.file, route, text, workspace.resolve(text, node))
    for route, name in _kpi_names(node):
        yield Reference(node.file, route, name, workspace.kpis.get(name))
    for key_result in node.key_results:
        guards = key_result.model.guards if isinstance(key_result.model.guards, list) else ()
        for index, name in enumerate(guards):
            sibling = next((each for each in node.key_results if each.id == name), None)
            yield Reference(node.file, (*key_result.route, "guards", index), name, sibling)


def _goal_references(node: Objective) -> Iterator[tuple[Route, str]]:
    model = node.model
    if model.parent:
        yield (*node.route, "parent"), model.parent
    if model.carried_from:
        yield (*node.route, "carried_from"), model.carried_from
    for number, initiative in enumerate(model.initiatives):
        for index, text in enumerate(initiative.moves):
            yield (*node.route, "initiatives", number, "moves", index), text
    for key_result in node.key_results:
        rollup = getattr(key_result.model, "rollup", None)
        if rollup is not None:
            route = (*key_result.route, "rollup", rollup.method)
            yield from (((*route, index), text) for index, text in enumerate(rollup.members))


def _kpi_names(node: Objective) -> Iterator[tuple[Route, str]]:
    model = node.model
    for index, name in enumerate(model.kpis):
        yield (*node.route, "kpis", index), name
    for index, hypothesis in enumerate(model.hypothesis):
        yield (*node.route, "hypothesis", index, "kpi"), hypothesis.kpi
    for number, initiative in enumerate(model.initiatives):
        for index, name in enumerate(initiative.kpis):
            yield (*node.route, "initiatives", number, "kpis", index), name
    for key_result in node.key_results:
        kpi = getattr(key_result.model, "kpi", None)
        if kpi:
            yield (*key_result.route, "kpi"), kpi


def _references_of_formula(workspace: Workspace, kpi: Kpi) -> Iterator[Reference]:
    try:
        names = formula.parse(kpi.model.formula).names if kpi.model.formula else ()
    except formula.FormulaError:
        return
    for name in dict.fromkeys(name.id for name in names):
        yield Reference(kpi.file, (*kpi.route, "formula"), name, workspace.kpis.get(name), is_in_formula=True)


def mentions_in(workspace: Workspace, file: File) -> Iterator[Mention]:
    """Every id of a file that names a node, where it is declared and where it is referred to.

    `team/objective.key-result` mentions two nodes.
    """
    for node in file.nodes:
        yield from _mention(file, (*node.route, "id"), node.id, node, is_declaration=True)
        for key_result in node.key_results if isinstance(node, Objective) else ():
            yield from _mention(file, (*key_result.route, "id"), key_result.id, key_result, is_declaration=True)
    for reference in references_in(workspace, file):
        named = reference.node
        if isinstance(named, KeyResult) and "." in reference.text:
            yield from _mention(file, reference.route, named.objective.id, named.objective, before=f".{named.id}")
        if named is not None:
            yield from _mention(file, reference.route, named.id, named, is_in_formula=reference.is_in_formula)


def _mention(
    file: File, route: Route, name: str, node: Node, *, is_declaration: bool = False, before: str = "",
    is_in_formula: bool = False,
) -> Iterator[Mention]:  # fmt: skip
    """The mentions of a name in a scalar: each one in a formula, else the last, with `before` that in front of it."""
    scalar = file.document.scalar(route)
    if scalar is None or not name:
        return
    whole = scalar.start, scalar.end
    if is_in_formula:
        places = [found.start() for found in FORMULA_NAME.finditer(scalar.text) if found[0] == name]
    else:
        words = re.finditer(rf"(?<![\w-]){re.escape(name)}(?={re.escape(before)})(?![\w-])", scalar.text)
        places = [found.start() for found in words][-1:]
    if not places:  # written with escapes
        yield Mention(file, route, *whole, node, is_declaration, whole)
    for place in places:
        start = scalar.start + place
        yield Mention(file, route, start, start + len(name), node, is_declaration, whole)


def find_mention(workspace: Workspace, path: str, offset: int) -> Mention | None:
    """What the scalar at an offset of a file names; of two ids, the one at the offset, else the last."""
    file = find_file(workspace, path)
    if file is None:
        return None
    found = [each for each in mentions_in(workspace, file) if each.scalar[0] <= offset <= each.scalar[1]]
    exact = (each for each in found if each.start <= offset <= each.end)
    return next(exact, found[-1] if found else None)


def find_mentions(workspace: Workspace, node: Node) -> Iterator[Mention]:
    """Every mention of a node in all files."""
    for file in workspace.files:
        if node.id in file.document.text or "\\" in file.document.text:
            yield from (each for each in mentions_in(workspace, file) if each.node is node)


def find_declaration(workspace: Workspace, path: str, offset: int) -> Declaration | None:
    """The place of the goal, KPI, team or person that the scalar at an offset of a file names."""
    mention = find_mention(workspace, path, offset)
    if mention is not None:
        node = mention.node
        return Declaration(node.file, node.file.document.span_at((*node.route, "id")))
    file, settings = find_file(workspace, path), workspace.settings
    found = file.document.scalar_at(offset) if file is not None else None
    if file is None or settings is None or found is None or found[1]:
        return None
    kind, scalar = name_kind(found[0]), file.document.scalar(found[0])
    sections = {"owners": ("people", "teams"), "teams": ("teams",)}.get(kind, ())
    for section in sections:
        if scalar is not None and scalar.value in settings.document.keys((section,)):
            return Declaration(settings, settings.document.key_span((section, scalar.value)))
    return None


def name_kind(route: Route) -> str:
    """What a value at a route names: owners, teams, kpis, parents, objectives or key results; empty for others."""
    names = [part for part in route if isinstance(part, str)]
    if names[:1] == ["teams"]:
        return {"parent": "teams", "lead": "owners"}.get(names[-1], "")
    if not names or (len(route) == 1 and names[-1] == "kpis"):
        return ""
    return NAME_KINDS.get(names[-1], "")


def find_file(workspace: Workspace, path: str) -> File | None:
    """The file at a path, the settings too."""
    files = [*workspace.files, *([workspace.settings] if workspace.settings is not None else [])]
    return next((file for file in files if file.path == path), None)
