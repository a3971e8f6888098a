"""The command that shows alignment, or the formula of a KPI."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.analysis.alignment import AlignmentTree
from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, Ids, KnownAt, Output, Strings, Wide
from okrctl.cli.session import Session
from okrctl.operations.tree import tree as build_tree
from okrctl.outputs.views import alignment, kpi_tree


def tree(
    context: typer.Context,
    what: Annotated[
        Strings,
        typer.Argument(
            metavar="PERIOD...|KPI",
            autocompletion=completion.complete_periods_and_kpis,
            help="Periods, or a KPI with a formula.",
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ids: Ids = False,
    wide: Wide = False,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show which objectives support which, with their scores, or the formula of a KPI as a tree."""
    session = Session.of(context)
    result = build_tree(session, what or (), as_of=as_of, known_at=known_at)
    if isinstance(result, AlignmentTree):
        text = alignment.render(result, format, session.style_for(wide), ids)
    else:
        text = kpi_tree.render(result, format, session.style_for(wide))
    session.deliver(text, output)
