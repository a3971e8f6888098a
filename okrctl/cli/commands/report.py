"""The command that writes a report for readers who do not use the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.operations.report import ReportRequest, write_site
from okrctl.operations.report import report as build_report
from okrctl.outputs.reports import render, site_document
from okrctl.values.errors import OkrctlError

PERIOD_HELP = "A period (default: the shortest running one)."
LINK_BASE_HELP = "Link to the files at this URL (default: the git remote)."


def report(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar="PERIOD", autocompletion=completion.complete_periods, help=PERIOD_HELP)
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    full: Annotated[bool, typer.Option("--full", help="Include all details.")] = False,
    link_base: Annotated[str | None, typer.Option("--link-base", metavar="URL", help=LINK_BASE_HELP)] = None,
    site: Annotated[
        Path | None, typer.Option("--site", metavar="DIR", help="Write a site of all periods into this folder.")
    ] = None,
    format: Annotated[Literal["markdown", "html", "json"], FORMAT] = "markdown",
    output: Output = None,
) -> None:
    """Write one page: scores by team, what moved, what needs attention."""
    session = Session.of(context)
    request = ReportRequest(period, as_of, known_at, full, link_base)
    if site is None:
        session.deliver(render(build_report(session, request), format, session.style), output)
        return
    if period or output:
        raise OkrctlError("--site cannot be used with PERIOD or -o", "leave out the period and -o")
    pages = write_site(session, site, request)
    session.notify(f"wrote {pages} pages to {site}")
    if format == "json":
        session.out(site_document(str(site), pages))
