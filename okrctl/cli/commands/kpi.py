"""Shows all KPIs, the worst first."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.analysis import filters
from okrctl.cli import load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output, Owners, Tags, Teams
from okrctl.cli.session import Session
from okrctl.kpis.overview import build_kpi_overview, exceeds_threshold, parse_fail_if
from okrctl.kpis.series import KpiValues
from okrctl.outputs import render


def kpi(
    context: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    tag: Tags = None,
    fail_if: Annotated[
        list[str] | None,
        typer.Option("--fail-if", metavar="alarm|worse|stale", help="End with 1 where a KPI is so; may be repeated."),
    ] = None,
    against: Annotated[
        Literal["before", "year"],
        typer.Option("--against", help="Compare sums and means with the slots before, or those a year ago."),
    ] = "before",
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show all KPIs with value, changes, course, age, alarm, and who takes them up; the worst first."""
    session = Session.of(context)
    words = parse_fail_if(fail_if or ())
    opened, _ = load.load_at_revision(session, known_at)
    wanted = filters.parse_selection(opened, team, owner, None, tag)
    result = build_kpi_overview(
        KpiValues(opened, as_of or session.today), filter(wanted.includes_kpi, opened.kpis.values()), against
    )
    session.deliver(render(result, format, session.style), output)
    return int(exceeds_threshold(result, words))
