"""Reads goals from CSV, Markdown or an export, and adds them to the files of the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from okrctl.cli import io, load, record, write
from okrctl.cli.options import Commit, DryRun
from okrctl.cli.session import Session
from okrctl.importers import Told, merge, read
from okrctl.outputs.terminal import safe
from okrctl.values.errors import OkrctlError
from okrctl.values.fields import ID
from okrctl.values.patterns import Patterns
from okrctl.values.period import Period, PeriodError, looks_like_period, meant
from okrctl.workspace import Workspace
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import plan


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A CSV or Markdown file, or an export; - reads.")],
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="The period, where the file does not say it.")
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", metavar="ID", help="The team; the company where nothing says it.")
    ] = None,
    columns: Annotated[
        Path | None, typer.Option("--columns", metavar="FILE", help="A YAML mapping of their columns to ours.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite values that differ.")] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> int:
    """Add the objectives and key results of a CSV or Markdown file, and say of each line what came of it."""
    session = Session.of(context)
    opened = load.whole(session)
    how = read.How(_period(opened, period), _team(team), session.today, opened.config, tuple(opened.periods))
    draft = read.read(file, io.text(session.directory, file), how, _columns(session, columns))
    placed = merge.place(opened, draft, force)
    _sound(session, opened, placed.new, force)
    summary = _summary(placed)
    todo = plan(placed.old, placed.new, tuple(f"writing {path}" for path in sorted(placed.new)), f"import {summary}")
    tell = session.say if dry_run else session.out
    if placed.told:
        tell("\n".join(_line(file, one) for one in placed.told))
    tell(summary)
    write.carry_out(session, todo, dry_run=dry_run, commit=commit)
    return 0


def _line(file: str, one: Told) -> str:
    return safe(f"{file}:{one.line}: {'' if one.placed else 'not placed: '}{one.message}")


def _summary(placed: merge.Placed) -> str:
    parts = [f"{count} {what}" for what, count in placed.counts.items()]
    missed = sum(not one.placed for one in placed.told)
    return f"{', '.join(parts) or 'nothing'}; {missed} not placed"


def _columns(session: Session, name: Path | None) -> dict[str, str]:
    if name is None:
        return {}
    document = parse(Source(str(name), io.text(session.directory, str(name))))
    data = document.data
    if document.faults or not isinstance(data, dict) or not all(isinstance(one, str) for one in data.values()):
        reason = document.faults[0].message if document.faults else "it is no mapping of their columns to ours"
        raise OkrctlError(f"{name}: {reason}", "write a line for each column, such as `Goal name: title`")
    return data


def _period(opened: Workspace, words: str | None) -> Period | None:
    if words is None:
        return None
    known = next((one for one in opened.periods if one.id == words), None)
    try:
        return known or meant(words, opened.config.fiscal)
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error


def _team(words: str | None) -> str | None:
    if words is not None and (not ID.match(words) or looks_like_period(words)):
        raise OkrctlError(f"'{words}' is no id of a team", "lower-case letters, digits, - and _, such as growth")
    return words


def _sound(session: Session, opened: Workspace, new: dict[str, str], force: bool) -> None:
    """OkrctlError where the files would not be read, could not be read any more, or are of a sealed period."""
    include, exclude = (Patterns.of(one) for one in (opened.config.include, opened.config.exclude))
    for path in new:
        if not _matches(include, path) or _matches(exclude, path):
            raise OkrctlError(f"okrctl.yaml does not include {path}", "add it under `include:`, or leave that out")
    after = load.from_disk(session, {path: text.encode() for path, text in new.items()})
    if after.broken:
        broken, message = after.broken[0]
        raise OkrctlError(f"this would break {broken.path}: {message}", "nothing was written")
    for name in {file.period.id for file in after.files if file.path in new and file.period}:
        if not force and (session.root / record.SCORECARDS / f"{name}.json").exists():
            raise OkrctlError(f"the scorecard of {name} is sealed", f"okrctl reopen {name}, or --force does it anyway")


def _matches(patterns: Patterns, path: str) -> bool:
    *folders, name = path.split("/")
    for folder in folders:
        patterns = patterns.below(folder)
    return patterns.match(name)
