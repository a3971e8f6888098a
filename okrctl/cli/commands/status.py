"""Shows what needs a person this week."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from okrctl import scoring
from okrctl.analysis import filters, thresholds
from okrctl.analysis.attention import WORST_FIRST, StatusReport, attention_items, kpi_attention_items, unclosed_periods
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli import load, seals
from okrctl.cli.options import FORMAT, AsOf, FailIf, KnownAt, Output, Owners, Priorities, Tags, Teams
from okrctl.cli.session import Session
from okrctl.kpis.overview import build_kpi_overview
from okrctl.kpis.series import KpiValues
from okrctl.outputs import render
from okrctl.values.errors import OkrctlError
from okrctl.workspace import references

KNOWN = tuple(dict.fromkeys([*(status.replace(" ", "-") for status in WORST_FIRST), *thresholds.FAIL_IF_STATUSES]))


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
    words = thresholds.parse_fail_if(fail_if, KNOWN)
    opened, _ = load.load_at_revision(session, known_at)
    if not opened.files:
        raise OkrctlError(f"no OKR or KPI file in {session.root}", load.INIT_HINT)
    day = as_of or session.today
    wanted = filters.parse_selection(opened, team, owner, priority, tag)
    running = [one for one in opened.periods if one.runs_on(day)]
    cards = [scoring.build_scorecard(opened, one, day) for one in running]
    shown = [filters.filter_scorecard(card, wanted) for card in cards]
    over = unclosed_periods(opened, day, frozenset(seals.sealed_period_ids(session)))
    result = StatusReport(shown, day, [*attention_items(shown, references.ShortestUniqueRef(opened, day), opened)])
    gauges = KpiValues(opened, day)
    kpis = build_kpi_overview(gauges, filter(wanted.includes_kpi, opened.kpis.values()))
    result.attention += kpi_attention_items(kpis, gauges)
    if wanted.is_everything:
        result.attention += over
        ended = [
            scoring.build_scorecard(opened, one, day) for one in opened.periods if one.id in {open.ref for open in over}
        ]
        result.notes = retrospective.format_lines(
            retrospective.run_retrospective_rules(opened, ended, Context(opened.config, session.today))
        )
    result.attention.sort(key=lambda one: one.sort_key)
    session.deliver(render(result, format, session.style), output)
    return int(not words.isdisjoint(one.status.replace(" ", "-") for one in result.attention) or
               not words.isdisjoint(thresholds.line_statuses(shown)))  # fmt: skip
