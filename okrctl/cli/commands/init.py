"""The command that starts a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from okrctl.cli import io, prompts
from okrctl.cli.options import FORMAT, Commit, DryRun, Force, WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import init as operation
from okrctl.operations.apply import WriteOptions, WriteResult
from okrctl.operations.init import InitRequest, parse_month, parse_organisation, parse_team
from okrctl.templates.init import Pipeline
from okrctl.values.errors import ConfirmError, OkrctlError, UsageError

Option = str | None


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Target folder (default: current).")] = None,
    organisation: Annotated[
        Option, typer.Option("--organisation", metavar="NAME", help="Name of the organisation.")
    ] = None,
    team: Annotated[Option, typer.Option("--team", metavar="ID", help="Id of the first team.")] = None,
    fiscal_year: Annotated[
        Option,
        typer.Option("--fiscal-year", metavar="MONTH", help="First month of the fiscal year (default: january)."),
    ] = None,
    ci: Annotated[Pipeline | None, typer.Option("--ci", help="Add a CI pipeline that checks every change.")] = None,
    refresh_job: Annotated[
        bool, typer.Option("--refresh-job", help="With --ci, add a job that fetches readings and proposes them.")
    ] = False,
    pre_commit: Annotated[bool, typer.Option("--pre-commit", help="Add a check before every commit.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Build an example company with half a year of git history.")
    ] = False,
    update_schemas: Annotated[
        bool, typer.Option("--update-schemas", help="Only update the editor schemas in .okrctl/.")
    ] = False,
    force: Force = False,
    dry_run: DryRun = False,
    commit: Commit = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
) -> int:
    """Start a workspace: the settings, a file of goals and a file of KPIs to edit."""
    session = Session.of(context)
    if update_schemas:
        _require_alone(organisation, team, fiscal_year, ci, refresh_job, pre_commit, demo)
        if folder is not None:
            operation.project_in(session, folder)
        result = operation.update_schemas(session, WriteOptions(commit, force, dry_run))
        io.show_write(session, [result], format)
        return 0
    operation.project_in(session, folder or Path("."))
    if demo:
        return _build_demo(session, dry_run, format)
    try:
        answers = _collect_answers(session, organisation, team, fiscal_year)
    except prompts.PromptEnded as ended:
        return prompts.end_without_writing(session, ended)
    request = InitRequest(*answers, ci, pre_commit, refresh_job)
    result = operation.init(session, request, WriteOptions(commit, force, dry_run))
    io.show_write(session, [result], format)
    if result.is_written:
        where = "" if folder is None else f" -C {folder}"
        session.notify(
            f"ready: edit the files in okrs/ and kpis/, then run `okrctl{where} check` and `okrctl{where} score`"
        )
    return 0


def _require_alone(*others: object) -> None:
    if any(others):
        raise UsageError("--update-schemas cannot be used with other options", "leave out the other options")


def _build_demo(session: Session, dry_run: bool, format: WriteFormat) -> int:
    from okrctl.operations.demo import build_demo

    commits = build_demo(session, dry_run=dry_run)
    if format == "json":
        head = None if dry_run or session.repository is None else session.repository.head()
        io.show_write(session, [WriteResult(not dry_run, head and head.id)], format)
    elif dry_run:
        session.out("\n".join(f"{commit.day}  {commit.author:<6} {commit.subject}" for commit in commits))
    if not dry_run:
        session.notify(f"ready: cd {session.root}, then run `okrctl status`; its README.md says what else to try")
    return 0


def _collect_answers(session: Session, organisation: Option, team: Option, month: Option) -> tuple[str, str, str]:
    """Return organisation, team and first month, from the options or the person's answers."""
    if not prompts.is_interactive():
        required = {"--organisation": organisation, "--team": team}
        missing = [option for option, answer in required.items() if not answer]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            options = {"--organisation": "--organisation NAME", "--team": "--team ID"}
            raise ConfirmError(
                f"not a terminal: {' and '.join(missing)} {verb} required",
                f"use {' and '.join(options[option] for option in missing)}",
            )
    name = _ask(session, "What is the name of the organisation?", organisation, "", parse_organisation)
    start = _ask(session, "In which month does its fiscal year start?", month, "january", parse_month)
    first_team = _ask(session, "Which team starts?", team, "", parse_team)
    return name, first_team, start


def _ask(session: Session, question: str, given: Option, default: str, parse: Callable[[str], str]) -> str:
    """Parse an option, or an answer; an invalid answer is asked again, an invalid option is an error."""
    if given is not None or not prompts.is_interactive():
        return parse(given or default)
    while True:
        try:
            return parse(prompts.ask(session, f"{question} [{default}]" if default else question) or default)
        except OkrctlError as error:
            session.notify(f"{error.message}: {error.hint}")
