"""Writes the arithmetic of a score as a formula with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from okrctl.measures import done
from okrctl.scoring.progress import Ledger
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.values import quantity
from okrctl.workspace import KeyResult

MOST_WRITTEN_OUT = 12


def mean(parts: Sequence[tuple[str, Fraction]]) -> str:
    if not parts:
        return ""
    if all(weight == 1 for _, weight in parts):
        total = " + ".join(formula for formula, _ in parts)
        return f"({total}) / {len(parts)}" if len(parts) > 1 else total
    total = " + ".join(f"{text(weight)} * {formula}" for formula, weight in parts)
    return f"({total}) / ({' + '.join(text(weight) for _, weight in parts)})"


def formula(one: KeyResultScore, ledger: Ledger) -> str:
    """The arithmetic of a key result's score; 0 where it counts as 0 without a value."""
    if one.by_hand and one.score is not None:
        return text(one.score)
    if one.progress is None or one.computed is None:
        return "0" if one.counted else ""
    core = _progress(one, ledger)
    if one.computed < one.progress:
        return f"min({text(one.computed)}, {core})"
    return f"max({text(one.computed)}, {core})" if one.computed > one.progress else core


def _progress(one: KeyResultScore, ledger: Ledger) -> str:
    assert one.progress is not None
    match one.node.measure:
        case "metric" | "change" if one.course.start is not None and one.target is not None:
            start = text(one.course.start)
            return f"({_value(one, ledger)} - {start}) / ({text(one.target)} - {start})"
        case "limit" if one.tally:
            return f"{one.tally[0]} / {one.tally[1]}"
        case "milestones":
            steps = one.node.model.milestones or []
            reached = [step.weight for step in steps if _reached(step.done, one)]
            return f"{_sum(reached)} / {_sum([step.weight for step in steps])}"
    return text(one.progress)


def _reached(said: date | bool | None, one: KeyResultScore) -> bool:
    day = done.on(said, one.course.first)
    return day is not None and day <= min(one.course.day, one.course.last)


def _sum(numbers: Sequence[Fraction]) -> str:
    if len(numbers) < 2:
        return text(numbers[0]) if numbers else "0"
    return f"({' + '.join(text(number) for number in numbers)})"


def _value(one: KeyResultScore, ledger: Ledger) -> str:
    """How the value comes about from readings or from other key results."""
    assert one.value is not None
    rollup = getattr(one.node.model, "rollup", None)
    if rollup is not None:
        numbers, how = [number for _, number in members(one, ledger)], rollup.how
    else:
        numbers, how = [point.value for point in one.course.points], ledger.aggregate(one.node)
    if how in ("min", "max") and len(numbers) > 1:
        return f"{how}({', '.join(text(number) for number in numbers)})"
    if how not in ("sum", "mean") or not 1 < len(numbers) <= MOST_WRITTEN_OUT:
        return text(one.value)
    return _sum(numbers) if how == "sum" else f"({_sum(numbers)} / {len(numbers)})"


def members(one: KeyResultScore, ledger: Ledger) -> list[tuple[KeyResult, Fraction]]:
    """The members of a rollup that have a value."""
    found = [ledger.workspace.resolve(words, one.node.objective) for words in one.node.model.rollup.members]
    nodes = [node for node in found if isinstance(node, KeyResult)]
    return [(node, value) for node in nodes if (value := ledger.values(node).course.value) is not None]


def text(number: Fraction) -> str:
    """A number that stands in a formula, exactly: as a decimal where it has one, else as a fraction."""
    places = next((places for places in range(13) if 10**places % number.denominator == 0), None)
    shown = f"({number})" if places is None else format(quantity.rounded(number, places), "f")
    return f"({shown})" if number < 0 and places is not None else shown
