"""Asks how the objectives of a period went and what was learned."""

from __future__ import annotations

from collections.abc import Sequence

from okrctl.cli import prompts
from okrctl.cli.io import format_score
from okrctl.cli.session import Session
from okrctl.operations.close import (
    ClosablePeriod,
    Outcome,
    missing_outcomes,
    parse_outcome,
    parse_reasons,
    require_outcomes,
    require_reasons,
)
from okrctl.outputs.terminal import sanitize
from okrctl.scoring.scorecard import Scorecard
from okrctl.values.errors import OkrctlError


def complete_outcomes(
    session: Session, card: Scorecard, given: Sequence[Outcome], *, leave_open: bool
) -> list[Outcome]:
    """Return the outcomes with a person's answers where the options gave none.

    Raises OkrctlError if outcomes are missing and there is no terminal, unless they may be left open.
    """
    if leave_open:
        return list(given)
    if not prompts.is_interactive():
        require_outcomes(card, given)
        return list(given)
    missing = missing_outcomes(card, given)
    return [
        _prompt_outcome(session, outcome, outcome.objective.node.ref in missing)
        if outcome.objective.state == "active"
        else outcome
        for outcome in given
    ]


def complete_reasons(
    session: Session, closable: ClosablePeriod, given: Sequence[str], *, accept: bool, ask: bool
) -> dict[str, str]:
    """Return the reasons for easier goals, by reference, with a person's answers where the options gave none.

    Raises OkrctlError where one is missing, unless goals without a reason are accepted.
    """
    reasons = parse_reasons(closable, given)
    for goal in closable.unrecorded:
        if goal.ref not in reasons and ask and not accept and prompts.is_interactive():
            session.say(f"{sanitize(goal.ref)}  {sanitize(goal.text)}")
            answer = prompts.ask(session, "  Why? (empty gives no reason)")
            if answer:
                reasons[goal.ref] = " ".join(answer.split())
    require_reasons(closable, reasons, accept=accept)
    return reasons


def _prompt_outcome(session: Session, given: Outcome, is_missing: bool) -> Outcome:
    """Return an outcome with the person's answers; an empty answer leaves it open."""
    objective = given.objective
    model = objective.node.model
    asks_retrospective = given.retrospective is None and model.retrospective is None
    if is_missing or asks_retrospective:
        session.say(f"{sanitize(objective.node.ref)}  {format_score(objective)}  {sanitize(model.title or '')}")
    outcome, retrospective = given.outcome, given.retrospective
    while is_missing:
        try:
            answer = prompts.ask(session, "  How did it go: reached, missed or unclear? (empty leaves it open)")
            outcome = parse_outcome(answer) if answer else None
            break
        except OkrctlError as error:
            session.notify(f"  {error.message}")
    if asks_retrospective:
        retrospective = prompts.ask(session, "  What was learned? (empty for nothing)") or None
    return Outcome(objective, outcome, retrospective)
