"""The effect of a change: a goal gets easier (relaxed), harder (tightened), or neither (neutral)."""

from __future__ import annotations

from collections.abc import Callable

from okrctl.history.diff.change import Node
from okrctl.history.diff.normalize import FieldValue, measure_fields
from okrctl.measures.measure import Effect, Range, flag_effect
from okrctl.scoring.values import KeyResultValues
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

NEUTRAL_FIELDS = (
    "id", "team", "title", "weight", "measure", "unit", "aggregate", "kpi", "rollup", "plan", "stretch",
)  # fmt: skip
Ranges = tuple[Range, Range]


def field_effect(
    name: str, old: FieldValue, new: FieldValue, before: Node, after: Node, ranges: Callable[[], Ranges]
) -> Effect | None:
    """The effect of a change of one field; None for a field that is not agreed on.

    `ranges` returns the ranges of both key results, which take time to compute.
    """
    if name == "ambition":
        return flag_effect(new.shown != "committed", old.shown != "committed")
    if name == "state":
        return flag_effect(new.shown != "active", old.shown != "active")
    if isinstance(before, KeyResult) and isinstance(after, KeyResult):
        if name == "due":
            return flag_effect(new.shown > old.shown, new.shown < old.shown)
        if name == "guards":
            return flag_effect(after.is_guardrail, before.is_guardrail)
        if name in measure_fields(before, after):
            return after.measure.effect(name, before.model, after.model, ranges)
    return "neutral" if name in NEUTRAL_FIELDS and not isinstance(after, Kpi) else None


def start_and_target(workspace: Workspace, node: KeyResult) -> Range:
    """Where a key result starts and what it is to reach; None where that is not known."""
    start = KeyResultValues(workspace, node.period.end).measurement(node).series.start
    return start, node.measure.target(node.model, start)


def removal_effect(node: Node) -> Effect | None:
    """The effect of a goal taken away: easier where it counted, or guarded others; None where it did neither."""
    if isinstance(node, Kpi):
        return None
    is_guardrail = isinstance(node, KeyResult) and node.is_guardrail and _is_active(node)
    return "relaxed" if affects_score(node) or is_guardrail else None


def affects_score(node: Objective | KeyResult) -> bool:
    """Whether a goal counts, so that adding it makes the whole harder and removing it makes it easier."""
    return _is_active(node) and (isinstance(node, Objective) or not node.is_guardrail)


def _is_active(node: Objective | KeyResult) -> bool:
    is_open = isinstance(node, Objective) or node.objective.model.state == "active"
    return bool(is_open and node.model.state == "active")
