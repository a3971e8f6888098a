"""The effect of planned edits on scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from okrctl import scoring
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore
from okrctl.scoring.values import KeyResultValues
from okrctl.values.period import Period
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
    states, results = (_GoalScores(before), _GoalScores(after)), []
    for planned in planned_edits:
        if isinstance(planned.node, Kpi):
            results.append(ScoreEffect(f"{planned.node.ref}: {planned.transition}", ref=planned.node.ref))
            continue
        span = planned.node.period
        day = scoring.default_day(span, today, before.config)
        ref = (planned.node.objective if isinstance(planned.node, KeyResult) else planned.node).ref
        before_score, now = (state.find(ref, span, day) for state in states)
        results.append(ScoreEffect(_describe_effect(planned, now), before_score, now, planned.node.ref))
    return results


class _GoalScores:
    """The scores of objectives of one workspace by their references, each worked out when it is first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._nodes = {objective.ref: objective for objective in workspace.objectives}
        self._values: dict[date, KeyResultValues] = {}
        self._found: dict[tuple[str, date], ObjectiveScore | None] = {}

    def find(self, ref: str, span: Period, day: date) -> ObjectiveScore | None:
        """The score on a day; None for what is not on the scorecard of the period then."""
        if (ref, day) not in self._found:
            node = self._nodes.get(ref)
            values = self._values.setdefault(day, KeyResultValues(self._workspace, day))
            card = None if node is None else scoring.build_scorecard(self._workspace, span, day, values, node)
            self._found[ref, day] = card.objectives[0] if card is not None and card.objectives else None
        return self._found[ref, day]


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
