"""The command that shows the hypotheses of a period."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, Ids, KnownAt, Output, Wide
from okrctl.cli.session import Session
from okrctl.operations.impact import impact as evaluate
from okrctl.outputs.views.hypotheses import render

PERIOD_HELP = "A period (default: the newest one that is over and has a hypothesis)."


def impact(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar="PERIOD", autocompletion=completion.complete_periods, help=PERIOD_HELP)
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    ids: Ids = False,
    wide: Wide = False,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show the hypotheses of a period with their verdicts: whether the KPIs moved as expected."""
    session = Session.of(context)
    result = evaluate(session, period, as_of=as_of, known_at=known_at)
    session.deliver(render(result, format, session.style_for(wide), ids), output)
