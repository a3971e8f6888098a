"""The command that imports goals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl.cli import io, prompts
from okrctl.cli.options import Commit, ConfirmValue, DryRun
from okrctl.cli.session import Session
from okrctl.importers import LineResult
from okrctl.operations import import_ as operation
from okrctl.operations.apply import WriteOptions
from okrctl.operations.import_ import ImportRequest
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError

FILE_HELP = "A CSV, TSV, xlsx, Markdown, YAML or JSON file; - reads standard input."
PERIOD_HELP = "The period, if the file does not name it."
TEAM_HELP = "The team, if the file does not name it (default: company)."
MAP_TEAM_HELP = "Use this team ID for a name in the file; repeatable."
DECIMAL_HELP = "The decimal mark, if no number in the file shows it."
DATES_HELP = "day-first or month-first, if no date in the file shows the order."
COLUMNS_HELP = "A YAML file that maps your column names to okrctl's."


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=FILE_HELP)],
    period: Annotated[str | None, typer.Option("--period", metavar="PERIOD", help=PERIOD_HELP)] = None,
    team: Annotated[str | None, typer.Option("--team", metavar="ID", help=TEAM_HELP)] = None,
    columns: Annotated[Path | None, typer.Option("--columns", metavar="FILE", help=COLUMNS_HELP)] = None,
    map_team: Annotated[list[str] | None, typer.Option("--map-team", metavar="NAME=ID", help=MAP_TEAM_HELP)] = None,
    decimal: Annotated[Literal["comma", "point"] | None, typer.Option("--decimal", help=DECIMAL_HELP)] = None,
    dates: Annotated[
        Literal["day-first", "month-first"] | None, typer.Option("--dates", metavar="ORDER", help=DATES_HELP)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite values that differ.")] = False,
    confirm_value: ConfirmValue = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> int:
    """Import goals from a table, Markdown, YAML or JSON, and print what happened to each line."""
    session = Session.of(context)
    data = io.read_bytes_argument(session.directory, file)
    mapping = None
    if columns is not None:
        mapping = operation.parse_columns(str(columns), io.read_text_argument(session.directory, str(columns)))
    request = ImportRequest(file, data, period, team, mapping, decimal, dates, _parse_team_map(map_team or []))
    planned = operation.plan_import(session, request, force=force)
    show = session.say if dry_run else session.out
    if planned.lines:
        show("\n".join(_format_line(file, line) for line in planned.lines))
    if planned.placed:
        show(planned.placed)
    show(planned.summary)
    options = WriteOptions(commit, force, dry_run, confirm_value)
    prompts.confirm_import(session, planned.doubts, options)
    options = options._replace(confirm_value=True)
    io.show_diff(session, operation.import_(session, planned, options))
    return 0


def _parse_team_map(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, team = pair.rpartition("=")
        if not sign or not name.strip():
            raise OkrctlError(f"'{pair}' maps no team", "write --map-team 'Payments EU'=payments")
        found[name.strip()] = team.strip()
    return found


def _format_line(file: str, line: LineResult) -> str:
    return sanitize(f"{file}:{line.line}: {'' if line.is_imported else 'not placed: '}{line.message}")
