"""The command that verifies sealed scorecards."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, Output
from okrctl.cli.session import Session
from okrctl.operations.verify import verify as verify_seals
from okrctl.outputs.views.verification import render


def verify(
    context: typer.Context,
    period: Annotated[
        str | None,
        typer.Argument(
            metavar="PERIOD", autocompletion=completion.complete_sealed_periods, help="A closed period (default: all)."
        ),
    ] = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Recompute sealed scorecards and compare them; exit with 1 if a seal is not valid."""
    session = Session.of(context)
    result = verify_seals(session, period)
    session.deliver(render(result, format, session.style), output)
    return int(not all(seal.is_valid for seal in result.results))
