"""The command that starts a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from okrctl.cli import completion, io, prompts
from okrctl.cli.options import FORMAT, Commit, DryRun, Force, Period, Strings, WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import new as operation
from okrctl.operations.apply import WriteOptions
from okrctl.operations.draft import DraftRequest, draft
from okrctl.operations.new import NewPeriod, NewPeriodRequest
from okrctl.outputs.terminal import sanitize
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.values.errors import ConfirmError, UsageError

CARRY_OVER_HELP = "Carry over unfinished objectives from this period."


def new(
    context: typer.Context,
    period: Period,
    carry_over: Annotated[
        str | None,
        typer.Option(
            "--carry-over", metavar="PERIOD", autocompletion=completion.complete_periods, help=CARRY_OVER_HELP
        ),
    ] = None,
    ref: Annotated[
        Strings,
        typer.Option(
            "--ref",
            metavar="REF",
            autocompletion=completion.complete_objectives,
            help="Carry over only this objective; repeatable.",
        ),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Carry over all unfinished objectives without asking.")] = False,
    kpi: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="KPI", autocompletion=completion.complete_kpis, help="Draft an objective for this KPI."
        ),
    ] = None,
    objective: Annotated[
        str | None,
        typer.Option("--objective", metavar="FILE", help="Insert this objective as a draft (-: standard input)."),
    ] = None,
    team: Annotated[
        Strings,
        typer.Option(
            "--team", metavar="ID", autocompletion=completion.complete_teams, help="Only for this team; repeatable."
        ),
    ] = None,
    force: Force = False,
    commit: Commit = False,
    dry_run: DryRun = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
) -> int:
    """Write the files of a new period: drafts, objectives carried over, an objective for a KPI or from a file."""
    session = Session.of(context)
    if objective is not None:
        return _insert(session, period, objective, team or (), WriteOptions(commit, force, dry_run), format)
    request = NewPeriodRequest(period, team or (), carry_over, ref or (), all, kpi, force)
    planned = operation.plan_period(session, request)
    try:
        carried = _choose_carried(session, planned)
    except prompts.PromptEnded as ended:
        return prompts.end_without_writing(session, ended)
    result = operation.new(session, planned, carried, WriteOptions(commit, force, dry_run))
    io.show_write(session, [result], format, planned.workspace.config)
    return 0


def _insert(
    session: Session, period: str, name: str, teams: Sequence[str], options: WriteOptions, format: WriteFormat
) -> int:
    """Insert the objective of a file, or of standard input, as a draft."""
    if len(teams) > 1:
        raise UsageError("--objective cannot be used with several teams", "use --team once")
    request = DraftRequest(io.read_text_argument(session, name), period, next(iter(teams), None))
    io.show_write(session, [draft(session, request, options)], format)
    return 0


def _choose_carried(session: Session, planned: NewPeriod) -> list[ObjectiveScore]:
    """Return the objectives to carry over, by the options or by the person's choice."""
    request = planned.request
    if request.kpi is not None or request.carry_over is None:
        return []
    unfinished = operation.unfinished_objectives(session, planned)
    return unfinished if request.refs or request.carry_all else list(_prompt_choices(session, unfinished))


def _prompt_choices(session: Session, unfinished: Sequence[ObjectiveScore]) -> Iterator[ObjectiveScore]:
    """Yield the objectives that the person keeps; raises OkrctlError if not on a terminal."""
    if unfinished and not prompts.is_interactive():
        names = ", ".join(objective.node.ref for objective in unfinished)
        raise ConfirmError(f"not a terminal: choose among {names}", "use --all, or --ref REF for each one")
    keeps_rest = False
    for objective in unfinished:
        node = objective.node
        answer = "keep"
        if not keeps_rest:
            session.say(f"{sanitize(node.ref)}  {io.format_score(objective)}  {sanitize(node.model.title or '')}")
            answer = _prompt_choice(session)
            if answer == "none":
                return
            keeps_rest = answer == "all"
        if keeps_rest or answer == "keep":
            yield objective


def _prompt_choice(session: Session) -> str:
    choices = ("keep", "drop", "all", "none")
    while True:
        word = (
            prompts.ask(session, "  keep, drop, all (keep the rest) or none (drop the rest)? [keep]").casefold()
            or "keep"
        )
        matches = [choice for choice in choices if choice.startswith(word)]
        if len(matches) == 1:
            return matches[0]
        session.notify(f"  '{word}' is not a valid answer; expected {', '.join(choices)}")
