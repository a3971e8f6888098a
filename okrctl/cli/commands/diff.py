"""The command that compares two states of the goals."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import FORMAT, AsOf, Output
from okrctl.cli.session import Session
from okrctl.operations.diff import diff as compare
from okrctl.outputs.views.diff import render

REVISIONS_HELP = "Compare the working tree with REV (default: HEAD), or two revisions with REV..REV."
Revisions = Annotated[
    str | None,
    typer.Argument(metavar="REV[..REV]", autocompletion=completion.complete_revision_ranges, help=REVISIONS_HELP),
]

BASE_HELP = "Compare the files with the merge base of this revision and HEAD, as `check --base` does."
Base = Annotated[
    str | None, typer.Option("--base", metavar="REV", autocompletion=completion.complete_revisions, help=BASE_HELP)
]


def diff(
    context: typer.Context,
    revisions: Revisions = None,
    base: Base = None,
    as_of: AsOf = None,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> None:
    """Show what changed, whether targets got easier or harder, and how the scores moved."""
    session = Session.of(context)
    session.deliver(render(compare(session, revisions, base=base, as_of=as_of), format, session.style), output)
