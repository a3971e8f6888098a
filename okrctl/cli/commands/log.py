"""Shows the history of one objective, key result or KPI: what changed, who changed it, and how its score was known."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.cli import completion, load
from okrctl.cli.options import FORMAT, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.history.log import life, stands_alone
from okrctl.outputs import render
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Node, Workspace, resolve


def log(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI", autocompletion=completion.explainable, help="An objective, key result or KPI."
        ),
    ],
    known_at: KnownAt = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show the history of one thing from git: readings, targets, wording, who, when."""
    session = Session.of(context)
    repository = load.repository(session)
    now, node, commit = _found(session, what, known_at)

    def day_of(period: Period, day: date) -> date:
        return scoring.day_asked(period, day, now.config)

    result = life(repository, now, node, commit, day_of)
    session.deliver(render(result, format, session.look), output)


def _found(session: Session, what: str, known_at: str | None) -> tuple[Workspace, Node, str | None]:
    """The thing that is meant; only the files that speak of it are read where they tell enough."""
    if known_at is None:
        near = load.about(session, what)
        try:
            node = resolve.find(load.sound(near), what, session.today) if near else None
        except OkrctlError:
            node = None
        if near is not None and node is not None and stands_alone(node):
            return near, node, None
    opened, commit = load.asked(session, known_at)
    return opened, resolve.find(opened, what, session.today), commit
