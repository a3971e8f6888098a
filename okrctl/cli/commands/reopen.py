"""The command that reopens a closed period."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl.cli import io, prompts
from okrctl.cli.options import FORMAT, Commit, DryRun, Period, WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import reopen as operation
from okrctl.operations.apply import WriteOptions


def reopen(
    context: typer.Context,
    period: Period,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason.")] = "",
    commit: Commit = False,
    dry_run: DryRun = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
) -> int:
    """Reopen a closed period; the seal is kept with the reason in scorecards/reopened/."""
    session = Session.of(context)
    seal = operation.find_seal(session, period)
    try:
        question = f"Why is {seal.data['period']['id']} reopened?"
        text = reason.strip() or prompts.ask_or_require(session, question, "--reason", "use --reason TEXT")
    except prompts.PromptEnded as ended:
        return prompts.end_without_writing(session, ended)
    result = operation.reopen(session, seal, text, WriteOptions(commit, dry_run=dry_run))
    io.show_write(session, [result], format)
    return 0
