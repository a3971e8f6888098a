"""The command that closes a period."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl.cli import completion, io, prompts, retrospective_prompt
from okrctl.cli.options import FORMAT, Commit, DryRun, Period, Strings, WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import close as operation
from okrctl.operations.apply import WriteOptions
from okrctl.outputs.views.scorecard import render


def close(
    context: typer.Context,
    period: Period,
    outcome: Annotated[
        Strings,
        typer.Option(
            "--outcome",
            metavar="REF=WORD",
            autocompletion=completion.complete_outcomes,
            help="reached, missed or unclear; repeatable.",
        ),
    ] = None,
    retrospective: Annotated[
        Strings, typer.Option("--retrospective", metavar="REF=TEXT", help="What was learned; repeatable.")
    ] = None,
    reason: Annotated[
        Strings,
        typer.Option(
            "--reason",
            metavar="[REF=]TEXT",
            help="The reason for a goal that became easier without an amendment; repeatable.",
        ),
    ] = None,
    accept_unrecorded: Annotated[
        bool,
        typer.Option("--accept-unrecorded", help="Close without these reasons; the seal says so."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; leave missing outcomes open.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Close a period that is still running.")] = False,
    git_tag: Annotated[bool, typer.Option("--git-tag", help="Tag the commit of the seal as okrs-PERIOD.")] = False,
    commit: Commit = False,
    dry_run: DryRun = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
) -> int:
    """Close a period: record outcomes and retrospectives, and seal the scorecard."""
    session = Session.of(context)
    closable = operation.find_closable(session, period, force=force, git_tag=git_tag)
    try:
        given = operation.parse_outcomes(closable.scorecard, outcome or (), retrospective or ())
        outcomes = retrospective_prompt.complete_outcomes(session, closable.scorecard, given, leave_open=yes)
        reasons = retrospective_prompt.complete_reasons(
            session, closable, reason or (), accept=accept_unrecorded or dry_run, ask=not yes
        )
        preview = operation.preview_close(session, closable, outcomes, reasons)
        if format == "table":
            session.out(render(preview.shown, "table", session.style))
        if not yes and not dry_run and prompts.is_interactive():
            prompts.confirm_doubts(session, [f"the scorecard of {closable.period.id} will be sealed"], False)
    except prompts.PromptEnded as ended:
        return prompts.end_without_writing(session, ended)
    results = operation.close(session, preview, WriteOptions(commit, force, dry_run), git_tag=git_tag)
    io.show_write(session, results, format, closable.workspace.config)
    return 0
