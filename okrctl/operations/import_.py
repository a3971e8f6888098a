"""Imports goals from tables, Markdown, YAML, JSON or an export into the files of the workspace."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from okrctl import files, scoring
from okrctl.check.finding import Context
from okrctl.check.runner import run_rules
from okrctl.history.seals.seal import seal_path
from okrctl.importers import ImportDraft, ImportReport, LineResult, Question, merge, read
from okrctl.importers.options import KnownGoal
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.doubts import Doubt, require_confirmed, value_doubts
from okrctl.operations.load import load_with_changes, load_workspace
from okrctl.operations.project import Project
from okrctl.schema import validate
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.values.errors import OkrctlError
from okrctl.values.fields import ID
from okrctl.values.patterns import Patterns
from okrctl.values.period import Period, PeriodError, looks_like_period, parse_loose, selection
from okrctl.values.readings import find_reading_key
from okrctl.workspace import Node, Objective, Workspace
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import Edit, RemoveValue, SetValue, WritePlan, build_plan, edit


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """The bytes or text to import with its file name, and what it does not say itself.

    `decimal` (`comma`, `point`) and `dates` (`day-first`, `month-first`) decide what no cell of the file does; `better`
    has `higher` or `lower` by the title of a KPI that does not say it, and by an empty one for all others.
    """

    name: str
    data: bytes | str
    period: str | None = None
    team: str | None = None
    columns: Mapping[str, str] | None = None
    decimal: str | None = None
    dates: str | None = None
    team_map: Mapping[str, str] | None = None
    sheet: str | None = None
    better: Mapping[str, str] | None = None


class PlannedImport(NamedTuple):
    """What became of each line, the counts, and the plan that writes the goals.

    `totals` has for each kind how many were seen and how many placed; `doubts` are values that look like typos, and
    `questions` what would place more.
    """

    lines: list[LineResult]
    counts: Mapping[str, int]
    plan: WritePlan
    totals: Mapping[str, tuple[int, int]]
    before: Workspace
    after: Workspace
    placed: str = ""  # how many of the goals that the file has, in words
    doubts: Sequence[Doubt] = ()
    questions: Sequence[Question] = ()

    @property
    def summary(self) -> str:
        """What was imported, in numbers."""
        return _summarize(self.counts, self.lines)

    @property
    def paths(self) -> set[str]:
        """The files that are written."""
        return {change.path for change in self.plan.changes}


def plan_import(project: Project, request: ImportRequest, *, force: bool = False) -> PlannedImport:
    """Return what an import writes.

    Raises OkrctlError where the goals cannot be placed or would break a file, MissingAnswer where an answer would help.
    """
    workspace = load_workspace(project)
    period = _parse_period(workspace, request.period, project.today)
    options = read.ImportOptions(
        period, _parse_team(request.team), project.today, workspace.config,
        tuple(workspace.periods), request.decimal, request.dates, _parse_teams(request.team_map or {}),
        request.sheet, request.better or {}, *_known_goals(workspace),
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
    questions = list(dict.fromkeys(draft.questions))
    return PlannedImport(
        result.results, result.counts, plan, _totals(draft), workspace, after, placed, doubts, questions
    )


def _known_goals(workspace: Workspace) -> tuple[tuple[KnownGoal, ...], tuple[KnownGoal, ...]]:
    """The objectives and key results, and the KPIs, that an imported goal may refer to."""
    goals: list[KnownGoal] = []
    for objective in workspace.objectives:
        goals.append(KnownGoal(objective.ref, objective.model.title or "", objective.period))
        for result in objective.key_results:
            goals.append(KnownGoal(result.ref, result.model.title or "", objective.period))
    return tuple(goals), tuple(KnownGoal(kpi.id, kpi.model.title or "") for kpi in workspace.kpi_nodes)


def _totals(draft: ImportDraft) -> dict[str, tuple[int, int]]:
    placed = draft.count_placed()
    return {kind: (draft.seen.get(kind, count), count) for kind, count in placed.items()}


def replace_doubted(
    project: Project, planned: PlannedImport, answers: Mapping[Doubt, str | None], *, force: bool = False
) -> PlannedImport:
    """The plan with answers in place of doubted values; None leaves a reading out, and a baseline or target open."""
    if not answers:
        return planned
    nodes = {node.ref: node for file in planned.after.files for node in file.nodes_with_readings()}
    edits: dict[str, list[Edit]] = {}
    for doubt, answer in answers.items():
        node = nodes[doubt.ref]
        edits.setdefault(node.file.path, []).append(_answer_edit(node, doubt, answer))
    for node in map(nodes.__getitem__, {doubt.ref for doubt in answers}):
        edits[node.file.path] = _without_empty_readings(node, edits[node.file.path])
    old = {change.path: change.old for change in planned.plan.changes}
    new = {change.path: change.new or "" for change in planned.plan.changes}
    new |= {path: edit(Source(path, new[path]), changes).text for path, changes in edits.items()}
    after = _require_importable(project, planned.before, new, force)
    _require_no_errors(project, planned.before, after, set(new))
    plan = build_plan(old, new, planned.plan.messages, planned.plan.message)
    return planned._replace(plan=plan, after=after, doubts=())


def _answer_edit(node: Node, doubt: Doubt, answer: str | None) -> Edit:
    raw = validate.mapping_at(node.file.document.data, node.route)
    if not isinstance(doubt.place, date):
        route = (*node.route, *doubt.place)
        text = "TBD" if answer is None else doubt.replace_in(str(raw[str(doubt.place[0])]), answer)
        return SetValue(route, text)
    readings = validate.mapping_at(node.file.document.data, (*node.route, "readings"))
    key = find_reading_key(readings, doubt.place) or str(doubt.place)
    if answer is None:
        return RemoveValue((*node.route, "readings", key))
    written = readings[key]
    steps = ("readings", key, "value") if isinstance(written, Mapping) else ("readings", key)
    text = written["value"] if isinstance(written, Mapping) else written
    return SetValue((*node.route, *steps), doubt.replace_in(str(text), answer))


def _without_empty_readings(node: Node, edits: list[Edit]) -> list[Edit]:
    """The edits with one that removes all readings in place of those that remove each."""
    route = (*node.route, "readings")
    removed = [edit for edit in edits if isinstance(edit, RemoveValue) and edit.route[:-1] == route]
    if not removed or len(removed) < len(validate.mapping_at(node.file.document.data, route)):
        return edits
    return [*(edit for edit in edits if edit not in removed), RemoveValue(route)]


def build_report(name: str, planned: PlannedImport) -> ImportReport:
    """What became of each line of a file, and the counts."""
    summary = tuple(filter(None, (planned.placed, planned.summary)))
    return ImportReport(name, planned.lines, planned.counts, planned.totals, summary)


def build_full_report(project: Project, name: str, planned: PlannedImport, result: WriteResult) -> ImportReport:
    """The report with the changes of goals and scores, and what was written."""
    doubts = [
        {"ref": doubt.ref, "field": _field_of(doubt), "text": doubt.text, "reason": doubt.reason, "ways": doubt.ways}
        for doubt in planned.doubts
    ]
    return replace(
        build_report(name, planned),
        changes=list(_node_changes(planned)),
        effects=list(_score_effects(project, planned)),
        doubts=doubts,
        diff=planned.plan.diff(),
        commit=result.commit,
        is_written=result.is_written,
    )


def _field_of(doubt: Doubt) -> str:
    return f"readings.{doubt.place}" if isinstance(doubt.place, date) else ".".join(map(str, doubt.place))


def _node_changes(planned: PlannedImport) -> Iterator[dict[str, object]]:
    """A new goal as a whole, without an old value and a field; of others each field and reading that differs."""
    old = {node.ref: node for node in _nodes_of(planned.before, planned.paths)}
    for node in _nodes_of(planned.after, planned.paths):
        new = _fields_of(node)
        at = {"path": node.file.path, "ref": node.ref}
        if node.ref not in old:
            yield {**at, "field": None, "old": None, "new": new}
            continue
        before = _flat(_fields_of(old[node.ref]))
        for field, value in _flat(new).items():
            if before.get(field) != value:
                yield {**at, "field": field, "old": before.get(field), "new": value}


def _nodes_of(workspace: Workspace, paths: set[str]) -> Iterator[Node]:
    for file in workspace.files:
        for node in file.nodes if file.path in paths else ():
            yield node
            yield from node.key_results if isinstance(node, Objective) else ()


def _fields_of(node: Node) -> dict[str, object]:
    raw = validate.mapping_at(node.file.document.data, node.route)
    return {key: value for key, value in raw.items() if key != "key_results"}


def _flat(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields with `readings.2026-05-04` for each reading."""
    found: dict[str, object] = {}
    for key, value in fields.items():
        if key == "readings" and isinstance(value, Mapping):
            found |= {f"readings.{day}": reading for day, reading in value.items()}
        else:
            found[key] = value
    return found


