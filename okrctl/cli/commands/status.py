"""The command that shows what needs attention."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli.options import FORMAT, AsOf, FailIf, KnownAt, Output, Owners, Priorities, Tags, Teams, Watch
from okrctl.cli.session import Session
from okrctl.operations.load import Filters
from okrctl.operations.status import StatusRequest
from okrctl.operations.status import status as build_status
from okrctl.outputs.views.status import StatusOptions, render


def status(
    context: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    fail_if: FailIf = None,
    all_lines: Annotated[bool, typer.Option("--all", help="Show every line of each group.")] = False,
    watch: Watch = False,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show what needs attention this week, the worst first, with the next command to run."""
    session = Session.of(context)
    filters = Filters(team or (), owner or (), priority or (), tag or ())
    is_shown = format == "table" and session.style.width is not None
    request = StatusRequest(as_of, known_at, filters, fail_if or (), with_own_names=is_shown)
    result = build_status(session, request)
    options = StatusOptions(all_lines, session.verbose)
    session.deliver(render(result.report, format, session.style, options), output)
    return int(result.has_failed)
