"""The effect of planned edits on scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from okrctl import scoring
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.workspace import KeyResult, Kpi, Workspace
from okrctl.yaml_edit.checkins import PlannedEdit

MessageBuilder = Callable[[Sequence["ScoreEffect"]], str]  # makes the commit message of edits


class ScoreEffect(NamedTuple):
    """The effect of one edit: a sentence with the new progress, and the scores of its objective before and after.

    `ref` is the node that is edited.
    """

    sentence: str
    before: ObjectiveScore | None = None
    after: ObjectiveScore | None = None
    ref: str = ""


def score_effects(
    before: Workspace, after: Workspace, planned_edits: Sequence[PlannedEdit], today: date
) -> list[ScoreEffect]:
    """The effect of each planned edit; `after` is the workspace with the new texts."""
    cards: dict[tuple[bool, str], dict[str, ObjectiveScore]] = {}
    results = []
    for planned in planned_edits:
        if isinstance(planned.node, Kpi):
            results.append(ScoreEffect(f"{planned.node.ref}: {planned.transition}", ref=planned.node.ref))
            continue
        span = planned.node.period
        day = scoring.default_day(span, today, before.config)
        for new, workspace in ((False, before), (True, after)):
            if (new, span.id) not in cards:
                card = scoring.build_scorecard(workspace, span, day)
                cards[new, span.id] = {score.node.ref: score for score in card.objectives}
        ref = (planned.node.objective if isinstance(planned.node, KeyResult) else planned.node).ref
        now = cards[True, span.id].get(ref)
        before_score = cards[False, span.id].get(ref)
        results.append(ScoreEffect(_describe_effect(planned, now), before_score, now, planned.node.ref))
    return results


def _describe_effect(planned: PlannedEdit, objective: ObjectiveScore | None) -> str:
    scores: Sequence[KeyResultScore] = objective.key_results if objective else ()
    score = next((score for score in scores if score.node.ref == planned.node.ref), None)
    node = planned.node
    measured = isinstance(node, KeyResult) and node.is_measured and not node.measure.has_bounds
    if score is None or score.progress is None or not measured or not planned.has_value:
        return f"{planned.node.ref}: {planned.transition}"
    # A reading for an earlier day does not change the progress.
    late = "still " if score.value_date is not None and score.value_date > planned.day else ""
    return f"{planned.node.ref}: {planned.transition} ({late}{score.precision.percent(score.progress)})"


def commit_message(results: Sequence[ScoreEffect]) -> str:
    """The commit message: the sentence of one check-in, or a count and a list of several."""
    if len(results) == 1:
        return f"checkin {results[0].sentence}"
    return "\n".join([f"checkin: {len(results)} readings", "", *(effect.sentence for effect in results)])
