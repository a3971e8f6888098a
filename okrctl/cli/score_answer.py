"""Makes the scorecards that are asked for, as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from okrctl import scoring
from okrctl.analysis import filters, thresholds, what_if
from okrctl.analysis.comparison import compare
from okrctl.analysis.hypotheses import impact
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli import load
from okrctl.cli.commands.score import Asked
from okrctl.cli.commit_results import Answer
from okrctl.cli.session import Session
from okrctl.history import baseline
from okrctl.outputs import render
from okrctl.scoring.scorecard import Scorecards
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Wants, Workspace, resolve


def answer(session: Session, known_at: str | None, asked: Asked) -> Answer:
    """The scorecards, and 1 where they fail by what is asked."""
    words = thresholds.read(asked.fail_if)
    least = None if asked.fail_under is None else what_if.least(asked.fail_under)
    # These may name what stands in any period.
    anywhere = asked.teams or asked.owners or asked.tags or asked.what_if
    wants = None if anywhere else _wanted(session, asked.periods, asked.as_of)
    opened, commit = load.asked(session, known_at, wants)
    wanted = filters.read(opened, asked.teams, asked.owners, asked.priorities, asked.tags, asked.level)
    result = Scorecards([], single=len(asked.periods or ()) == 1, level=asked.level)
    periods = {one.id: one for one in load.periods_asked(opened, asked.periods, session, asked.as_of)}
    result.supposed = dict(_suppose(opened, text, session, asked.as_of) for text in asked.what_if or ())
    agreements = load.agreements(session, opened, commit)
    told: list[str] = []
    for period in periods.values():
        opened.complete(period.id)
        day = asked.as_of or scoring.day_asked(period, session.today, opened.config)
        card, lines = baseline.held_against(agreements, period, day, instead=asked.agreed)
        told += [*lines, *impact(opened, card).lines]
        result.cards.append(filters.chosen(replace(card, known_at=commit), wanted))
    result.lines = told + retrospective.lines(
        retrospective.review(opened, result.cards, Context(opened.config, session.today))
    )
    if len(result.cards) > 1 and asked.periods:
        result.compared = compare(opened, result.cards)
    failed = thresholds.fails(result.cards, least, words, bool(asked.teams))
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
    node = resolve.find(opened, words, session.today, (KeyResult,))
    assert isinstance(node, KeyResult)
    what_if.suppose(opened, node, value, as_of or scoring.day_asked(node.period, session.today, opened.config))
    return node.ref, value.strip()
