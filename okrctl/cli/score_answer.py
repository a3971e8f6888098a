"""Makes the scorecards that are asked for, as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from okrctl import scoring
from okrctl.analysis import filters, thresholds, what_if
from okrctl.analysis.comparison import compare_scorecards
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.check import retrospective
from okrctl.check.finding import Context
from okrctl.cli import load
from okrctl.cli.commands.score import ScoreRequest
from okrctl.cli.commit_results import CachedResult
from okrctl.cli.session import Session
from okrctl.history import baseline
from okrctl.outputs.views.scorecard import render
from okrctl.scoring.scorecard import Scorecards
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, PeriodFilter, Workspace, references


def score_text(session: Session, known_at: str | None, request: ScoreRequest) -> CachedResult:
    """The scorecards, and 1 where they fail by what is asked."""
    words = thresholds.parse_fail_if(request.fail_if)
    least = None if request.fail_under is None else what_if.parse_score(request.fail_under)
    # These may name what stands in any period.
    anywhere = request.teams or request.owners or request.tags or request.what_if
    wants = None if anywhere else _likely_periods(session, request.periods, request.as_of)
    opened, commit = load.load_at_revision(session, known_at, wants)
    wanted = filters.parse_selection(
        opened, request.teams, request.owners, request.priorities, request.tags, request.level
    )
    result = Scorecards([], is_single=len(request.periods or ()) == 1, level=request.level)
    periods = {one.id: one for one in load.requested_periods(opened, request.periods, session, request.as_of)}
    result.what_if = dict(_apply_what_if(opened, text, session, request.as_of) for text in request.what_if or ())
    agreements = load.load_agreements(session, opened, commit)
    told: list[str] = []
    for period in periods.values():
        opened.load_period(period.id)
        day = request.as_of or scoring.default_day(period, session.today, opened.config)
        card, lines = baseline.score_with_baseline(agreements, period, day, agreed=request.agreed)
        told += [*lines, *evaluate_hypotheses(opened, card).summary_lines]
        result.cards.append(filters.filter_scorecard(replace(card, known_at=commit), wanted))
    result.notes = told + retrospective.format_lines(
        retrospective.run_retrospective_rules(opened, result.cards, Context(opened.config, session.today))
    )
    if len(result.cards) > 1 and request.periods:
        result.comparison = compare_scorecards(opened, result.cards)
    failed = thresholds.exceeds_threshold(result.cards, least, words, bool(request.teams))
    return CachedResult(
        render(result, request.format, session.style), int(failed), commit if agreements.is_certain else None
    )


def _likely_periods(session: Session, words: list[str] | None, day: date | None) -> PeriodFilter:
    """Whether a period is likely to be asked for; where that is wrong, its files are read a second time."""
    named = {word.strip().casefold() for word in words or ()}
    return lambda period: period.id.casefold() in named or period.runs_on(day or session.today)


def _apply_what_if(opened: Workspace, text: str, session: Session, as_of: date | None) -> tuple[str, str]:
    """Let a key result stand at a value, in memory; its full name and the value."""
    words, sign, value = text.partition("=")
    if not sign or not value.strip():
        raise OkrctlError(f"--what-if {text!r} says no value", "write it as REF=VALUE, such as signups=620")
    node = references.find_node(opened, words, session.today, (KeyResult,))
    assert isinstance(node, KeyResult)
    what_if.apply_what_if(opened, node, value, as_of or scoring.default_day(node.period, session.today, opened.config))
    return node.ref, value.strip()
