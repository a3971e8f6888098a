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
from okrctl.outputs.terminal import painted, safe
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.values import quantity
from okrctl.values.diagnostic import Fault
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Kpi, Node, Workspace
from okrctl.yaml import Source
from okrctl.yaml_edit import checkins, plan, preview
from okrctl.yaml_edit.checkins import Checkin, Record
from okrctl.yaml_edit.preview import Effect

SCORECARDS = "scorecards"


class How(NamedTuple):
    """The options of a writing command."""

    commit: bool = False
    force: bool = False
    dry_run: bool = False


def carry_out(session: Session, opened: Workspace, said: Sequence[Checkin], how: How) -> tuple[Workspace, list[Effect]]:
    """Write check-ins, all or none, and say what they mean; the workspace as it is afterwards."""
    return write(session, opened, [_record(session, opened, one) for one in said], how)


def write(
    session: Session,
    opened: Workspace,
    records: Sequence[Record],
    how: How,
    message: Callable[[Sequence[Effect]], str] = preview.message,
) -> tuple[Workspace, list[Effect]]:
    """Write what is recorded, all or nothing, after asking where it is doubtful."""
    doubts = [doubt for record in records for doubt in record.doubts]
    prompts.sure(session, doubts, how.force or how.dry_run)
    old, new = checkins.texts(records)
    after = with_texts(session, opened, new)
    found = preview.effects(opened, after, records, session.today)
    todo = plan(old, new, tuple(record.plan for record in records), message(found))
    done = writing.carry_out(session, todo, dry_run=how.dry_run, commit=how.commit)
    if done:
        session.out("\n".join(answer(session, found)))
    return (after if done else opened), found


def with_texts(session: Session, opened: Workspace, new: Mapping[str, str]) -> Workspace:
    """The workspace with other texts in some files; OkrctlError where they could not be read any more."""
    load = opening.loader(session.root)

    def reload(path: str) -> str | Fault:
        return new[path] if path in new else load(path)

    files = [
        workspace.read_file(Source(file.path, new[file.path]), opened.config)
        if file.path in new
        else replace(file, nodes=[], problems=list(file.problems))
        for file in opened.files
    ]
    after = workspace.assemble(files, opened.config, reload, opened.settings)
    if after.broken:
        file, message = after.broken[0]
        raise OkrctlError(f"this would break {file.path}: {message}", "nothing was written")
    return after


def answer(session: Session, found: Sequence[Effect]) -> list[str]:
    """A line for each check-in, and below those of one objective its new score and status."""
    lines = []
    for place, effect in enumerate(found):
        lines.append(safe(effect.sentence))
        following = found[place + 1] if place + 1 < len(found) else None
        if effect.after is not None and (following is None or following.after is not effect.after):
            lines.append(_standing(session, effect.before, effect.after))
    return lines


def _standing(session: Session, before: ObjectiveScore | None, after: ObjectiveScore) -> str:
    arrow = session.look.glyphs.arrow
    was, now = (_score(one) for one in (before, after))
    moved = f"{was} {arrow} {now}" if was != now else now
    title = after.node.model.title or after.node.ref
    return painted(f"  {safe(title)}: {moved}{f', {after.status}' if after.status else ''}", "bold", session.look)


def _score(one: ObjectiveScore | None) -> str:
    return quantity.show(one.score, None, 2) if one is not None and one.score is not None else "no score"


def _record(session: Session, opened: Workspace, one: Checkin) -> Record:
    try:
        return checkins.record(opened, one, session.today, sealed(session, one.node))
    except OkrctlError as error:
        raise OkrctlError(f"{one.place}: {error.message}" if one.place else error.message, error.hint) from error


def sealed(session: Session, node: Node) -> bool:
    """Whether the period of a thing has a sealed scorecard."""
    return not isinstance(node, Kpi) and (session.root / SCORECARDS / f"{node.period.id}.json").exists()
