"""Shows the scorecards of periods, one or several side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

import typer

from okrctl import referring, reviewing, scoring
from okrctl.commands import opening
from okrctl.commands.options import FORMAT, AsOf, FailIf, KnownAt, Output, Owners, Periods, Priorities, Tags, Teams
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.finding import Context
from okrctl.history import agreement
from okrctl.outputs import render
from okrctl.scoring import gating, selection, supposing
from okrctl.scoring.card import Level, Scorecards
from okrctl.scoring.comparison import compare
from okrctl.scoring.impact import impact
from okrctl.workspace import KeyResult, Wants, Workspace


def score(
    context: typer.Context,
    periods: Periods = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    agreed: Annotated[bool, typer.Option("--agreed", help="Score against what was agreed.")] = False,
    level: Annotated[Level, typer.Option("--level", help="How far down the lines go.")] = "key-result",
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="REF=VALUE", help="Score as if this were so; may be repeated."),
    ] = None,
    fail_under: Annotated[
        str | None,
        typer.Option("--fail-under", metavar="N", help="End with 1 below this score of the period, or of --team."),
    ] = None,
    fail_if: FailIf = None,
    format: Annotated[Literal["table", "markdown", "csv", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show the scorecard of a period: the running ones where none is named, several side by side."""
    session = Session.of(context)
    words = gating.read(fail_if)
    least = None if fail_under is None else supposing.least(fail_under)
    # These may name what stands in any period.
    wants = None if team or owner or tag or what_if else _wanted(session, periods, as_of)
    opened, commit = opening.asked(session, known_at, wants)
    wanted = selection.read(opened, team, owner, priority, tag, level)
    result = Scorecards([], single=len(periods or ()) == 1, level=level)
    asked = list({one.id: one for one in opening.periods_asked(opened, periods, session, as_of)}.values())
    result.supposed = dict(_suppose(opened, text, session, as_of) for text in what_if or ())
    agreements = opening.agreements(session, opened, commit)
    told: list[str] = []
    for period in asked:
        opened.complete(period.id)
        day = as_of or scoring.day_asked(period, session.today, opened.config)
        card, lines = agreement.held_against(agreements, period, day, instead=agreed)
        told += [*lines, *impact(opened, card).lines]
        result.cards.append(selection.chosen(replace(card, known_at=commit), wanted))
    result.lines = told + reviewing.lines(reviewing.review(opened, result.cards, Context(opened.config, session.today)))
    if len(result.cards) > 1 and periods:
        result.compared = compare(opened, result.cards)
    session.deliver(render(result, format, session.look), output)
    return int(gating.fails(result.cards, least, words, bool(team)))


def _wanted(session: Session, words: list[str] | None, day: date | None) -> Wants:
    """Whether a period is likely to be asked for; where that is wrong, its files are read a second time."""
    named = {word.strip().casefold() for word in words or ()}
    return lambda period: period.id.casefold() in named or period.runs_on(day or session.today)


def _suppose(opened: Workspace, text: str, session: Session, as_of: date | None) -> tuple[str, str]:
    """Let a key result stand at a value, in memory; its full name and the value."""
    words, sign, value = text.partition("=")
    if not sign or not value.strip():
        raise OkrctlError(f"--what-if {text!r} says no value", "write it as REF=VALUE, such as signups=620")
    node = referring.find(opened, words, session.today, (KeyResult,))
    assert isinstance(node, KeyResult)
    supposing.suppose(opened, node, value, as_of or scoring.day_asked(node.period, session.today, opened.config))
    return node.ref, value.strip()
