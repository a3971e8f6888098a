"""Shows one objective, key result or KPI in full."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import referring, scoring
from okrctl.commands import completing, opening
from okrctl.commands.options import FORMAT, AsOf, KnownAt, Output
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.kpis.portrait import portrait
from okrctl.kpis.series import Gauges
from okrctl.outputs import render
from okrctl.scoring.detail import detail
from okrctl.workspace import Kpi


def show(
    context: typer.Context,
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI",
            autocompletion=completing.references_and_kpis,
            help="An objective, key result or KPI: any ending.",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show all that is known of one objective, key result or KPI, and draw its readings."""
    session = Session.of(context)
    opened, _ = opening.asked(session, known_at)
    node = referring.find(opened, ref, session.today)
    if isinstance(node, Kpi):
        pictured = portrait(Gauges(opened, as_of or session.today), node)
        session.deliver(render(pictured, format, session.look), output)
        return
    day = as_of or scoring.day_asked(node.period, session.today, opened.config)
    result = detail(opened, node, day)
    if result is None:
        raise OkrctlError(f"{node.ref} does not exist on {day}", f"it begins on {node.first}: see it with --as-of")
    session.deliver(render(result, format, session.look), output)
