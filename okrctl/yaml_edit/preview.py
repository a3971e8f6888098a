"""Says what changes of files mean for the scores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from okrctl import scoring
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.values import quantity
from okrctl.workspace import KeyResult, Kpi, Workspace
from okrctl.yaml_edit.checkins import PlannedEdit


class ScoreEffect(NamedTuple):
    """What one record means: its sentence with the progress after it, and its objective's scores before and after."""

    sentence: str
    before: ObjectiveScore | None = None
    after: ObjectiveScore | None = None


def score_effects(
    before: Workspace, after: Workspace, records: Sequence[PlannedEdit], today: date
) -> list[ScoreEffect]:
    """The effect of each record; `after` is the workspace with the new texts."""
    cards: dict[tuple[bool, str], dict[str, ObjectiveScore]] = {}
    found = []
    for one in records:
        if isinstance(one.node, Kpi):
            found.append(ScoreEffect(f"{one.node.ref}: {one.transition}"))
            continue
        span = one.node.period
        day = scoring.default_day(span, today, before.config)
        for new, workspace in ((False, before), (True, after)):
            if (new, span.id) not in cards:
                card = scoring.build_scorecard(workspace, span, day)
                cards[new, span.id] = {score.node.ref: score for score in card.objectives}
        ref = (one.node.objective if isinstance(one.node, KeyResult) else one.node).ref
        now = cards[True, span.id].get(ref)
        found.append(ScoreEffect(_describe_effect(one, now), cards[False, span.id].get(ref), now))
    return found


def _describe_effect(one: PlannedEdit, objective: ObjectiveScore | None) -> str:
    scores: Sequence[KeyResultScore] = objective.key_results if objective else ()
    score = next((score for score in scores if score.node.ref == one.node.ref), None)
    measured = isinstance(one.node, KeyResult) and one.node.is_measured and not one.node.measure.has_bounds
    if score is None or score.progress is None or not measured or not one.has_value:
        return f"{one.node.ref}: {one.transition}"
    # A reading filled in for an earlier day is not what the progress speaks of.
    late = "still " if score.value_date is not None and score.value_date > one.day else ""
    return f"{one.node.ref}: {one.transition} ({late}{quantity.format_number(score.progress * 100, '%', 0)})"


def commit_message(found: Sequence[ScoreEffect]) -> str:
    """The message for git: the sentence of one check-in, a count and a list for several."""
    if len(found) == 1:
        return f"checkin {found[0].sentence}"
    return "\n".join([f"checkin of {len(found)}", "", *(effect.sentence for effect in found)])
