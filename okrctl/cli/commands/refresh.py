"""Fetches readings from the sources that KPIs declare; nothing else ever contacts them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from okrctl.cli import load, record, write
from okrctl.cli.options import Commit, DryRun
from okrctl.cli.session import Session, parse_date
from okrctl.operations import fetched_readings
from okrctl.outputs.terminal import detect_style, rich_console, sanitize
from okrctl.sources import Request, fetch
from okrctl.sources.fetch import FetchOutcome
from okrctl.sources.policy import AccessPolicy
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Workspace
from okrctl.yaml_edit import build_plan

ProgressCallback = Callable[[FetchOutcome], None]


def refresh(
    context: typer.Context,
    kpis: Annotated[list[str] | None, typer.Argument(metavar="[KPI]...", help="KPIs; all with a source.")] = None,
    since: Annotated[
        date | None,
        typer.Option("--since", metavar="DATE", parser=parse_date, help="From this day; else from the newest reading."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", min=0.05, max=3600, help="For one answer.")
    ] = 30,
    retries: Annotated[int, typer.Option("--retries", metavar="N", min=0, max=10, help="Further attempts.")] = 2,
    force: Annotated[bool, typer.Option("--force", help="Replace readings that a person typed.")] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> int:
    """Fetch the readings of KPIs with a `source:`. One that fails does not stop the others; then it ends with 2."""
    session = Session.of(context)
    opened = load.load_workspace(session)
    access = AccessPolicy(session.root, opened.config.sources.hosts, session.environment, time_limit, retries + 1)
    requests = list(_build_requests(opened, kpis or [], since, session.today, access))
    if since is not None and since > session.today:
        raise OkrctlError(f"{since} lies in the future", "give a day that has come")
    with _progress_bar(session, len(requests)) as done:
        outcomes = fetch.fetch_all(requests, done)
    result = fetched_readings.merge_fetched(opened, outcomes, force)
    record.workspace_with(session, opened, result.new)
    tell = session.say if dry_run else session.out
    for line in (*result.messages, *(f"{kpi}: failed: {access.redact(why)}" for kpi, why in result.failed.items())):
        tell(sanitize(line))
    if result.new:
        message = "refresh " + (result.messages[0] if len(result.messages) == 1 else _join_messages(result.messages))
        write.apply_plan(session, build_plan(result.old, result.new, (), message), dry_run=dry_run, commit=commit)
    _require_success(requests, result)
    return 0


def _join_messages(says: Sequence[str]) -> str:
    return "\n".join([f"of {len(says)} KPIs", "", *says])


def _require_success(requests: Sequence[Request], result: fetched_readings.FetchedTexts) -> None:
    if result.failed:
        rest = "nothing was written" if not result.new else "what the others gave is written"
        many = f"{len(result.failed)} of {len(requests)} sources" if len(requests) > 1 else "the source"
        raise OkrctlError(f"{many} failed", f"{rest}; mend it and run: okrctl refresh {' '.join(result.failed)}")


def _build_requests(
    opened: Workspace, words: Sequence[str], since: date | None, today: date, access: AccessPolicy
) -> Iterator[Request]:
    """One request for each KPI that is meant; OkrctlError for one that is unknown or has no source."""
    specs = fetched_readings.source_specs(opened)
    hint = f"with a source there are: {', '.join(specs) or 'none'}"
    for word in words:
        if word not in opened.kpis:
            guess = suggestions.did_you_mean(suggestions.find_closest(word, sorted(specs)))
            raise OkrctlError(f"there is no KPI '{word}'{guess}", hint)
        if word not in specs:
            raise OkrctlError(f"the KPI '{word}' has no `source:`", hint)
    if not specs:
        raise OkrctlError("no KPI has a `source:`", "such as: source: {csv: data/mrr.csv, date: week, value: mrr}")
    for kpi in dict.fromkeys(words or specs):
        newest = max((one.day for one in opened.kpis[kpi].readings if one.value is not None), default=None)
        yield Request(kpi, specs[kpi], since, newest, today, access)


@contextmanager
def _progress_bar(session: Session, total: int) -> Iterator[ProgressCallback]:
    """A bar on a terminal; elsewhere nothing."""
    if session.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda outcome: None
        return
    from rich.progress import Progress

    look = detect_style(sys.stderr, session.color, session.environment)
    with Progress(console=rich_console(look, sys.stderr), transient=True) as bar:
        task = bar.add_task("fetching", total=total)
        yield lambda outcome: bar.advance(task)
