"""The command that imports goals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from okrctl.cli import io
from okrctl.cli.options import Commit, DryRun
from okrctl.cli.session import Session
from okrctl.importers import LineResult
from okrctl.operations import import_ as operation
from okrctl.operations.apply import WriteOptions
from okrctl.operations.import_ import ImportRequest
from okrctl.outputs.terminal import sanitize

FILE_HELP = "A CSV or Markdown file, or an export; - reads standard input."
PERIOD_HELP = "The period, if the file does not name it."
TEAM_HELP = "The team, if the file does not name it; the default is the company."
COLUMNS_HELP = "A YAML file that maps column names to those of okrctl."


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=FILE_HELP)],
    period: Annotated[str | None, typer.Option("--period", metavar="PERIOD", help=PERIOD_HELP)] = None,
    team: Annotated[str | None, typer.Option("--team", metavar="ID", help=TEAM_HELP)] = None,
    columns: Annotated[Path | None, typer.Option("--columns", metavar="FILE", help=COLUMNS_HELP)] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite values that differ.")] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> int:
    """Import the objectives and key results of a CSV or Markdown file, and report on each line."""
    session = Session.of(context)
    text = io.read_text_argument(session.directory, file)
    mapping = None
    if columns is not None:
        mapping = operation.parse_columns(str(columns), io.read_text_argument(session.directory, str(columns)))
    planned = operation.plan_import(session, ImportRequest(file, text, period, team, mapping), force=force)
    show = session.say if dry_run else session.out
    if planned.lines:
        show("\n".join(_format_line(file, line) for line in planned.lines))
    show(planned.summary)
    io.show_diff(session, operation.import_(session, planned, WriteOptions(commit, force, dry_run)))
    return 0


def _format_line(file: str, line: LineResult) -> str:
    return sanitize(f"{file}:{line.line}: {'' if line.is_imported else 'not placed: '}{line.message}")
