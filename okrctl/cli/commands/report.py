"""Writes a report that people read who do not use the command line: one page, or a site of all periods."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from okrctl import git, scoring
from okrctl.analysis.period_report import PeriodReport, build_period_report
from okrctl.analysis.period_trends import build_period_trends
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli import load, seals
from okrctl.cli import site as placing
from okrctl.cli.options import FORMAT, AsOf, KnownAt, Output
from okrctl.cli.session import Session
from okrctl.history import baseline
from okrctl.history.baseline import Baselines
from okrctl.outputs.reports import render
from okrctl.outputs.terminal import sanitize
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period


def report(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar="[PERIOD]", help="A period; the shortest running one by default.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    full: Annotated[bool, typer.Option("--full", help="Say everything, not only what an executive reads.")] = False,
    link_base: Annotated[
        str | None,
        typer.Option("--link-base", metavar="URL", help="Where the files are shown; else found from the git remote."),
    ] = None,
    site: Annotated[
        Path | None, typer.Option("--site", metavar="DIR", help="Write a site of all periods into this folder.")
    ] = None,
    format: Annotated[Literal["markdown", "html"], FORMAT] = "markdown",
    output: Output = None,
) -> None:
    """Write one page: how the teams stand, what has moved, what is to be decided."""
    session = Session.of(context)
    if site is not None and (period or output):
        raise OkrctlError("--site is of all periods, in a folder of its own", "leave the period and -o out")
    opened, commit = load.load_at_revision(session, known_at)
    if site is not None:
        agreements = load.load_agreements(session, opened, commit)
        _write_site(agreements, session, site, as_of, _parse_link_base(agreements, link_base))
        return
    asked = load.requested_periods(opened, [period] if period else None, session)[0]
    day = as_of or scoring.default_day(asked, session.today, opened.config)
    agreements = load.load_agreements(session, opened, commit)
    result = _build_report(agreements, asked, day, session)
    result.is_full, result.link_base = full, _parse_link_base(agreements, link_base)
    session.deliver(render(result, format, session.style), output)


def _write_site(agreements: Baselines, session: Session, folder: Path, as_of: date | None, link: str | None) -> None:
    """Write a page for each period, team and owner, and the index."""
    from okrctl.outputs.reports import site

    opened = agreements.now
    load.requested_periods(opened, None, session)
    found = []
    for period in opened.periods:
        day = as_of or scoring.default_day(period, session.today, opened.config)
        found.append(_build_report(agreements, period, day, session))
        found[-1].link_base = link
    pages = {
        path: page.encode("utf-8", "replace") for path, page in site.pages(build_period_trends(opened, found)).items()
    }
    placing.write_site(session.directory / folder, pages)
    session.say(f"wrote {len(pages)} pages to {sanitize(str(folder))}")


def _build_report(agreements: Baselines, asked: Period, day: date, session: Session) -> PeriodReport:
    """What there is to say of a period, what was agreed and what the rules see in hindsight included."""
    opened = agreements.now
    card, lines = baseline.score_with_baseline(agreements, asked, day, agreed=False)
    result = build_period_report(opened, card, session.today, frozenset(seals.sealed_period_ids(session)))
    backward = retrospective.run_retrospective_rules(opened, [card], Context(opened.config, session.today))
    result.notes = lines + retrospective.format_lines(backward)
    return result


def _parse_link_base(agreements: Baselines, said: str | None) -> str | None:
    """The address behind which paths and lines are appended; None where no forge is known."""
    if said is not None:
        if not said.startswith(("https://", "http://")):
            hint = "such as https://forge.example/team/goals/blob/main"
            raise OkrctlError(f"--link-base '{said}' is no address", hint)
        return said if said.endswith("/") else f"{said}/"
    repository = agreements.repository
    try:
        remote = repository.remote_url() if repository else None
        commit = repository.resolve(agreements.head) if repository and remote else None
    except OkrctlError:
        return None
    return git.forge_base_url(remote, commit.id, repository.prefix) if repository and remote and commit else None
