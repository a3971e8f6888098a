"""Shows all KPIs, the worst first."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.analysis import filters
from okrctl.cli import load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output, Owners, Tags, Teams
from okrctl.cli.session import Session
from okrctl.kpis.overview import board, failing, fails
from okrctl.kpis.series import Gauges
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
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show all KPIs with value, changes, course, age, alarm, and who takes them up; the worst first."""
    session = Session.of(context)
    words = failing(fail_if or ())
    opened, _ = load.asked(session, known_at)
    wanted = filters.read(opened, team, owner, None, tag)
    result = board(Gauges(opened, as_of or session.today), filter(wanted.wants_kpi, opened.kpis.values()))
    session.deliver(render(result, format, session.look), output)
    return int(fails(result, words))
