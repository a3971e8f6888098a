"""Renames an objective, a key result or a KPI: its id, every reference to it, and the record of its former id.

The former id is written as `formerly:`, so that history knows the goal by it. A goal that no commit has yet needs no
such record, and one that was renamed since the last commit keeps the id that is committed. The result is not trusted
but checked: the workspace with the new texts is loaded, and each reference in it must mean what it meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic_core import PydanticCustomError

from okrctl.history import snapshot
from okrctl.history.seals.store import is_sealed, sealed_period_ids
from okrctl.operations import mentions
from okrctl.operations.load import find_repository, load_readable
from okrctl.operations.mentions import FORMULA_NAME, Mention, Reference
from okrctl.operations.project import Project
from okrctl.values.diagnostic import Route
from okrctl.values.errors import ConflictError, NotFoundError, OkrctlError, RefusedError, UsageError
from okrctl.values.fields import parse_id
from okrctl.workspace import File, KeyResult, Kpi, Node, Workspace
from okrctl.workspace.references import all_nodes
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, RemoveValue, SetValue, edit

Texts = dict[str, tuple[str, str]]
"""The old and the new text of each file that changes, by path."""
SEALED_KEYS = ("kpi", "rollup")  # whose references a seal holds


def find_renamable(project: Project, path: str, offset: int) -> Mention:
    """Return the id at an offset of a file; raises OkrctlError where none is there, or it cannot be renamed."""
    found = mentions.find_mention(load_readable(project), path, offset)
    if found is None or not found.node.id:
        raise NotFoundError("no objective, key result or KPI is named here", "rename it at its id or at a reference")
    _require_open(project, found.node)
    return found


def rename(project: Project, path: str, offset: int, new_id: str) -> Texts:
    """Return the texts with another id for the goal or KPI at an offset of a file; nothing is written.

    Raises OkrctlError where the id is invalid or taken, or something would not mean any more what it means.
    """
    found = find_renamable(project, path, offset)
    node, workspace = found.node, load_readable(project)
    node = next(each for each in all_nodes(workspace) if _place(each) == _place(node))
    _require_free(workspace, node, new_id)
    if new_id == node.id:
        return {}
    edits = _plan_edits(project, workspace, node, new_id)
    texts = {file.path: file.document.text for file in workspace.files if file.path in edits}
    new = {name: edit(Source(name, texts[name]), each).text for name, each in edits.items()}
    _require_same_meaning(project, workspace, new, new_id)
    return {name: (texts[name], text) for name, text in new.items()}


def _require_open(project: Project, node: Node) -> None:
    if not isinstance(node, Kpi) and is_sealed(project.root, node):
        raise _sealed_error(node.period.id, f"its seal holds the id '{node.id}'")


def _sealed_error(period: str, why: str) -> OkrctlError:
    return RefusedError(f"{period} is closed: {why}", f"okrctl reopen {period} --reason TEXT")


def _require_free(workspace: Workspace, node: Node, new_id: str) -> None:
    try:
        parse_id(new_id)
    except PydanticCustomError as error:
        context = error.context or {}
        raise UsageError(str(context.get("message")), str(context.get("help"))) from error
    siblings: list[Node]
    if isinstance(node, KeyResult):
        siblings = [*node.objective.key_results]
    elif isinstance(node, Kpi):
        siblings = [*workspace.kpi_nodes]
    else:
        own = node.period.id, node.team
        siblings = [each for each in workspace.objectives if (each.period.id, each.team) == own]
    taken = next((each for each in siblings if each.id == new_id and each is not node), None)
    if taken is not None:
        title = f" ({taken.model.title})" if taken.model.title else ""
        raise ConflictError(f"'{new_id}' is taken by {taken.ref}{title}", "choose another id")


def _plan_edits(project: Project, workspace: Workspace, node: Node, new_id: str) -> dict[str, list[Edit]]:
    """The edits of each file by path."""
    sealed = set(sealed_period_ids(project.root))
    edits: dict[str, list[Edit]] = {node.file.path: [SetValue((*node.route, "id"), new_id)]}
    edits[node.file.path] += _edits_of_record(project, node, new_id)
    for file in workspace.files:
        _require_readable(file, node.id)
        for route, value in _new_references(workspace, file, node, new_id):
            if file.period is not None and file.period.id in sealed and any(key in route for key in SEALED_KEYS):
                raise _sealed_error(file.period.id, f"its seal holds a reference to '{node.id}'")
            edits.setdefault(file.path, []).append(SetValue(route, value))
    return edits


def _require_readable(file: File, name: str) -> None:
    """Raise RefusedError for a file whose references cannot be read, and that may have one to the name."""
    problem = file.file_problems[0] if file.file_problems else None
    if problem is not None and file.document.data is None and name in file.document.text:
        line = f"{file.path}:{problem.span.line}"
        raise RefusedError(f"{line}: {problem.message}, and the file may name '{name}'", "fix the file first")


def _new_references(workspace: Workspace, file: File, node: Node, new_id: str) -> Iterator[tuple[Route, str]]:
    if node.id not in file.document.text and "\\" not in file.document.text:
        return
    for reference in mentions.references_in(workspace, file):
        named = reference.node
        if named is node:
            yield reference.route, _renamed(reference, node.id, new_id)
        elif isinstance(named, KeyResult) and named.objective is node and "." in reference.text:
            front, _, name = reference.text.rpartition("/")
            yield reference.route, f"{front}/" * bool(front) + f"{new_id}.{name.partition('.')[2]}"


def _renamed(reference: Reference, old_id: str, new_id: str) -> str:
    """The text of a reference with another id as its last one, or of a formula with another name."""
    if not reference.is_in_formula:
        return reference.text.rstrip().removesuffix(old_id) + new_id
    scalar = reference.file.document.scalar(reference.route)
    text = scalar.value if scalar is not None else reference.text
    return FORMULA_NAME.sub(lambda found: new_id if found[0] == old_id else found[0], text)


def _edits_of_record(project: Project, node: Node, new_id: str) -> list[Edit]:
    """The edit that records the former id, as far as one is needed."""
    route, former = (*node.route, "formerly"), node.model.formerly
    if former == new_id:
        return [RemoveValue(route)]
    return [SetValue(route, node.id)] if _is_committed(project, node) else []


def _is_committed(project: Project, node: Node) -> bool:
    """Whether the last commit has a node by its id; where nothing is known of it, it counts as committed."""
    repository = find_repository(project)
    if repository is None:
        return node.model.formerly is None
    head = repository.head()
    if head is None:
        return False
    try:
        before = snapshot.load_snapshot(repository, head.id)
    except OkrctlError:
        return True
    return any(each.ref == node.ref for each in all_nodes(before))


def _require_same_meaning(project: Project, before: Workspace, texts: Mapping[str, str], new_id: str) -> None:
    """Raise RefusedError where a reference would mean another node, or a file would be broken."""
    renamed = replace(project, texts={**project.texts, **{path: text.encode() for path, text in texts.items()}})
    renamed.root = project.root
    after = load_readable(renamed)
    known_problems = {file.path for file, _ in before.broken_files}
    broken = next(((file, why) for file, why in after.broken_files if file.path not in known_problems), None)
    if broken is not None:
        raise RefusedError(f"this would break {broken[0].path}: {broken[1]}", "choose another id")
    meanings = _meanings(after)
    for (file_path, route), (reference, place) in _meanings(before).items():
        found = meanings.get((file_path, route))
        if place != (found[1] if found is not None else None):
            line = reference.file.document.span_at(reference.route).line
            shown = "the formula" if reference.is_in_formula else f"'{reference.text}'"
            message = f"with the id '{new_id}', {shown} in {file_path}:{line} would name something else"
            raise RefusedError(message, "choose another id")


def _meanings(workspace: Workspace) -> dict[tuple[str, Route], tuple[Reference, tuple[tuple[str, Route], ...]]]:
    """What each resolved reference names, by its place; a formula may name several KPIs."""
    found: dict[tuple[str, Route], tuple[Reference, tuple[tuple[str, Route], ...]]] = {}
    for file in workspace.files:
        for reference in mentions.references_in(workspace, file):
            if reference.node is not None:
                key = file.path, reference.route
                known = found[key][1] if key in found else ()
                found[key] = reference, tuple(sorted({*known, _place(reference.node)}))
    return found


def _place(node: Node) -> tuple[str, Route]:
    return node.file.path, node.route
