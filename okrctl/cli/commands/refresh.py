"""The command that fetches readings from their sources."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from okrctl.cli import completion, io, prompts
from okrctl.cli.options import FORMAT, Commit, ConfirmValue, DryRun, Strings, WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import refresh as operation
from okrctl.operations.apply import WriteOptions, WriteResult
from okrctl.operations.project import parse_date
from okrctl.operations.refresh import PlannedRefresh, RefreshRequest
from okrctl.outputs.terminal import detect_style, rich_console, sanitize
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.trust import TRUSTED_VARIABLE
from okrctl.values.errors import RefusedError

SINCE_HELP = "First day to fetch (default: the day of the newest reading)."
TIME_LIMIT_HELP = "Seconds to wait for a source."
COULD_NOT_RUN = 2
TRUST_HELP = "Show what each new or changed source sends, and where, and ask whether to allow it."


def refresh(
    context: typer.Context,
    refs: Annotated[
        Strings,
        typer.Argument(
            metavar="REF|KPI",
            autocompletion=completion.complete_sources,
            help="What to fetch (default: all with a source).",
        ),
    ] = None,
    since: Annotated[date | None, typer.Option("--since", metavar="DATE", parser=parse_date, help=SINCE_HELP)] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", min=0.05, max=3600, help=TIME_LIMIT_HELP)
    ] = 30,
    retries: Annotated[int, typer.Option("--retries", metavar="N", min=0, max=10, help="Retry up to N times.")] = 2,
    trust: Annotated[bool, typer.Option("--trust", help=TRUST_HELP)] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite readings that a person entered.")] = False,
    confirm_value: ConfirmValue = False,
    dry_run: DryRun = False,
    commit: Commit = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
) -> int:
    """Fetch the readings of KPIs and key results with a `source:`.

    If a source fails, the others go on and the exit status is 2. Only what you allowed with --trust is contacted.
    """
    session = Session.of(context)
    planned = operation.plan_refresh(session, RefreshRequest(refs or (), since, time_limit, retries))
    if trust and not _trust_sources(session, planned, dry_run):
        io.show_write(session, [WriteResult(False)], format, planned.workspace.config)
        return 0
    with _progress_bar(session, len(planned.requests)) as advance:
        result = operation.refresh(session, planned, WriteOptions(commit, force, dry_run, confirm_value), advance)
    for line in result.messages:
        (session.say if dry_run or format == "json" else session.out)(sanitize(line))
    failure = result.find_failure()
    if failure is not None and format == "table":
        io.show_write(session, [result.write], format, planned.workspace.config)
        raise failure
    io.show_write(session, [result.write], format, planned.workspace.config, error=failure)
    return 0 if failure is None else COULD_NOT_RUN


def _trust_sources(session: Session, planned: PlannedRefresh, dry_run: bool) -> bool:
    """Show what is not allowed yet and ask; return whether to fetch. A dry run only shows it."""
    uses = operation.untrusted_uses(planned)
    for use in uses:
        for line in (use.ref, *use.lines, f"digest {use.digest}"):
            session.warn(line if line is use.ref else f"  {line}")
    if dry_run:
        return False
    if not uses:
        session.notify("no source is new or changed")
        return True
    question = f"Allow {'these' if len(uses) > 1 else 'this'}? [y/N]"
    hint = f"run it on a terminal; in CI, list the digests in {TRUSTED_VARIABLE}"
    if prompts.ask_or_require(session, question, "an answer", hint).casefold() not in ("y", "yes"):
        raise RefusedError("not allowed: nothing was fetched", "look at `source:` in the files")
    operation.trust_sources(session, planned, uses)
    return True


@contextmanager
def _progress_bar(session: Session, total: int) -> Iterator[Callable[[FetchOutcome], None]]:
    """Show a progress bar on a terminal, and nothing elsewhere."""
    if session.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda outcome: None
        return
    from rich.progress import Progress

    style = detect_style(sys.stderr, session.color, session.environment)
    with Progress(console=rich_console(style, sys.stderr), transient=True) as bar:
        task = bar.add_task("fetching", total=total)
        yield lambda outcome: bar.advance(task)
