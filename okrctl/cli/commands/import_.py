"""The command that imports goals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl.cli import completion, import_prompt, io
from okrctl.cli.options import FORMAT, Commit, ConfirmValue, DryRun
from okrctl.cli.session import Session
from okrctl.operations import import_ as operation
from okrctl.operations.apply import WriteOptions
from okrctl.operations.import_ import ImportRequest
from okrctl.outputs.views.import_ import render
from okrctl.values.errors import OkrctlError

FILE_HELP = "A CSV, TSV, xlsx, Markdown, YAML or JSON file; - reads standard input."
PERIOD_HELP = "The period, if the file does not name it."
TEAM_HELP = "The team, if the file does not name it (default: company)."
MAP_TEAM_HELP = "Use this team ID for a name in the file; repeatable."
DECIMAL_HELP = "The decimal mark, if no number in the file shows it."
DATES_HELP = "day-first or month-first, if no date in the file shows the order."
BETTER_HELP = "Whether higher or lower is better, for KPIs where the file does not say."
SHEET_HELP = "The sheet of an xlsx file; the default is all that have goals."
COLUMNS_HELP = "A YAML file that maps your column names to okrctl's."


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=FILE_HELP)],
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="PERIOD", autocompletion=completion.complete_periods, help=PERIOD_HELP),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", metavar="ID", autocompletion=completion.complete_teams, help=TEAM_HELP)
    ] = None,
    columns: Annotated[Path | None, typer.Option("--columns", metavar="FILE", help=COLUMNS_HELP)] = None,
    map_team: Annotated[list[str] | None, typer.Option("--map-team", metavar="NAME=ID", help=MAP_TEAM_HELP)] = None,
    decimal: Annotated[Literal["comma", "point"] | None, typer.Option("--decimal", help=DECIMAL_HELP)] = None,
    dates: Annotated[
        Literal["day-first", "month-first"] | None, typer.Option("--dates", metavar="ORDER", help=DATES_HELP)
    ] = None,
    better: Annotated[list[str] | None, typer.Option("--better", metavar="[NAME=]WORD", help=BETTER_HELP)] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=SHEET_HELP)] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite values that differ.")] = False,
    confirm_value: ConfirmValue = False,
    dry_run: DryRun = False,
    commit: Commit = False,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
) -> int:
    """Import goals from a table, Markdown, YAML or JSON."""
    session = Session.of(context)
    data = io.read_bytes_argument(session, file)
    mapping = None
    if columns is not None:
        mapping = operation.parse_columns(str(columns), io.read_text_argument(session, str(columns)))
    teams = _parse_pairs(map_team or [], "map-team", "'Payments EU'=payments")
    request = ImportRequest(
        file, data, period, team, mapping, decimal, dates, teams, sheet, _parse_better(better or [])
    )
    options = WriteOptions(commit, force, dry_run, confirm_value)
    planned = import_prompt.plan_with_answers(session, request, force)
    if format == "table":
        report = operation.build_report(file, planned)
        (session.say if dry_run else session.out)(render(report, "table", session.style))
    answers = import_prompt.ask_about_values(session, planned.doubts, options, planned.after.config.numbers)
    planned = operation.replace_doubted(session, planned, answers, force=force)
    result = operation.import_(session, planned, options._replace(confirm_value=True))
    if format == "json":
        report = operation.build_full_report(session, file, planned, result)
        session.out(render(report, "json", session.style))
    else:
        io.show_diff(session, result)
    return 0


def _parse_better(words: Sequence[str]) -> dict[str, str]:
    """Parse `higher` for all KPIs, or `NAME=higher` for one."""
    directions = ("higher", "lower")
    named = [word for word in words if word not in directions]
    found = _parse_pairs(named, "better", "'Churn'=lower, or --better lower for all KPIs")
    for word in set(words) - set(named):
        found[""] = word
    for value in found.values():
        if value not in directions:
            raise OkrctlError(f"'{value}' is not a value for --better", "use higher or lower")
    return found


def _parse_pairs(pairs: Sequence[str], option: str, example: str) -> dict[str, str]:
    """Parse NAME=VALUE of an option that may be given again."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.rpartition("=")
        if not sign or not name.strip():
            raise OkrctlError(f"'{pair}' is not a value for --{option}", f"write --{option} {example}")
        found[name.strip()] = value.strip()
    return found
