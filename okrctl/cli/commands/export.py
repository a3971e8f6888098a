"""Writes all readings of all periods as rows, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl import files
from okrctl.analysis import export_rows, filters
from okrctl.cli import load
from okrctl.cli.options import AsOf, KnownAt, Output, Owners, Priorities, Tags, Teams
from okrctl.cli.session import Session
from okrctl.operations import parquet
from okrctl.outputs.views.export import render
from okrctl.values.errors import OkrctlError


def export(
    context: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    format: Annotated[
        Literal["csv", "json", "jsonl", "parquet"], typer.Option("--format", help="How to write the rows.")
    ] = "csv",
    output: Output = None,
) -> int:
    """Write a row for each objective, key result and KPI on each day with a reading; `okrctl import` reads it back."""
    session = Session.of(context)
    opened, commit = load.load_at_revision(session, known_at)
    wanted = filters.parse_selection(opened, team, owner, priority, tag)
    day = as_of or (session.today if commit else None)
    result = export_rows.build_export(opened, wanted, session.today, day)
    if format == "parquet":
        _deliver_bytes(session, parquet.to_parquet(result), output)
    else:
        session.deliver(render(result, format, session.style), output)
    return 0


def _deliver_bytes(session: Session, data: bytes, output: Path | None) -> None:
    """Bytes to a file or a pipe; a terminal cannot show them."""
    if output is not None and str(output) != "-":
        files.write_output(session.directory / output, data)
        session.say(f"wrote {output}")
    elif sys.stdout.isatty():
        raise OkrctlError("Parquet is nothing for a terminal", "name a file with -o FILE")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
