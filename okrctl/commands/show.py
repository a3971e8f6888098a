"""Shows one objective or key result in full."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import referring, scoring
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, Output
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.outputs import render
from okrctl.scoring.detail import detail
from okrctl.workspace import KeyResult, Objective


def show(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="An objective or key result: any ending of its name.")],
    as_of: AsOf = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show one objective or key result in full, with its course as a chart."""
    session = Session.of(context)
    opened = opening.whole(session)
    node = referring.find(opened, ref, session.today, (Objective, KeyResult))
    assert isinstance(node, Objective | KeyResult)
    day = as_of or scoring.day_asked(node.period, session.today, opened.config)
    result = detail(opened, node, day)
    if result is None:
        raise OkrctlError(f"{node.ref} does not exist on {day}", f"it begins on {node.first}: see it with --as-of")
    session.deliver(render(result, format, session.look), output)
