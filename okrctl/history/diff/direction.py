"""Judges whether a change of what was agreed makes it easier (relaxed), harder (tightened), or neither (neutral)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from okrctl.history.diff.change import Effect, Node
from okrctl.history.diff.normalize import RANGE_FIELDS, FieldValue
from okrctl.measures import change, limit, metric
from okrctl.scoring.progress import KeyResultValues
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

NEUTRAL_FIELDS = ("title", "weight", "graded", "measure", "unit", "aggregate", "kpi", "rollup", "plan", "stretch")
Range = tuple[Fraction | None, Fraction | None]
Ranges = tuple[Range, Range]


def field_effect(
    name: str, old: FieldValue, new: FieldValue, before: Node, after: Node, ways: Callable[[], Ranges]
) -> Effect | None:
    """The effect of a change of one field; None for what was never agreed on. `ways` are those of both key results."""
    if name == "ambition":
        return _flag_effect(new.shown != "committed", old.shown != "committed")
    if name == "state":
        return _flag_effect(new.shown != "active", old.shown != "active")
    if isinstance(before, KeyResult) and isinstance(after, KeyResult):
        if name in RANGE_FIELDS:
            return range_effect(*ways())
        if name in ("at_least", "at_most"):
            return bounds_effect(limit.bounds_of(before.model), limit.bounds_of(after.model))
        if name == "due":
            return _flag_effect(new.shown > old.shown, new.shown < old.shown)
        if name == "judge":
            return _flag_effect(new.shown == "latest", old.shown == "latest")
        if name == "guards":
            return _flag_effect(after.is_guardrail, before.is_guardrail)
    return "neutral" if name in NEUTRAL_FIELDS and not isinstance(after, Kpi) else None


def _flag_effect(now: bool, before: bool) -> Effect:
    return "neutral" if now == before else "relaxed" if now else "tightened"


def metric_range(workspace: Workspace, node: KeyResult) -> Range:
    """Where a metric starts and where it is to go; None where that is not known."""
    start = KeyResultValues(workspace, node.period.end).measurement(node).series.start
    module: Any = {"metric": metric, "change": change}.get(node.measure)
    return start, module.target(node.model, start) if module else None


def range_effect(old: Range, new: Range) -> Effect | None:
    """By the progress of the old goal under the new numbers; where that is just 1, by the middle of the old way."""
    goal = old[1]
    if goal is not None and new[1] is None:
        return "relaxed"
    reached = _progress(goal, new)
    if reached is None:
        return None
    if reached != 1 or old[0] is None or goal is None:
        return _compare_progress(reached, Fraction(1))
    middle = _progress((old[0] + goal) / 2, new)
    return None if middle is None else _compare_progress(middle, Fraction(1, 2))


def _progress(value: Fraction | None, way: Range) -> Fraction | None:
    start, goal = way
    if value is None or start is None or goal is None or start == goal:
        return None
    return (value - start) / (goal - start)


def _compare_progress(progress: Fraction, same: Fraction) -> Effect:
    return "relaxed" if progress > same else "tightened" if progress < same else "neutral"


def bounds_effect(old: tuple[Fraction | None, Fraction | None], new: tuple[Fraction | None, Fraction | None]) -> Effect:
    """By the values that are allowed: where some were added it is easier, even if others were taken away."""
    lower = new[0] != old[0] and (new[0] is None or (old[0] is not None and new[0] < old[0]))
    higher = new[1] != old[1] and (new[1] is None or (old[1] is not None and new[1] > old[1]))
    return "relaxed" if lower or higher else "neutral" if old == new else "tightened"


def affects_score(node: Objective | KeyResult) -> bool:
    """Whether a thing counts, so that its coming makes the whole harder and its going makes it easier."""
    if isinstance(node, Objective):
        return bool(node.model.state == "active")
    return node.model.state == "active" and node.objective.model.state == "active" and not node.is_guardrail
