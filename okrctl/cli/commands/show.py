"""The command that shows a node in full."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, Ids, KnownAt, Output, Wide
from okrctl.cli.session import Session
from okrctl.kpis.detail import KpiDetail
from okrctl.operations.show import show as find_detail
from okrctl.outputs.views import goal, kpi


def show(
    context: typer.Context,
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI",
            autocompletion=completion.complete_references_and_kpis,
            help="An objective, key result or KPI, or a unique ending of its name.",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ids: Ids = False,
    wide: Wide = False,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show an objective, key result or KPI in full, with a chart of its readings."""
    session = Session.of(context)
    result = find_detail(session, ref, as_of=as_of, known_at=known_at)
    style = session.style_for(wide)
    if isinstance(result, KpiDetail):
        text = kpi.render(result, format, style)
    else:
        text = goal.render(result, format, style, ids)
    session.deliver(text, output)
