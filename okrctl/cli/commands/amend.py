"""The command that changes what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from okrctl.cli import io
from okrctl.cli.options import Commit, ConfirmValue, DryRun
from okrctl.cli.session import Session
from okrctl.operations.amend import amend as plan_amendment
from okrctl.operations.apply import WriteOptions
from okrctl.operations.doubts import Doubt, replace_doubted
from okrctl.yaml_edit.amendments import STATES
from okrctl.yaml_edit.checkins import PlannedEdit


def amend(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="A key result or an objective.")],
    to: Annotated[str | None, typer.Option("--to", metavar="N", help="The new target.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="N", help="The new baseline.")] = None,
    weight: Annotated[str | None, typer.Option("--weight", metavar="N", help="The new weight in the score.")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="The new due date.")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE", help=f"One of {', '.join(STATES)}.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason for the change.")] = "",
    commit: Commit = False,
    force: Annotated[bool, typer.Option("--force", help="Change it even if the period is sealed.")] = False,
    confirm_value: ConfirmValue = False,
    dry_run: DryRun = False,
) -> int:
    """Change what was agreed, and record what it was before and why."""
    session = Session.of(context)
    given = {"to": to, "from": start, "weight": weight, "due": due, "state": state}
    values = {key: value.strip() for key, value in given.items() if value is not None}
    amendment = plan_amendment(session, ref, values, reason)
    options = WriteOptions(commit, force, dry_run, confirm_value)

    def replan(answers: Mapping[Doubt, str]) -> list[PlannedEdit]:
        return [plan_amendment(session, ref, replace_doubted(values, answers), reason).edit]

    io.write_edits(session, amendment.workspace, [amendment.edit], options, amendment.commit_message, replan)
    return 0
