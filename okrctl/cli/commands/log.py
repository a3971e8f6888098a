"""Shows the history of one objective, key result or KPI: what changed, who changed it, and how its score was known."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.cli import completion, load
from okrctl.cli.options import FORMAT, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.history.log import build_log, is_self_contained
from okrctl.outputs.views.log import render
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Node, Workspace, references


def log(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="REF|KPI", autocompletion=completion.complete_explainable, help="An objective, key result or KPI."
        ),
    ],
    known_at: KnownAt = None,
    format: Annotated[Literal["table", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show the history of one thing from git: readings, targets, wording, who, when."""
    session = Session.of(context)
    repository = load.require_repository(session)
    now, node, commit = _load_node(session, what, known_at)

    def day_of(period: Period, day: date) -> date:
        return scoring.default_day(period, day, now.config)

    result = build_log(repository, now, node, commit, day_of)
    session.deliver(render(result, format, session.style), output)


def _load_node(session: Session, what: str, known_at: str | None) -> tuple[Workspace, Node, str | None]:
    """The thing that is meant; only the files that speak of it are read where they tell enough."""
    if known_at is None:
        near = load.load_for_reference(session, what)
        try:
            node = references.find_node(load.require_valid(near), what, session.today) if near else None
        except OkrctlError:
            node = None
        if near is not None and node is not None and is_self_contained(node):
            return near, node, None
    opened, commit = load.load_at_revision(session, known_at)
    return opened, references.find_node(opened, what, session.today), commit
