"""Defines the options that several commands share, so that each means the same everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.operations.project import parse_date

Strings = list[str] | None

Periods = Annotated[
    Strings,
    typer.Argument(metavar="PERIOD", autocompletion=completion.complete_periods, help="Periods, such as 2026-Q2."),
]
Period = Annotated[
    str, typer.Argument(metavar="PERIOD", autocompletion=completion.complete_periods, help="A period, such as 2026-Q2.")
]

AsOf = Annotated[
    date | None, typer.Option("--as-of", metavar="DATE", parser=parse_date, help="Show the state on this day.")
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="REV",
        autocompletion=completion.complete_revisions,
        help="Read the files as of a commit, tag or date.",
    ),
]

Teams = Annotated[
    Strings,
    typer.Option("--team", metavar="ID", autocompletion=completion.complete_teams, help="Only this team; repeatable."),
]
Owners = Annotated[
    Strings,
    typer.Option(
        "--owner", metavar="NAME", autocompletion=completion.complete_owners, help="Only this owner; repeatable."
    ),
]
Priorities = Annotated[Strings, typer.Option("--priority", metavar="0-4", help="Only this priority; repeatable.")]
Tags = Annotated[Strings, typer.Option("--tag", metavar="TAG", help="Only this tag; repeatable.")]

FailIf = Annotated[
    Strings,
    typer.Option(
        "--fail-if",
        metavar="STATUS",
        autocompletion=completion.complete_statuses,
        help="Exit with 1 if a goal is STATUS, such as at-risk.",
    ),
]

Ids = Annotated[bool, typer.Option("--ids", help="Show ids in place of titles.")]
Wide = Annotated[bool, typer.Option("--wide", help="Show all columns in full, however wide.")]

Watch = Annotated[bool, typer.Option("--watch", help="Show the result again when a file changes.")]

# The formats differ from command to command:  format: Annotated[Literal["table", "json"], FORMAT] = "table"
FORMAT = typer.Option("--format", help="Output format.")

# What a command that writes prints: words for people, or one document with the changes, the diff and the commit.
WriteFormat = Literal["table", "json"]

Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to this file, replacing it.")
]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
ConfirmValue = Annotated[bool, typer.Option("--confirm-value", help="Write numbers even if they look like typos.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files and values.")]
Commit = Annotated[bool, typer.Option("--commit", help="Commit this edit and nothing else.")]
