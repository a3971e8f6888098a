"""Makes the scorecards that are asked for, as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from okrctl import referring, reviewing, scoring
from okrctl.commands import opening
from okrctl.commands.remembering import Answer
from okrctl.commands.score import Asked
from okrctl.commands.session import Session
from okrctl.errors import OkrctlError
from okrctl.finding import Context
from okrctl.history import agreement
from okrctl.outputs import render
from okrctl.scoring import gating, selection, supposing
from okrctl.scoring.card import Scorecards
from okrctl.scoring.comparison import compare
from okrctl.scoring.impact import impact
from okrctl.workspace import KeyResult, Wants, Workspace


def answer(session: Session, known_at: str | None, asked: Asked) -> Answer:
    """The scorecards, and 1 where they fail by what is asked."""
    words = gating.read(asked.fail_if)
    least = None if asked.fail_under is None else supposing.least(asked.fail_under)
    # These may name what stands in any period.
    anywhere = asked.teams or asked.owners or asked.tags or asked.what_if
    wants = None if anywhere else _wanted(session, asked.periods, asked.as_of)
    opened, commit = opening.asked(session, known_at, wants)
    wanted = selection.read(opened, asked.teams, asked.owners, asked.priorities, asked.tags, asked.level)
    result = Scorecards([], single=len(asked.periods or ()) == 1, level=asked.level)
    periods = {one.id: one for one in opening.periods_asked(opened, asked.periods, session, asked.as_of)}
    result.supposed = dict(_suppose(opened, text, session, asked.as_of) for text in asked.what_if or ())
    agreements = opening.agreements(session, opened, commit)
    told: list[str] = []
    for period in periods.values():
        opened.complete(period.id)
        day = asked.as_of or scoring.day_asked(period, session.today, opened.config)
        card, lines = agreement.held_against(agreements, period, day, instead=asked.agreed)
        told += [*lines, *impact(opened, card).lines]
        result.cards.append(selection.chosen(replace(card, known_at=commit), wanted))
    result.lines = told + reviewing.lines(reviewing.review(opened, result.cards, Context(opened.config, session.today)))
    if len(result.cards) > 1 and asked.periods:
        result.compared = compare(opened, result.cards)
    failed = gating.fails(result.cards, least, words, bool(asked.teams))
    return Answer(render(result, asked.format, session.look), int(failed), commit if agreements.certain else None)


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
