"""Reads texts that a command is given, and writes the results of writing operations."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from okrctl import files
from okrctl.cli import prompts
from okrctl.cli.options import WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import record
from okrctl.operations.apply import WriteOptions, WriteResult
from okrctl.operations.doubts import Doubt
from okrctl.operations.record import RecordResult
from okrctl.operations.transaction import release_lock
from okrctl.outputs.terminal import paint, sanitize
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Workspace
from okrctl.yaml import decode
from okrctl.yaml_edit import preview
from okrctl.yaml_edit.checkins import PlannedEdit
from okrctl.yaml_edit.preview import ScoreEffect

Replan = Callable[[Mapping[Doubt, str]], Sequence[PlannedEdit]]


def read_text_argument(session: Session, name: str) -> str:
    """Return the text of a file, by its path from the folder of the run, or of standard input for `-`."""
    decoded = decode(name, _read_argument(session, name))
    if isinstance(decoded, FileProblem):
        raise OkrctlError(f"{name}: {decoded.message}", decoded.help)
    return decoded.text


def read_bytes_argument(session: Session, name: str) -> bytes:
    """Return the bytes of a file, by its path from the folder of the run, or of standard input for `-`."""
    data = _read_argument(session, name)
    if isinstance(data, FileProblem):
        raise OkrctlError(f"{name}: {data.message}", data.help)
    return data


def _read_argument(session: Session, name: str) -> bytes | FileProblem:
    if name != "-":
        return files.read(session.directory, name)
    release_lock(session)  # others may write while the input comes
    return sys.stdin.buffer.read()


def show_diff(session: Session, result: WriteResult) -> None:
    """Print the diff of a dry run."""
    if result.diff is not None:
        session.out("\n".join(sanitize(line) for line in result.diff.split("\n")))


def show_write(
    session: Session,
    results: Sequence[WriteResult],
    format: WriteFormat,
    config: Config | None = None,
    effects: Sequence[ScoreEffect] = (),
    error: OkrctlError | None = None,
) -> None:
    """Print what was written, as JSON, or the diff of a dry run; `config` defaults to the settings on the disk.

    With an error, which is JSON alone, the document has what was written all the same.
    """
    if format == "table":
        for result in results:
            show_diff(session, result)
        return
    from okrctl.outputs.views import written
    from okrctl.workspace import disk

    changes = [change for result in results for change in result.changes]
    commit = next((result.commit for result in reversed(results) if result.commit), None)
    settings = config or disk.read_settings(session.root)[0]
    session.out(written.render(changes, commit, effects, settings, format, error))
    if error is not None:
        session.warn(f"error: {error.message}")
        session.warn(f"hint: {error.hint}")


def write_edits(
    session: Session,
    workspace: Workspace,
    edits: Sequence[PlannedEdit],
    options: WriteOptions,
    message: Callable[[Sequence[ScoreEffect]], str] = preview.commit_message,
    replan: Replan | None = None,
    format: WriteFormat = "table",
) -> RecordResult:
    """Ask about likely mistakes, write the edits, and print what they do to the scores.

    `replan` plans the edits anew with the values that a person gives in place of doubted ones.
    """
    force = options.force or options.dry_run
    prompts.confirm_doubts(session, record.edit_warnings(edits), force)
    prepared = record.prepare_edits(session, workspace, edits)
    answers = prompts.confirm_values(session, prepared.doubts, options, workspace.config.numbers)
    if answers and replan is not None:
        prepared = record.prepare_edits(session, workspace, replan(answers))
    result = record.write_prepared(
        session, workspace, prepared, options._replace(force=True, confirm_value=True), message
    )
    show_write(session, [result.write], format, workspace.config, result.effects)
    if result.write.is_written and format == "table":
        session.out("\n".join(_describe_effects(session, result.effects)))
    return result


def _describe_effects(session: Session, effects: Sequence[ScoreEffect]) -> list[str]:
    """Return a line for each edit, and after those of one objective a line with its new score and status."""
    lines = []
    for number, effect in enumerate(effects):
        lines.append(sanitize(effect.sentence))
        following = effects[number + 1] if number + 1 < len(effects) else None
        if effect.after is not None and (following is None or following.after is not effect.after):
            lines.append(_describe_objective(session, effect.before, effect.after))
    return lines


def _describe_objective(session: Session, before: ObjectiveScore | None, after: ObjectiveScore) -> str:
    old, new = format_score(before), format_score(after)
    change = f"{old} -> {new}" if old != new else new  # the arrow of the lines above and of the commit message
    title = after.node.model.title or after.node.ref
    status = f", {after.status}" if after.status else ""
    return paint(f"  {sanitize(title)}: {change}{status}", "bold", session.style)


def format_score(objective: ObjectiveScore | None) -> str:
    """Return the score of an objective as every command prints it."""
    if objective is None or objective.score is None:
        return "no score"
    return objective.precision.score(objective.score)
