"""The command that shows the history of a node."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.operations.log import log as read_log
from okrctl.outputs.views.log import render


def log(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI",
            autocompletion=completion.complete_references_and_kpis,
            help="An objective, key result or KPI.",
        ),
    ],
    known_at: KnownAt = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show from git who changed the readings, targets and wording of a goal or KPI, and when."""
    session = Session.of(context)
    session.deliver(render(read_log(session, what, known_at=known_at), format, session.style), output)
