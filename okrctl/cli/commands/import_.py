"""Reads goals from CSV, Markdown or an export, and adds them to the files of the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl.cli import io, load, record, write
from okrctl.cli.options import Commit, DryRun
from okrctl.cli.session import Session
from okrctl.importers import LineResult, merge, read
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError
from okrctl.values.fields import ID
from okrctl.values.patterns import Patterns
from okrctl.values.period import Period, PeriodError, looks_like_period, parse_loose
from okrctl.workspace import Workspace
from okrctl.yaml import Source, parse
from okrctl.yaml_edit import build_plan

DecimalMark = Literal["comma", "point"]
DateOrder = Literal["day-first", "month-first"]


def import_(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A CSV, TSV, xlsx, Markdown, YAML or JSON file; - reads.")
    ],
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="The period, where the file does not say it.")
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", metavar="ID", help="The team; the company where nothing says it.")
    ] = None,
    columns: Annotated[
        Path | None, typer.Option("--columns", metavar="FILE", help="A YAML mapping of their columns to ours.")
    ] = None,
    map_team: Annotated[
        list[str] | None,
        typer.Option("--map-team", metavar="NAME=ID", help="Use the team ID for a name; may be given again."),
    ] = None,
    decimal: Annotated[
        DecimalMark | None, typer.Option("--decimal", help="The decimal mark, where no number of the file shows it.")
    ] = None,
    dates: Annotated[
        DateOrder | None, typer.Option("--dates", help="The order of dates, where no date of the file shows it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite values that differ.")] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> int:
    """Add the objectives and key results of a table, Markdown, YAML or JSON file, and list what was not placed."""
    session = Session.of(context)
    opened = load.load_workspace(session)
    options = read.ImportOptions(
        _parse_period(opened, period), _parse_team(team), session.today, opened.config, tuple(opened.periods),
        decimal, dates, _parse_team_map(map_team or []),
    )  # fmt: skip
    draft = read.read(file, io.read_bytes_argument(session.directory, file), options, _read_columns(session, columns))
    placed = merge.merge_draft(opened, draft, force)
    _require_importable(session, opened, placed.new, force)
    summary = _summary(placed)
    todo = build_plan(
        placed.old, placed.new, tuple(f"writing {path}" for path in sorted(placed.new)), f"import {summary}"
    )
    tell = session.say if dry_run else session.out
    if placed.results:
        tell("\n".join(_format_line(file, one) for one in placed.results))
    if draft.seen:
        tell(draft.counts())
    tell(summary)
    write.apply_plan(session, todo, dry_run=dry_run, commit=commit)
    return 0


def _format_line(file: str, one: LineResult) -> str:
    return sanitize(f"{file}:{one.line}: {'' if one.is_imported else 'not placed: '}{one.message}")


def _summary(placed: merge.MergeResult) -> str:
    parts = [f"{count} {what}" for what, count in placed.counts.items()]
    missed = sum(not one.is_imported for one in placed.results)
    return f"{', '.join(parts) or 'nothing'}; {missed} not placed"


def _read_columns(session: Session, name: Path | None) -> dict[str, str]:
    if name is None:
        return {}
    document = parse(Source(str(name), io.read_text_argument(session.directory, str(name))))
    data = document.data
    if document.problems or not isinstance(data, dict) or not all(isinstance(one, str) for one in data.values()):
        reason = document.problems[0].message if document.problems else "it is no mapping of their columns to ours"
        raise OkrctlError(f"{name}: {reason}", "write a line for each column, such as `Goal name: title`")
    return data


def _parse_period(opened: Workspace, words: str | None) -> Period | None:
    if words is None:
        return None
    known = next((one for one in opened.periods if one.id == words), None)
    try:
        return known or parse_loose(words, opened.config.fiscal)
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error


def _parse_team(words: str | None) -> str | None:
    if words is not None and (not ID.match(words) or looks_like_period(words)):
        raise OkrctlError(f"'{words}' is no id of a team", "lower-case letters, digits, - and _, such as growth")
    return words


def _parse_team_map(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, team = pair.rpartition("=")
        if not sign or not name.strip():
            raise OkrctlError(f"'{pair}' maps no team", "write --map-team 'Payments EU'=payments")
        found[name.strip()] = _parse_team(team.strip()) or ""
    return found


def _require_importable(session: Session, opened: Workspace, new: dict[str, str], force: bool) -> None:
    """OkrctlError where the files would not be read, could not be read any more, or are of a sealed period."""
    include, exclude = (Patterns.parse(one) for one in (opened.config.include, opened.config.exclude))
    for path in new:
        if not _matches(include, path) or _matches(exclude, path):
            raise OkrctlError(f"okrctl.yaml does not include {path}", "add it under `include:`, or leave that out")
    after = load.load_from_disk(session, {path: text.encode() for path, text in new.items()})
    if after.broken_files:
        broken, message = after.broken_files[0]
        raise OkrctlError(f"this would break {broken.path}: {message}", "nothing was written")
    for name in {file.period.id for file in after.files if file.path in new and file.period}:
        if not force and (session.root / record.SCORECARDS / f"{name}.json").exists():
            raise OkrctlError(f"the scorecard of {name} is sealed", f"okrctl reopen {name}, or --force does it anyway")


def _matches(patterns: Patterns, path: str) -> bool:
    *folders, name = path.split("/")
    for folder in folders:
        patterns = patterns.descend(folder)
    return patterns.matches(name)
