"""Defines the options that several commands share, so that each means the same everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from okrctl.cli import completion
from okrctl.cli.session import parse_date

Periods = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PERIOD]...", autocompletion=completion.complete_periods, help="Periods, such as 2026-Q2."),
]
Period = Annotated[
    str, typer.Argument(metavar="PERIOD", autocompletion=completion.complete_periods, help="A period, such as 2026-Q2.")
]

AsOf = Annotated[
    date | None, typer.Option("--as-of", metavar="DATE", parser=parse_date, help="See everything as on this day.")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="REV", help="Read the files as they were at this git revision.")
]

Teams = Annotated[
    list[str] | None,
    typer.Option(
        "--team", metavar="ID", autocompletion=completion.complete_teams, help="Only this team; may be repeated."
    ),
]
Owners = Annotated[
    list[str] | None,
    typer.Option(
        "--owner", metavar="NAME", autocompletion=completion.complete_owners, help="Only this owner; may be repeated."
    ),
]
Priorities = Annotated[
    list[str] | None, typer.Option("--priority", metavar="0-4", help="Only this priority; may be repeated.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Only this tag; may be repeated.")]

FailIf = Annotated[
    list[str] | None,
    typer.Option("--fail-if", metavar="STATUS", help="End with 1 where a line has this status; may be repeated."),
]

# The formats differ from command to command:  format: Annotated[Literal["table", "json"], FORMAT] = "table"
FORMAT = typer.Option("--format", help="How to write the result.")

Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file, replacing it.")
]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
Commit = Annotated[bool, typer.Option("--commit", help="Commit exactly the files written.")]
