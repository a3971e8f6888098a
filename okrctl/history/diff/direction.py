"""The effect of a change: a goal gets easier (relaxed), harder (tightened), or neither (neutral)."""

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
    name: str, old: FieldValue, new: FieldValue, before: Node, after: Node, ranges: Callable[[], Ranges]
) -> Effect | None:
    """The effect of a change of one field; None for a field that is not agreed on.

    `ranges` returns the ranges of both key results, which take time to compute.
    """
    if name == "ambition":
        return _flag_effect(new.shown != "committed", old.shown != "committed")
    if name == "state":
        return _flag_effect(new.shown != "active", old.shown != "active")
    if isinstance(before, KeyResult) and isinstance(after, KeyResult):
        if name in RANGE_FIELDS:
            return range_effect(*ranges())
        if name in ("at_least", "at_most"):
            return bounds_effect(limit.bounds_of(before.model), limit.bounds_of(after.model))
        if name == "due":
            return _flag_effect(new.shown > old.shown, new.shown < old.shown)
        if name == "judge":
            return _flag_effect(new.shown == "latest", old.shown == "latest")
        if name == "guards":
            return _flag_effect(after.is_guardrail, before.is_guardrail)
    return "neutral" if name in NEUTRAL_FIELDS and not isinstance(after, Kpi) else None


def _flag_effect(is_easier_now: bool, was_easier: bool) -> Effect:
    return "neutral" if is_easier_now == was_easier else "relaxed" if is_easier_now else "tightened"


def metric_range(workspace: Workspace, node: KeyResult) -> Range:
    """Start and target of a metric; None for one that is not known."""
    start = KeyResultValues(workspace, node.period.end).measurement(node).series.start
    module: Any = {"metric": metric, "change": change}.get(node.measure)
    return start, module.target(node.model, start) if module else None


def range_effect(old: Range, new: Range) -> Effect | None:
    """The effect of another range: the progress that the old target is in the new range.

    More than 1 means that the new target is easier. Where the target stayed, the middle of the old range decides, so
    that a start closer to the target counts as easier or harder.
    """
    target = old[1]
    if target is not None and new[1] is None:
        return "relaxed"
    progress = _progress(target, new)
    if progress is None:
        return None
    if progress != 1 or old[0] is None or target is None:
        return _compare_progress(progress, Fraction(1))
    middle = _progress((old[0] + target) / 2, new)
    return None if middle is None else _compare_progress(middle, Fraction(1, 2))


def _progress(value: Fraction | None, range_: Range) -> Fraction | None:
    start, target = range_
    if value is None or start is None or target is None or start == target:
        return None
    return (value - start) / (target - start)


def _compare_progress(progress: Fraction, unchanged: Fraction) -> Effect:
    return "relaxed" if progress > unchanged else "tightened" if progress < unchanged else "neutral"


def bounds_effect(old: tuple[Fraction | None, Fraction | None], new: tuple[Fraction | None, Fraction | None]) -> Effect:
    """The effect of other bounds: easier where new values are allowed, even if others no longer are."""
    lower = new[0] != old[0] and (new[0] is None or (old[0] is not None and new[0] < old[0]))
    higher = new[1] != old[1] and (new[1] is None or (old[1] is not None and new[1] > old[1]))
    return "relaxed" if lower or higher else "neutral" if old == new else "tightened"


def affects_score(node: Objective | KeyResult) -> bool:
    """Whether a goal counts, so that adding it makes the whole harder and removing it makes it easier."""
    if isinstance(node, Objective):
        return bool(node.model.state == "active")
    return node.model.state == "active" and node.objective.model.state == "active" and not node.is_guardrail
