"""Judges whether a change of what was agreed makes it easier (relaxed), harder (tightened), or neither (neutral)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from okrctl.history.diff.change import Effect, Node
from okrctl.history.diff.normalize import OF_A_WAY, Part
from okrctl.measures import change, limit, metric
from okrctl.scoring.progress import Ledger
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace

NEUTRAL = ("title", "weight", "graded", "measure", "unit", "aggregate", "kpi", "rollup", "plan", "stretch")
Way = tuple[Fraction | None, Fraction | None]
Ways = tuple[Way, Way]


def of_field(name: str, old: Part, new: Part, before: Node, after: Node, ways: Callable[[], Ways]) -> Effect | None:
    """The effect of a change of one field; None for what was never agreed on. `ways` are those of both key results."""
    if name == "ambition":
        return _easier(new.shown != "committed", old.shown != "committed")
    if name == "state":
        return _easier(new.shown != "active", old.shown != "active")
    if isinstance(before, KeyResult) and isinstance(after, KeyResult):
        if name in OF_A_WAY:
            return of_way(*ways())
        if name in ("at_least", "at_most"):
            return of_bounds(limit.bounds(before.model), limit.bounds(after.model))
        if name == "due":
            return _easier(new.shown > old.shown, new.shown < old.shown)
        if name == "judge":
            return _easier(new.shown == "latest", old.shown == "latest")
        if name == "guards":
            return _easier(after.guardrail, before.guardrail)
    return "neutral" if name in NEUTRAL and not isinstance(after, Kpi) else None


def _easier(now: bool, before: bool) -> Effect:
    return "neutral" if now == before else "relaxed" if now else "tightened"


def way(workspace: Workspace, node: KeyResult) -> Way:
    """Where a metric starts and where it is to go; None where that is not known."""
    start = Ledger(workspace, node.period.end).values(node).course.start
    module: Any = {"metric": metric, "change": change}.get(node.measure)
    return start, module.target(node.model, start) if module else None


def of_way(old: Way, new: Way) -> Effect | None:
    """By the progress of the old goal under the new numbers; where that is just 1, by the middle of the old way."""
    goal = old[1]
    if goal is not None and new[1] is None:
        return "relaxed"
    reached = _progress(goal, new)
    if reached is None:
        return None
    if reached != 1 or old[0] is None or goal is None:
        return _compared(reached, Fraction(1))
    middle = _progress((old[0] + goal) / 2, new)
    return None if middle is None else _compared(middle, Fraction(1, 2))


def _progress(value: Fraction | None, way: Way) -> Fraction | None:
    start, goal = way
    if value is None or start is None or goal is None or start == goal:
        return None
    return (value - start) / (goal - start)


def _compared(progress: Fraction, same: Fraction) -> Effect:
    return "relaxed" if progress > same else "tightened" if progress < same else "neutral"


def of_bounds(old: tuple[Fraction | None, Fraction | None], new: tuple[Fraction | None, Fraction | None]) -> Effect:
    """By the values that are allowed: where some were added it is easier, even if others were taken away."""
    lower = new[0] != old[0] and (new[0] is None or (old[0] is not None and new[0] < old[0]))
    higher = new[1] != old[1] and (new[1] is None or (old[1] is not None and new[1] > old[1]))
    return "relaxed" if lower or higher else "neutral" if old == new else "tightened"


def of_coming(node: Objective | KeyResult) -> bool:
    """Whether a thing counts, so that its coming makes the whole harder and its going makes it easier."""
    if isinstance(node, Objective):
        return bool(node.model.state == "active")
    return node.model.state == "active" and node.objective.model.state == "active" and not node.guardrail
