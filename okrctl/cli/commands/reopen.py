"""Opens the seal of a period again, and keeps it with the reason."""

from __future__ import annotations

from typing import Annotated

import typer

from okrctl.cli import load, prompts, write
from okrctl.cli import seals as sealing
from okrctl.cli.options import Commit, DryRun, Period
from okrctl.cli.session import Session
from okrctl.seals import seal as seals
from okrctl.values.errors import OkrctlError
from okrctl.yaml_edit import build_plan


def reopen(
    context: typer.Context,
    period: Period,
    reason: Annotated[str, typer.Option("--reason", "-m", metavar="TEXT", help="Why.")] = "",
    commit: Commit = False,
    dry_run: DryRun = False,
) -> int:
    """Open a closed period again; the seal is kept beside the reason in scorecards/reopened/."""
    session = Session.of(context)
    config, _ = load.read_settings(session.root)
    name = sealing.requested_period_id(session, config, period)
    sealed = sealing.load_seal(session, name)
    if sealed is None:
        known = ", ".join(sealing.sealed_period_ids(session)) or "none yet"
        raise OkrctlError(f"{name} is not closed", f"closed periods: {known}")
    try:
        why = reason.strip() or prompts.ask_or_require(f"Why is {name} opened again?", "", "--reason TEXT")
    except prompts.PromptEnded as left:
        session.say("nothing was written")
        return 130 if left.interrupted else 2
    record = seals.build_reopening(sealed.data, session.today, sealing.current_person(session, config), why)
    kept = f"{sealing.REOPENED_FOLDER}/{name}.{len(sealing.reopened_paths(session, name)) + 1}.json"
    says = (f"opening {name} again; its seal moves to {kept}",)
    new = {sealed.path: None, kept: seals.render_seal(record)}
    todo = build_plan({sealed.path: sealed.text, kept: None}, new, says, f"reopen {name}\n\n{why}")
    write.apply_plan(session, todo, dry_run=dry_run, commit=commit)
    return 0
