"""The command that lists the KPIs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, Ids, KnownAt, Output, Owners, Strings, Tags, Teams, Wide
from okrctl.cli.session import Session
from okrctl.operations.kpi import KpiRequest
from okrctl.operations.kpi import kpi as list_kpis
from okrctl.operations.load import Filters
from okrctl.outputs.views.kpis import render

FAIL_IF_HELP = "Exit with 1 if any KPI has this status: alarm, signal, worse, stale; repeatable."


def kpi(
    context: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    tag: Tags = None,
    fail_if: Annotated[
        Strings,
        typer.Option("--fail-if", metavar="STATUS", autocompletion=completion.complete_kpi_statuses, help=FAIL_IF_HELP),
    ] = None,
    against: Annotated[
        Literal["before", "year"],
        typer.Option(
            "--against",
            help="Compare sums and means with the preceding span of the same length, or with that a year ago.",
        ),
    ] = "before",
    ids: Ids = False,
    wide: Wide = False,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """List the KPIs with value, changes, trend, age, alarm, and the objectives that address them."""
    session = Session.of(context)
    filters = Filters(team or (), owner or (), (), tag or ())
    result = list_kpis(session, KpiRequest(as_of, known_at, filters, fail_if or (), against))
    session.deliver(render(result.overview, format, session.style_for(wide), ids), output)
    return int(result.has_failed)
