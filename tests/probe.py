"""A command that prints its arguments and fails on request, to test what surrounds all commands."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from okrctl.cli.options import FORMAT, AsOf, DryRun, Output, Owners, Periods, Teams
from okrctl.cli.session import Session
from okrctl.values.errors import OkrctlError

FAILURES = {
    "hint": OkrctlError("no such period\x1b[31m '2026-Q9'", "the quarters of a year are Q1 to Q4"),
    "fault": ZeroDivisionError("a fault"),
    "deep": RecursionError("too deep"),
    "interrupt": KeyboardInterrupt(),
    "abort": typer.Abort(),
}


def probe(
    context: typer.Context,
    periods: Periods = None,
    as_of: AsOf = None,
    teams: Teams = None,
    owners: Owners = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
    dry_run: DryRun = False,
    fail: Annotated[str | None, typer.Option("--fail")] = None,
    status: Annotated[int, typer.Option("--status")] = 0,
    lines: Annotated[int, typer.Option("--lines")] = 0,
) -> int:
    """Print the arguments."""
    session = Session.of(context)
    if fail:
        raise FAILURES[fail]
    told = {
        "periods": periods,
        "as_of": str(as_of),
        "today": str(session.today),
        "teams": teams,
        "owners": owners,
        "format": format,
        "dry_run": dry_run,
        "directory": str(session.directory),
        "color": session.style.color,
        "width": session.style.width,
    }
    session.say("talk")
    session.deliver(json.dumps(told) if not lines else "a line ✓\n" * lines, output)
    return status
