"""The command that writes a digest for people to whom it is sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl.cli.options import FORMAT, Output, Owners, Teams
from okrctl.cli.session import Session
from okrctl.operations.digest import DigestRequest, digests_by_owner, write_each
from okrctl.operations.digest import digest as build_digest
from okrctl.operations.load import Filters
from okrctl.operations.project import parse_date
from okrctl.outputs.views.digest import SUFFIXES, render, render_folder, render_index
from okrctl.values.errors import OkrctlError


def digest(
    context: typer.Context,
    owner: Owners = None,
    team: Teams = None,
    since: Annotated[
        date | None,
        typer.Option(
            "--since",
            metavar="DATE",
            parser=parse_date,
            help="The first day; the default is the last Monday before today.",
        ),
    ] = None,
    each: Annotated[
        Path | None,
        typer.Option("--each", metavar="DIR", help="Write one file per person, and index.json, to this folder."),
    ] = None,
    format: Annotated[Literal["markdown", "slack", "msteams", "html", "text", "json"], FORMAT] = "markdown",
    output: Output = None,
) -> None:
    """Write a digest of what moved, what needs attention, what is due and what was decided. Nothing is sent."""
    session = Session.of(context)
    request = DigestRequest(Filters(team or (), owner or ()), since)
    if each is None:
        session.deliver(render(build_digest(session, request), format, session.style), output)
        return
    if owner or output:
        raise OkrctlError("--each cannot be used with --owner or -o", "leave out --owner and -o")
    found = digests_by_owner(session, request)
    suffix, style = SUFFIXES[format], session.style
    count = write_each(session, each, found, suffix, lambda result: render(result, format, style), render_index)
    session.notify(f"wrote {count} digests and index.json to {each}")
    if format == "json":
        session.deliver(render_folder(str(each), count), None)
