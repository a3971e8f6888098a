"""Writes edits of goals and reports what they do to the scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from okrctl import workspace
from okrctl.operations import transaction
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.doubts import Doubt, find_doubts, require_confirmed
from okrctl.operations.load import require_unbroken
from okrctl.operations.project import Project
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import ConfirmError, RefusedError
from okrctl.workspace import Workspace, disk
from okrctl.yaml import Source
from okrctl.yaml_edit import WritePlan, build_plan, checkins, preview
from okrctl.yaml_edit.checkins import PlannedEdit
from okrctl.yaml_edit.preview import ScoreEffect


class RecordResult(NamedTuple):
    """The workspace after the edits, what each edit does to the scores, and what was written."""

    workspace: Workspace
    effects: list[ScoreEffect]
    write: WriteResult


class PreparedEdits(NamedTuple):
    """Edits that can be written: the texts of files before and after, the workspace after, and what is doubted."""

    edits: Sequence[PlannedEdit]
    old: Mapping[str, str]
    new: Mapping[str, str]
    after: Workspace
    doubts: list[Doubt]


def prepare_edits(project: Project, before: Workspace, edits: Sequence[PlannedEdit]) -> PreparedEdits:
    """Work out what edits write; raises OkrctlError where a file would be broken, or an amendment is an error."""
    old, new = checkins.edited_texts(edits)
    after = workspace_with(project, before, new)
    amended = {edit.path for edit in edits if edit.is_amendment}
    if amended:
        _require_no_new_errors(project, before, after, amended)
    return PreparedEdits(edits, old, new, after, find_doubts(after, edits))


def _require_no_new_errors(project: Project, before: Workspace, after: Workspace, paths: Set[str]) -> None:
    """Raise RefusedError where files have an error, as `check` reports it, that they did not have before."""
    from okrctl.check.finding import Context  # here, since check-ins need no rules
    from okrctl.check.runner import find_errors

    context = Context(after.config, project.today)
    errors = find_errors(after, context, paths)
    known = Counter((each.code, each.ref) for each in find_errors(before, context, paths)) if errors else Counter()
    for error in errors:
        known[error.code, error.ref] -= 1
        if known[error.code, error.ref] < 0:
            hint = f"nothing was written; {error.help}".removesuffix("; ")
            raise RefusedError(f"this would break {error.path}: {error.message}", hint, path=error.path)


def write_edits(
    project: Project,
    before: Workspace,
    edits: Sequence[PlannedEdit],
    options: WriteOptions,
    message: Callable[[Sequence[ScoreEffect]], str] = preview.commit_message,
) -> RecordResult:
    """Write all edits or none; `message` makes the commit message.

    Raises OkrctlError for an edit with a warning, unless the options force it, and for a value that looks like a typo,
    unless they confirm it; if nothing is written, neither is an error.
    """
    warnings = edit_warnings(edits)
    if warnings and not (options.force or options.dry_run):
        raise ConfirmError(warnings[0], "use --force to override")
    return write_prepared(project, before, prepare_edits(project, before, edits), options, message)


def plan_edits(
    project: Project,
    before: Workspace,
    edits: Sequence[PlannedEdit],
    message: Callable[[Sequence[ScoreEffect]], str] = preview.commit_message,
    *,
    force: bool = False,
    confirm_value: bool = False,
) -> RecordResult:
    """Return what edits would write; raises ConfirmError for what is likely a mistake, unless it is forced.

    Values that look like typos are confirmed on their own.
    """
    warnings = edit_warnings(edits)
    if warnings and not force:
        raise ConfirmError(warnings[0], "use --force to override")
    prepared = prepare_edits(project, before, edits)
    if not confirm_value:
        require_confirmed(prepared.doubts)
    return write_prepared(project, before, prepared, WriteOptions(dry_run=True), message)


def write_prepared(
    project: Project,
    before: Workspace,
    prepared: PreparedEdits,
    options: WriteOptions,
    message: Callable[[Sequence[ScoreEffect]], str] = preview.commit_message,
) -> RecordResult:
    """Write prepared edits; raises OkrctlError for a value that looks like a typo, unless the options confirm it."""
    if not (options.confirm_value or options.dry_run):
        require_confirmed(prepared.doubts)
    edits, old, new, after, _ = prepared
    effects = preview.score_effects(before, after, edits, project.today)
    pairs = [*zip(edits, effects, strict=True)]
    parts = _split_by_repository(project, pairs) if options.commit and not options.dry_run else [pairs]
    results = [apply_plan(project, _plan_part(part, old, new, message), options) for part in parts]
    plan = _plan_part(pairs, old, new, message)
    commit = next((result.commit for result in reversed(results) if result.commit), None)
    result = WriteResult(any(each.is_written for each in results), commit, results[-1].diff, plan)
    return RecordResult(after if result.is_written else before, effects, result)


def _split_by_repository(
    project: Project, pairs: Sequence[tuple[PlannedEdit, ScoreEffect]]
) -> list[Sequence[tuple[PlannedEdit, ScoreEffect]]]:
    """Split edits with their effects by the repository that holds their files: each gets a commit of its own."""
    trees = transaction.group_by_work_tree(project.root, [edit.node.file.path for edit, _ in pairs])
    if len(trees) > 1:
        transaction.require_committable(trees)
    return [[pair for pair in pairs if pair[0].node.file.path in paths] for paths in trees.values()] or [pairs]


def _plan_part(
    part: Sequence[tuple[PlannedEdit, ScoreEffect]], old: Mapping[str, str], new: Mapping[str, str],
    message: Callable[[Sequence[ScoreEffect]], str],
) -> WritePlan:  # fmt: skip
    """Return the plan of some of the edits; `old` and `new` are the texts of the files of all."""
    made = [each for edit, _ in part for each in checkins.file_edits(edit)]
    paths = {each.path for each in made}
    before, after = ({path: text for path, text in texts.items() if path in paths} for texts in (old, new))
    return build_plan(before, after, tuple(edit.summary for edit, _ in part), message([each for _, each in part]), made)


def edit_warnings(edits: Sequence[PlannedEdit]) -> list[str]:
    """Return what is likely to be a mistake in these edits."""
    return [warning for edit in edits for warning in edit.warnings]


def workspace_with(project: Project, before: Workspace, texts: Mapping[str, str]) -> Workspace:
    """Return the workspace with these texts, reading only their files; raises OkrctlError if they would be broken."""
    read_csv = disk.csv_reader(project.root)

    def read_text(path: str) -> str | FileProblem:
        return texts[path] if path in texts else read_csv(path)

    files = [
        workspace.read_file(Source(file.path, texts[file.path]), before.config)
        if file.path in texts
        else replace(file, nodes=[], schema_problems=list(file.schema_problems))
        for file in before.files
    ]
    return require_unbroken(workspace.assemble_workspace(files, before.config, read_text, before.settings))
