"""Shows one objective, key result or KPI in full."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis.detail import build_detail
from okrctl.cli import completion, load
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.kpis.detail import build_kpi_detail
from okrctl.kpis.series import KpiValues
from okrctl.outputs.views import goal, kpi
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Kpi, references


def show(
    context: typer.Context,
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI",
            autocompletion=completion.complete_references_and_kpis,
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
    opened, _ = load.load_at_revision(session, known_at)
    node = references.find_node(opened, ref, session.today)
    if isinstance(node, Kpi):
        pictured = build_kpi_detail(KpiValues(opened, as_of or session.today), node)
        session.deliver(kpi.render(pictured, format, session.style), output)
        return
    day = as_of or scoring.default_day(node.period, session.today, opened.config)
    result = build_detail(opened, node, day)
    if result is None:
        raise OkrctlError(f"{node.ref} does not exist on {day}", f"it begins on {node.first_day}: see it with --as-of")
    session.deliver(goal.render(result, format, session.style), output)
