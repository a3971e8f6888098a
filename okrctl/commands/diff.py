"""Shows what changed in meaning between two states of the files, and what that does to the scores."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, Output
from okrctl.commands.session import Session
from okrctl.history import past
from okrctl.history.difference import differences, sides
from okrctl.outputs import render

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
    repository = opening.repository(session)
    first, last = sides(repository, revisions)
    new = opening.sound(past.at(repository, last.id), last.id) if last else opening.whole(session)
    old = opening.sound(past.at(repository, first.id, known=[new]), first.id)
    result = differences(
        old,
        new,
        lambda period: as_of or scoring.day_asked(period, session.today, new.config),
        (first.id, last.id if last else None),
    )
    session.deliver(render(result, format, session.look), output)
