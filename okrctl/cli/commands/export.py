"""The command that exports rows for other programs."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl import files
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Owners, Priorities, Tags, Teams
from okrctl.cli.session import Session
from okrctl.files import record
from okrctl.operations.export import ExportRequest
from okrctl.operations.export import export as build_export
from okrctl.operations.load import Filters
from okrctl.operations.project import parse_date
from okrctl.operations.warehouse import render_parquet, table_name, write_folder, write_table
from okrctl.outputs.views.export import render
from okrctl.values.errors import OkrctlError


def export(
    context: typer.Context,
    what: Annotated[
        Literal["readings", "scores", "kpis", "objectives"], typer.Option("--what", help="Which rows.")
    ] = "readings",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    every: Annotated[
        Literal["day", "week", "month"] | None,
        typer.Option("--every", help="One row per day, week or month, for scores and kpis (default: week)."),
    ] = None,
    since: Annotated[
        date | None,
        typer.Option("--since", metavar="DATE", parser=parse_date, help="Only rows from this day on."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--until", metavar="DATE", parser=parse_date, help="Only rows up to this day."),
    ] = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace", metavar="NAME", help="Name of the workspace in each row; the default is the git remote."
        ),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(
            "--into",
            metavar="TARGET",
            help="Replace the rows in duckdb:FILE, a database URL, or env:NAME for a variable that holds one.",
        ),
    ] = None,
    keep_history: Annotated[
        bool, typer.Option("--keep-history", help="Replace only the rows of the same commit.")
    ] = False,
    format: Annotated[Literal["csv", "json", "jsonl", "parquet"], FORMAT] = "csv",
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to this file; with Parquet also to a folder (DIR/)."
        ),
    ] = None,
) -> int:
    """Export readings, scores, KPIs or objectives as rows; `okrctl import` reads readings back."""
    session = Session.of(context)
    filters = Filters(team or (), owner or (), priority or (), tag or ())
    folder = _folder(session, format, output)
    has_format = getattr(context.get_parameter_source("format"), "name", "") == "COMMANDLINE"
    _require_fitting(has_format or bool(output), into, keep_history and folder is None)
    needs_name = into is not None or folder is not None
    request = ExportRequest(what, as_of, known_at, filters, every, since, until, workspace, needs_name)
    table = build_export(session, request)
    if into is not None:
        write_table(table, into, session.environment, session.directory, keep_history=keep_history)
        session.notify(f"wrote {len(table.rows)} rows of {table.stamp.workspace} into {table_name(table)}")
    elif folder is not None:
        path = write_folder(table, folder, keep_history=keep_history)
        session.notify(f"wrote {os.path.relpath(path, session.directory)}")
    elif format == "parquet":
        _deliver_bytes(session, render_parquet(table), output)
    else:
        session.deliver(render(table, format, session.style), Path(output) if output else None)
    return 0


def _require_fitting(has_output: bool, into: str | None, keeps_history: bool) -> None:
    """Raise OkrctlError for options that do not go together; `keeps_history` is asked of what is no folder."""
    if into is not None and has_output:
        raise OkrctlError("--into cannot be used with --format or -o", "leave out --format and -o")
    if keeps_history and into is None:
        raise OkrctlError(
            "--keep-history needs --into or a folder of Parquet files", "use --into, or --format parquet -o DIR/"
        )


def _folder(session: Session, format: str, output: str | None) -> Path | None:
    """The folder to write Parquet into: one that exists, or a name that ends in a slash."""
    if format != "parquet" or output is None:
        return None
    path = session.directory / output
    return path if output.endswith(("/", os.sep)) or path.is_dir() else None


def _deliver_bytes(session: Session, data: bytes, output: str | None) -> None:
    """Write bytes to a file or a pipe; a terminal cannot show them."""
    if output is not None and output != "-":
        session.require_own_output(Path(output))
        files.write_output(session.directory / output, data)
        session.notify(f"wrote {output}")
    elif sys.stdout.isatty():
        raise OkrctlError("Parquet cannot be printed to a terminal", "use -o FILE")
    else:
        record.note_unknown()
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
