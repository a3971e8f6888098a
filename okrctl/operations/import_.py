"""Imports goals from tables, Markdown, YAML, JSON or an export into the files of the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from okrctl.check.finding import Context
from okrctl.check.runner import run_rules
from okrctl.importers import LineResult, merge, read
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.doubts import Doubt, require_confirmed, value_doubts
from okrctl.operations.load import load_with_changes, load_workspace
from okrctl.operations.project import Project
from okrctl.seals.seal import seal_path
from okrctl.values.errors import OkrctlError
from okrctl.values.fields import ID
from okrctl.values.patterns import Patterns
from okrctl.values.period import Period, PeriodError, looks_like_period, parse_loose
from okrctl.workspace import Workspace
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import WritePlan, build_plan


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """The bytes or text to import with its file name, and what it does not say itself.

    `decimal` (`comma`, `point`) and `dates` (`day-first`, `month-first`) decide what no cell of the file does.
    """

    name: str
    data: bytes | str
    period: str | None = None
    team: str | None = None
    columns: Mapping[str, str] | None = None
    decimal: str | None = None
    dates: str | None = None
    team_map: Mapping[str, str] | None = None


class PlannedImport(NamedTuple):
    """What became of each line, the counts, and the plan that writes the goals."""

    lines: list[LineResult]
    counts: Mapping[str, int]
    plan: WritePlan
    placed: str = ""  # how many of the goals that the file has, in words
    doubts: Sequence[Doubt] = ()  # values that look like slips

    @property
    def summary(self) -> str:
        """What was imported, in numbers."""
        return _summarize(self.counts, self.lines)


def plan_import(project: Project, request: ImportRequest, *, force: bool = False) -> PlannedImport:
    """Return what an import writes; raises OkrctlError where the goals cannot be placed or would break a file."""
    workspace = load_workspace(project)
    options = read.ImportOptions(
        _parse_period(workspace, request.period), _parse_team(request.team), project.today, workspace.config,
        tuple(workspace.periods), request.decimal, request.dates, _parse_teams(request.team_map or {}),
    )  # fmt: skip
    draft = read.read(request.name, request.data, options, dict(request.columns or {}))
    result = merge.merge_draft(workspace, draft, force)
    after = _require_importable(project, workspace, result.new, force)
    if draft.seen:
        _require_no_errors(project, workspace, after, set(result.new))
    messages = tuple(f"writing {path}" for path in sorted(result.new))
    summary = _summarize(result.counts, result.results)
    plan = build_plan(result.old, result.new, messages, f"import {summary}")
    placed = draft.counts() if draft.seen else ""
    doubts = list(_find_doubts(workspace, after, set(result.new)))
    return PlannedImport(result.results, result.counts, plan, placed, doubts)


def import_(project: Project, planned: PlannedImport, options: WriteOptions) -> WriteResult:
    """Write a planned import; raises OkrctlError for values that look like slips, unless the options confirm them."""
    if not (options.confirm_value or options.dry_run):
        require_confirmed(planned.doubts)
    return apply_plan(project, planned.plan, options)


def _find_doubts(before: Workspace, after: Workspace, paths: set[str]) -> Iterator[Doubt]:
    """The doubts about the numbers that an import writes to these files."""
    old = {node.ref: node for file in before.files if file.path in paths for node in file.nodes_with_readings()}
    for file in after.files:
        if file.path in paths:
            yield from value_doubts(old, after, file.nodes_with_readings())


def parse_columns(name: str, text: str) -> dict[str, str]:
    """Parse a YAML mapping of column names in a file to those of okrctl."""
    document = parse(Source(name, text))
    data = document.data
    if document.problems or not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        problem = document.problems[0].message if document.problems else "expected a mapping of their columns to ours"
        raise OkrctlError(f"{name}: {problem}", "write a line for each column, such as `Goal name: title`")
    return data


def _summarize(counts: Mapping[str, int], lines: Iterable[LineResult]) -> str:
    parts = [f"{count} {kind}" for kind, count in counts.items()]
    skipped = sum(not line.is_imported for line in lines)
    return f"{', '.join(parts) or 'nothing'}; {skipped} not placed"


def _parse_period(workspace: Workspace, name: str | None) -> Period | None:
    if name is None:
        return None
    known = next((period for period in workspace.periods if period.id == name), None)
    try:
        return known or parse_loose(name, workspace.config.fiscal)
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error


def _parse_team(name: str | None) -> str | None:
    if name is not None and (not ID.match(name) or looks_like_period(name)):
        raise OkrctlError(f"'{name}' is not a valid team id", "use lower-case letters, digits, - and _, such as growth")
    return name


def _parse_teams(names: Mapping[str, str]) -> dict[str, str]:
    return {name: _parse_team(team) or "" for name, team in names.items()}


def _require_importable(project: Project, workspace: Workspace, texts: dict[str, str], force: bool) -> Workspace:
    """Return the workspace with the new files.

    Raises OkrctlError where the settings exclude a file, a file would be broken, or its period is sealed.
    """
    include, exclude = Patterns.parse(workspace.config.include), Patterns.parse(workspace.config.exclude)
    for path in texts:
        if not _matches(include, path) or _matches(exclude, path):
            raise OkrctlError(f"okrctl.yaml does not include {path}", "add it under `include:`")
    after = load_with_changes(project, texts)
    for period in {file.period.id for file in after.files if file.path in texts and file.period}:
        if not force and (project.root / seal_path(period)).exists():
            raise OkrctlError(
                f"the scorecard of {period} is sealed",
                f"`okrctl reopen {period} --reason TEXT` reopens it; use --force to override",
            )
    return after


def _require_no_errors(project: Project, before: Workspace, after: Workspace, paths: set[str]) -> None:
    """Hold the new files against the rules, before they are written: an error would be a fault of the importer."""
    new = _errors_of(project, after, paths) - _errors_of(project, before, paths)
    if new:
        raise RuntimeError(f"the import would write errors: {'; '.join(sorted(new))}")


def _errors_of(project: Project, workspace: Workspace, paths: set[str]) -> set[str]:
    found = run_rules(workspace, Context(workspace.config, project.today))
    return {
        f"{diagnostic.path}: {diagnostic.code} {diagnostic.message}"
        for diagnostic in found
        if diagnostic.severity == "error" and diagnostic.path in paths
    }


def _matches(patterns: Patterns, path: str) -> bool:
    *folders, name = path.split("/")
    for folder in folders:
        patterns = patterns.descend(folder)
    return patterns.matches(name)
