"""Writes check-ins and answers with what they mean for the scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from okrctl import workspace
from okrctl.cli import load as opening
from okrctl.cli import prompts
from okrctl.cli import write as writing
from okrctl.cli.session import Session
from okrctl.outputs.terminal import paint, sanitize
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.values import quantity
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Kpi, Node, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import build_plan, checkins, preview
from okrctl.yaml_edit.checkins import Checkin, PlannedEdit
from okrctl.yaml_edit.preview import ScoreEffect

SCORECARDS = "scorecards"


class WriteOptions(NamedTuple):
    """The options of a writing command."""

    commit: bool = False
    force: bool = False
    dry_run: bool = False


def record_checkins(
    session: Session, opened: Workspace, requested: Sequence[Checkin], options: WriteOptions
) -> tuple[Workspace, list[ScoreEffect]]:
    """Write check-ins, all or none, and say what they mean; the workspace as it is afterwards."""
    return write_records(session, opened, [_build_record(session, opened, one) for one in requested], options)


def write_records(
    session: Session,
    opened: Workspace,
    records: Sequence[PlannedEdit],
    options: WriteOptions,
    message: Callable[[Sequence[ScoreEffect]], str] = preview.commit_message,
) -> tuple[Workspace, list[ScoreEffect]]:
    """Write what is recorded, all or nothing, after asking where it is doubtful."""
    doubts = [doubt for record in records for doubt in record.warnings]
    prompts.confirm_doubts(session, doubts, options.force or options.dry_run)
    old, new = checkins.edited_texts(records)
    after = workspace_with(session, opened, new)
    found = preview.score_effects(opened, after, records, session.today)
    todo = build_plan(old, new, tuple(record.summary for record in records), message(found))
    done = writing.apply_plan(session, todo, dry_run=options.dry_run, commit=options.commit)
    if done:
        session.out("\n".join(describe_effects(session, found)))
    return (after if done else opened), found


def workspace_with(session: Session, opened: Workspace, texts: Mapping[str, str]) -> Workspace:
    """The workspace with other texts in some files; OkrctlError where they could not be read any more."""
    load = opening.csv_loader(session.root)

    def reload(path: str) -> str | FileProblem:
        return texts[path] if path in texts else load(path)

    files = [
        workspace.read_file(Source(file.path, texts[file.path]), opened.config)
        if file.path in texts
        else replace(file, nodes=[], schema_problems=list(file.schema_problems))
        for file in opened.files
    ]
    after = workspace.assemble_workspace(files, opened.config, reload, opened.settings)
    if after.broken_files:
        file, message = after.broken_files[0]
        raise OkrctlError(f"this would break {file.path}: {message}", "nothing was written")
    return after


def describe_effects(session: Session, found: Sequence[ScoreEffect]) -> list[str]:
    """A line for each check-in, and below those of one objective its new score and status."""
    lines = []
    for place, effect in enumerate(found):
        lines.append(sanitize(effect.sentence))
        following = found[place + 1] if place + 1 < len(found) else None
        if effect.after is not None and (following is None or following.after is not effect.after):
            lines.append(_describe_objective(session, effect.before, effect.after))
    return lines


def _describe_objective(session: Session, before: ObjectiveScore | None, after: ObjectiveScore) -> str:
    arrow = session.style.glyphs.arrow
    was, now = (_format_score(one) for one in (before, after))
    moved = f"{was} {arrow} {now}" if was != now else now
    title = after.node.model.title or after.node.ref
    return paint(f"  {sanitize(title)}: {moved}{f', {after.status}' if after.status else ''}", "bold", session.style)


def _format_score(one: ObjectiveScore | None) -> str:
    return quantity.format_number(one.score, None, 2) if one is not None and one.score is not None else "no score"


def _build_record(session: Session, opened: Workspace, one: Checkin) -> PlannedEdit:
    try:
        return checkins.plan_checkin(opened, one, session.today, is_sealed(session, one.node))
    except OkrctlError as error:
        raise OkrctlError(f"{one.origin}: {error.message}" if one.origin else error.message, error.hint) from error


def is_sealed(session: Session, node: Node) -> bool:
    """Whether the period of a thing has a sealed scorecard."""
    return not isinstance(node, Kpi) and (session.root / SCORECARDS / f"{node.period.id}.json").exists()
