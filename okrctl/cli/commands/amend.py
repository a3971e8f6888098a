"""Changes what was agreed, with the record of what it was and why."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl import git
from okrctl.analysis.due_checkins import signature
from okrctl.cli import load
from okrctl.cli import record as recording
from okrctl.cli.options import Commit, DryRun
from okrctl.cli.record import WriteOptions
from okrctl.cli.session import Session
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Objective, Workspace, references
from okrctl.yaml_edit import amendments
from okrctl.yaml_edit.amendments import AmendmentRequest


def amend(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="A key result or an objective.")],
    to: Annotated[str | None, typer.Option("--to", metavar="N", help="The new goal.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="N", help="The new start.")] = None,
    weight: Annotated[str | None, typer.Option("--weight", metavar="N", help="The new share in the score.")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="The new day.")] = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help=f"One of {', '.join(amendments.STATES)}.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    commit: Commit = False,
    force: Annotated[bool, typer.Option("--force", help="Go on although the period is sealed.")] = False,
    dry_run: DryRun = False,
) -> int:
    """Change what was agreed, and record what it was before and why."""
    session = Session.of(context)
    asked = {"to": to, "from": start, "weight": weight, "due": due, "state": state}
    values = {key: value.strip() for key, value in asked.items() if value is not None}
    if not values:
        raise OkrctlError("nothing is to be changed", "give --to, --from, --weight, --due or --state")
    opened = load.load_workspace(session)
    node = references.find_node(opened, ref, session.today, (KeyResult, Objective))
    wish = AmendmentRequest(values, " ".join(reason.split()), _amender(session, opened), session.today)
    record = amendments.plan_amendment(opened, node, wish, recording.is_sealed(session, node))
    recording.write_records(
        session, opened, [record], WriteOptions(commit, force, dry_run),
        lambda found: f"amend {found[0].sentence}" + (f"\n\n{wish.reason}" if wish.reason else ""),
    )  # fmt: skip
    return 0


def _amender(session: Session, opened: Workspace) -> str:
    """Who signs: the person with git's address, else the name that git has."""
    repository = git.find_repository(session.root)
    who = repository and signature(opened.config, repository.user_email(), repository.get_setting("user.name"))
    if not who:
        raise OkrctlError("nobody can be named for the record", "git config user.name NAME says who you are")
    return who
