"""Finds manual scores that differ from the computed score and have no reason.

A person may know better than the numbers, but later readers need to know why. The manual score is compared with the
score from all readings up to its `date`. Without a `date`, all readings that count in the period are used. Both scores
agree if the computed score, rounded to the decimal places of the manual score, is the same.

To fix it, add `reason:` to the score.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        score: {value: 0.9, by: lea}
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-05-04: 5000}}]

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        score: {value: 0.9, by: lea, reason: 17500 codes from May are not counted yet}
        key_results: [{id: codes, title: Codes requested, to: 25000, readings: {2026-05-04: 5000}}]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.scoring import KeyResultScore, ObjectiveScore, Scorecard, build_scorecard, default_day
from okrctl.values.quantity import round_number
from okrctl.workspace import KeyResult, Objective, Workspace


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """Manual scores without a reason; a workspace with unreadable files has no scores to compare with."""
    manual_scores = [(node, node.model.score) for node in _scored_nodes(workspace) if node.model.score is not None]
    manual_scores = [(node, score) for node, score in manual_scores if score.reason is None]
    if not manual_scores or workspace.broken_files:
        return
    cards: dict[tuple[str, date], Scorecard] = {}
    for node, score in manual_scores:
        last_day = default_day(node.period, date.max, workspace.config)
        day = min(score.date or last_day, last_day)
        if (node.period.id, day) not in cards:
            cards[node.period.id, day] = build_scorecard(workspace, node.period, day)
        computed = _computed_score(cards[node.period.id, day], node)
        if computed is not None and not _is_rounded_equal(score.value, computed):
            figure = workspace.config.precision.score(computed)
            message = f"the manual score differs from the computed score {figure} and has no reason"
            route = (*node.route, "score")
            yield Finding(route, message, "add `reason:` to the score", on_key=True, ref=node.ref, file=node.file)


def _scored_nodes(workspace: Workspace) -> Iterator[Objective | KeyResult]:
    for objective in workspace.objectives:
        yield objective
        yield from objective.key_results


def _computed_score(card: Scorecard, node: Objective | KeyResult) -> Fraction | None:
    """The computed score of a node; None if it has none."""
    scores: list[ObjectiveScore | KeyResultScore] = [*card.objectives]
    scores += [score for objective in card.objectives for score in objective.key_results]
    return next((score.computed for score in scores if score.node is node), None)


def _is_rounded_equal(manual: Fraction, computed: Fraction) -> bool:
    """Whether the manual score is the computed one, rounded to some number of decimal places."""
    return any(Fraction(round_number(computed, places)) == manual for places in range(1, 7)) or manual == computed


RULE = Rule(code="OKR504", name="override-without-reason", severity="error", check_workspace=check_workspace)