def _score_effects(project: Project, planned: PlannedImport) -> Iterator[dict[str, object]]:
    """The scores of objectives in the written files that are new or changed."""
    spans = {file.period.id: file.period for file in planned.after.files if file.path in planned.paths and file.period}
    for span in spans.values():
        old, new = (_scores_of(project, workspace, span) for workspace in (planned.before, planned.after))
        for ref, score in new.items():
            before = old.get(ref)
            if before is None or (before.score, before.status) != (score.score, score.status):
                yield {"ref": ref, "old": before and before.score, "new": score.score, "status": score.status}


def _scores_of(project: Project, workspace: Workspace, span: Period) -> dict[str, ObjectiveScore]:
    day = scoring.default_day(span, project.today, workspace.config)
    card = scoring.build_scorecard(workspace, span, day)
    return {objective.node.ref: objective for objective in card.objectives}


def import_(project: Project, planned: PlannedImport, options: WriteOptions) -> WriteResult:
    """Write a planned import; raises OkrctlError for values that look like typos, unless the options confirm them."""
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
    skipped = sum(line.outcome == "not-placed" for line in lines)
    return f"{', '.join(parts) or 'nothing'}; {skipped} not imported"


def _parse_period(workspace: Workspace, name: str | None, today: date) -> Period | None:
    """The period of a full name, also one without files; else that which a part of a name selects, such as `Q2`."""
    if name is None:
        return None
    known = next((period for period in workspace.periods if period.id == name), None)
    with contextlib.suppress(PeriodError):
        return known or parse_loose(name, workspace.config.fiscal)
    try:
        return selection.find_period(name, workspace.periods, today, workspace.config.fiscal)
    except PeriodError as error:
        raise OkrctlError(error.message, "use a full name, such as --period 2026-Q2") from error


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
        if not include.matches_path(path) or exclude.matches_path(path):
            raise OkrctlError(f"okrctl.yaml does not include {path}", "add it under `include:`")
    after = load_with_changes(project, texts)
    for period in {file.period.id for file in after.files if file.path in texts and file.period}:
        if not force and files.has_file(project.root, seal_path(period)):
            raise OkrctlError(
                f"the scorecard of {period} is sealed",
                f"`okrctl reopen {period} --reason TEXT` reopens it; use --force to override",
            )
    return after


def _require_no_errors(project: Project, before: Workspace, after: Workspace, paths: set[str]) -> None:
    """Hold the new files against the rules, before they are written: an error would be a fault of the importer."""
    new = _errors_of(project, after, paths) - _errors_of(project, before, paths)
    if new:
        raise RuntimeError(f"the imported files would have errors: {'; '.join(sorted(new))}")


def _errors_of(project: Project, workspace: Workspace, paths: set[str]) -> set[str]:
    found = run_rules(workspace, Context(workspace.config, project.today))
    return {
        f"{diagnostic.path}: {diagnostic.code} {diagnostic.message}"
        for diagnostic in found
        if diagnostic.severity == "error" and diagnostic.path in paths
    }
