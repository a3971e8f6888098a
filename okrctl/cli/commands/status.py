"""Shows what needs a person this week."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis import filters, thresholds
from okrctl.analysis.attention import WORST_FIRST, Weekly, gather, open_periods
from okrctl.analysis.unaddressed_kpis import kpis_to_look_at
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli import load, seals
from okrctl.cli.options import FORMAT, AsOf, FailIf, KnownAt, Output, Owners, Priorities, Tags, Teams
from okrctl.cli.session import Session
from okrctl.kpis.overview import board
from okrctl.kpis.series import Gauges
from okrctl.outputs import render
from okrctl.values.errors import OkrctlError
from okrctl.workspace import resolve

KNOWN = tuple(dict.fromkeys([*(status.replace(" ", "-") for status in WORST_FIRST), *thresholds.STATUSES]))


def status(
    context: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    fail_if: FailIf = None,
    format: Annotated[Literal["table", "markdown", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show what needs a person this week, the worst first, each with the command to run next."""
    session = Session.of(context)
    words = thresholds.read(fail_if, KNOWN)
    opened, _ = load.asked(session, known_at)
    if not opened.files:
        raise OkrctlError(f"no OKR or KPI file in {session.root}", load.BEGIN_HINT)
    day = as_of or session.today
    wanted = filters.read(opened, team, owner, priority, tag)
    running = [one for one in opened.periods if one.runs_on(day)]
    cards = [scoring.scorecard(opened, one, day) for one in running]
    shown = [filters.chosen(card, wanted) for card in cards]
    over = open_periods(opened, day, frozenset(seals.period_ids(session)))
    result = Weekly(shown, day, [*gather(shown, resolve.Shortest(opened, day), opened)])
    gauges = Gauges(opened, day)
    kpis = board(gauges, filter(wanted.wants_kpi, opened.kpis.values()))
    result.attention += kpis_to_look_at(kpis, gauges)
    if wanted.everything:
        result.attention += over
        ended = [scoring.scorecard(opened, one, day) for one in opened.periods if one.id in {open.ref for open in over}]
        result.lines = retrospective.lines(retrospective.review(opened, ended, Context(opened.config, session.today)))
    result.attention.sort(key=lambda one: one.order)
    session.deliver(render(result, format, session.look), output)
    return int(not words.isdisjoint(one.status.replace(" ", "-") for one in result.attention) or
               not words.isdisjoint(thresholds.statuses(shown)))  # fmt: skip
