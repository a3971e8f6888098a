"""Merges three versions of one file for git, which shows a merge driver one file at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

from okrctl import files, workspace
from okrctl.check import runner
from okrctl.check.finding import Context
from okrctl.merge import Conflict, CsvFormat, MergedText, MergeError, Versions, merge_texts
from okrctl.merge import Path as ValuePath
from okrctl.operations import workspaces
from okrctl.operations.project import Project
from okrctl.schema.settings import Config
from okrctl.values.diagnostic import Diagnostic, FileProblem, Route
from okrctl.values.errors import OkrctlError
from okrctl.values.readings import CsvReadings
from okrctl.workspace import KeyResult, Kpi, Workspace, disk
from okrctl.yaml import Document, Source, decode, parse

MAX_ROUNDS = 5
# Beside all errors: a weight beside a sibling without one, which changes a score and is rarely meant.
REPORTED_WARNINGS = ("OKR110",)

FindingKey = tuple[str, str, str]


def merge_file(base: Path, ours: Path, theirs: Path, path: str, marker_size: int) -> Sequence[Conflict]:
    """Write the merge of three files to `ours` and return what is in conflict; `path` is that in the repository.

    Raises an error, with `ours` as before, where a version cannot be read, where the settings of the workspace are
    invalid, and where the merge cannot vouch for its result.
    """
    contents = [file.read_bytes() for file in (base, ours, theirs)]
    texts = Versions(*(_decode(path, data) for data in contents))
    root = workspaces.find_root((Path.cwd() / path).parent).folder
    relative = os.path.relpath(Path.cwd() / path, root).replace(os.sep, "/")
    merged = merge_single(texts, relative, root, Project(root))
    files.write_atomically(ours, merged.render(marker_size=marker_size).encode(), contents[1])
    return merged.conflicts


def merge_single(texts: Versions, path: str, root: Path, project: Project) -> MergedText:
    """The merge of one file of a workspace; an error that neither version has is a conflict."""
    config = _valid_settings(root, path)
    csv = find_csv_format(disk.load_folder(root), path) if path.endswith(".csv") else None
    merged = merge_texts(texts, path, csv=csv)
    if merged.decision is None or path == files.SETTINGS_NAME:
        return merged
    context = Context(config, project.today, frozenset())
    known = {key for text in texts[1:] for key in error_keys(_load_alone(text, path, context), context)}
    contested: dict[ValuePath, str] = {}
    for _ in range(MAX_ROUNDS):
        errors = new_errors(_load_alone(merged.text_of("ours"), path, context), context, known)
        if not errors:
            return merged
        contested |= find_contested(merged, errors)
        merged = merge_texts(texts, path, contested)
    raise MergeError("the merged file would have errors that neither version has", "merge it by hand")


def _valid_settings(root: Path, path: str) -> Config:
    """The settings of a workspace. Raises OkrctlError where they are invalid and not themselves merged."""
    config, settings = disk.read_settings(root)
    if settings is not None and path != settings.path and (settings.file_problems or settings.schema_problems):
        raise OkrctlError(f"{settings.path} is invalid", "correct it, and merge again")
    return config


def find_contested(merged: MergedText, errors: Sequence[Diagnostic]) -> Mapping[ValuePath, str]:
    """The changes at which errors of the merged text lie. Raises MergeError where one lies at none."""
    document = parse(Source(merged.path, merged.text_of("ours")))
    contested: dict[ValuePath, str] = {}
    for error in errors:
        place = merged.find_change(find_route(document, error))
        if place is None:
            raise MergeError(f"the merged file would have an error: {error.message}", "merge it by hand")
        contested[place] = error.message
    return contested


def find_route(document: Document, diagnostic: Diagnostic) -> Route:
    """The route of the value or key at which a diagnostic lies."""
    place = diagnostic.span[:2]
    found: Route = ()
    for route, _, is_key, _ in document.scalars():
        span = document.key_span(route) if is_key else document.span_at(route)
        if span[:2] <= place:
            found = route
    return found


def find_csv_format(loaded: Workspace, path: str) -> CsvFormat | None:
    """How a workspace reads a CSV file; None where it does not."""
    nodes: list[KeyResult | Kpi] = [*loaded.key_results, *loaded.kpi_nodes]
    for node in nodes:
        if node.csv is not None and node.csv.path == path and isinstance(node.model.readings, CsvReadings):
            return CsvFormat(node.model.readings, getattr(node.model, "aggregate", None) == "sum")
    return None


def error_keys(loaded: Workspace, context: Context) -> set[FindingKey]:
    """What makes the errors of a version the same as those of another one."""
    return {key for key, _ in _find_errors(loaded, context)}


def new_errors(loaded: Workspace, context: Context, known: Set[FindingKey]) -> list[Diagnostic]:
    """The errors of merged goals that no version has."""
    return [found for key, found in _find_errors(loaded, context) if key not in known]


def _find_errors(loaded: Workspace, context: Context) -> Iterator[tuple[FindingKey, Diagnostic]]:
    """The findings that make a conflict, each with what stays the same where one side renames its goal."""
    former = _former_refs(loaded)
    for found in runner.run_rules(loaded, context):
        if found.severity == "error" or found.code in REPORTED_WARNINGS:
            place = found.ref or found.path
            yield (found.code, former.get(place, place), found.message), found


def _former_refs(loaded: Workspace) -> dict[str, str]:
    """The references of goals that were renamed, to what they would be without it."""
    former = {}
    for objective in loaded.objectives:
        own = objective.ref.removesuffix(objective.id) + (objective.model.formerly or objective.id)
        former[objective.ref] = own
        former |= {result.ref: f"{own}.{result.model.formerly or result.id}" for result in objective.key_results}
    return former


def _load_alone(text: str, path: str, context: Context) -> Workspace:
    file = workspace.read_file(Source(path, text), context.config)
    return workspace.assemble_workspace([file], context.config, _no_text)


def _no_text(path: str) -> str:
    return "date,value\n"


def _decode(path: str, data: bytes) -> str:
    decoded = decode(path, data)
    if isinstance(decoded, FileProblem):
        raise MergeError(decoded.message, decoded.help)
    return decoded.text
