"""Shows what changed in meaning between two states of the files, and what that does to the scores."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.cli import load
from okrctl.cli.options import FORMAT, AsOf, Output
from okrctl.cli.session import Session
from okrctl.history import snapshot
from okrctl.history.score_diff import diff_workspaces, resolve_revisions
from okrctl.outputs.views.diff import render

Revisions = Annotated[
    str | None, typer.Argument(metavar="[REV[..REV]]", help="What to compare with; the last commit where left out.")
]


def diff(
    context: typer.Context,
    revisions: Revisions = None,
    as_of: AsOf = None,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show which changes make goals easier or harder, and how they move the scores."""
    session = Session.of(context)
    repository = load.require_repository(session)
    first, last = resolve_revisions(repository, revisions)
    new = (
        load.require_valid(snapshot.load_snapshot(repository, last.id), last.id)
        if last
        else load.load_workspace(session)
    )
    old = load.require_valid(snapshot.load_snapshot(repository, first.id, known=[new]), first.id)
    result = diff_workspaces(
        old,
        new,
        lambda period: as_of or scoring.default_day(period, session.today, new.config),
        (first.id, last.id if last else None),
    )
    session.deliver(render(result, format, session.style), output)
