"""The command that exports all readings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl import files
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output, Owners, Priorities, Tags, Teams
from okrctl.cli.session import Session
from okrctl.operations.export import ExportRequest, render_parquet
from okrctl.operations.export import export as build_export
from okrctl.operations.load import Filters
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
    format: Annotated[Literal["csv", "json", "jsonl", "parquet"], FORMAT] = "csv",
    output: Output = None,
) -> int:
    """Export a row for each reading, and for each goal or KPI without one. `okrctl import` reads the file."""
    session = Session.of(context)
    filters = Filters(team or (), owner or (), priority or (), tag or ())
    table = build_export(session, ExportRequest(as_of, known_at, filters))
    if format == "parquet":
        _deliver_bytes(session, render_parquet(table), output)
    else:
        session.deliver(render(table, format, session.style), output)
    return 0


def _deliver_bytes(session: Session, data: bytes, output: Path | None) -> None:
    """Write bytes to a file or a pipe; a terminal cannot show them."""
    if output is not None and str(output) != "-":
        files.write_output(session.directory / output, data)
        session.notify(f"wrote {output}")
    elif sys.stdout.isatty():
        raise OkrctlError("Parquet cannot be printed to a terminal", "use -o FILE")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
