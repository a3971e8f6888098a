"""Shows what needs a person this week."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import referring, reviewing, scoring
from okrctl.commands import opening, sealing
from okrctl.commands.options import FORMAT, AsOf, FailIf, KnownAt, Output, Owners, Priorities, Tags, Teams
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.finding import Context
from okrctl.kpis.board import board
from okrctl.kpis.series import Gauges
from okrctl.outputs import render
from okrctl.scoring import gating, selection
from okrctl.scoring.attention import WORST_FIRST, Weekly, gather, open_periods
from okrctl.scoring.unaddressed import kpis_to_look_at

KNOWN = tuple(dict.fromkeys([*(status.replace(" ", "-") for status in WORST_FIRST), *gating.STATUSES]))


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
    words = gating.read(fail_if, KNOWN)
    opened, _ = opening.asked(session, known_at)
    if not opened.files:
        raise OkrctlError(f"no OKR or KPI file in {session.root}", opening.BEGIN_HINT)
    day = as_of or session.today
    wanted = selection.read(opened, team, owner, priority, tag)
    running = [one for one in opened.periods if one.runs_on(day)]
    cards = [scoring.scorecard(opened, one, day) for one in running]
    shown = [selection.chosen(card, wanted) for card in cards]
    over = open_periods(opened, day, frozenset(sealing.period_ids(session)))
    result = Weekly(shown, day, [*gather(shown, referring.Shortest(opened, day), opened)])
    gauges = Gauges(opened, day)
    kpis = board(gauges, filter(wanted.wants_kpi, opened.kpis.values()))
    result.attention += kpis_to_look_at(kpis, gauges)
    if wanted.everything:
        result.attention += over
        ended = [scoring.scorecard(opened, one, day) for one in opened.periods if one.id in {open.ref for open in over}]
        result.lines = reviewing.lines(reviewing.review(opened, ended, Context(opened.config, session.today)))
    result.attention.sort(key=lambda one: one.order)
    session.deliver(render(result, format, session.look), output)
    return int(not words.isdisjoint(one.status.replace(" ", "-") for one in result.attention) or
               not words.isdisjoint(gating.statuses(shown)))  # fmt: skip
