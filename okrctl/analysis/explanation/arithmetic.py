"""Writes the arithmetic of a score as a formula with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from okrctl.measures import done
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.values import quantity
from okrctl.workspace import KeyResult

MAX_TERMS = 12


def mean_formula(parts: Sequence[tuple[str, Fraction]]) -> str:
    if not parts:
        return ""
    if all(weight == 1 for _, weight in parts):
        total = " + ".join(formula for formula, _ in parts)
        return f"({total}) / {len(parts)}" if len(parts) > 1 else total
    total = " + ".join(f"{formula_number(weight)} * {formula}" for formula, weight in parts)
    return f"({total}) / ({' + '.join(formula_number(weight) for _, weight in parts)})"


def score_formula(one: KeyResultScore, ledger: KeyResultValues) -> str:
    """The arithmetic of a key result's score; 0 where it counts as 0 without a value."""
    if one.by_hand and one.score is not None:
        return formula_number(one.score)
    if one.progress is None or one.computed is None:
        return "0" if one.counted else ""
    core = _progress_formula(one, ledger)
    if one.computed < one.progress:
        return f"min({formula_number(one.computed)}, {core})"
    return f"max({formula_number(one.computed)}, {core})" if one.computed > one.progress else core


def _progress_formula(one: KeyResultScore, ledger: KeyResultValues) -> str:
    assert one.progress is not None
    match one.node.measure:
        case "metric" | "change" if one.series.start is not None and one.target is not None:
            start = formula_number(one.series.start)
            return f"({_value_formula(one, ledger)} - {start}) / ({formula_number(one.target)} - {start})"
        case "limit" if one.tally:
            return f"{one.tally[0]} / {one.tally[1]}"
        case "milestones":
            steps = one.node.model.milestones or []
            reached = [step.weight for step in steps if _is_reached(step.done, one)]
            return f"{_sum_formula(reached)} / {_sum_formula([step.weight for step in steps])}"
    return formula_number(one.progress)


def _is_reached(said: date | bool | None, one: KeyResultScore) -> bool:
    day = done.done_day(said, one.series.first)
    return day is not None and day <= min(one.series.day, one.series.last)


def _sum_formula(numbers: Sequence[Fraction]) -> str:
    if len(numbers) < 2:
        return formula_number(numbers[0]) if numbers else "0"
    return f"({' + '.join(formula_number(number) for number in numbers)})"


def _value_formula(one: KeyResultScore, ledger: KeyResultValues) -> str:
    """How the value comes about from readings or from other key results."""
    assert one.value is not None
    rollup = getattr(one.node.model, "rollup", None)
    if rollup is not None:
        numbers, how = [number for _, number in rollup_members(one, ledger)], rollup.method
    else:
        numbers, how = [point.value for point in one.series.points], ledger.aggregate_of(one.node)
    if how in ("min", "max") and len(numbers) > 1:
        return f"{how}({', '.join(formula_number(number) for number in numbers)})"
    if how not in ("sum", "mean") or not 1 < len(numbers) <= MAX_TERMS:
        return formula_number(one.value)
    return _sum_formula(numbers) if how == "sum" else f"({_sum_formula(numbers)} / {len(numbers)})"


def rollup_members(one: KeyResultScore, ledger: KeyResultValues) -> list[tuple[KeyResult, Fraction]]:
    """The members of a rollup that have a value."""
    found = [ledger.workspace.resolve(words, one.node.objective) for words in one.node.model.rollup.members]
    nodes = [node for node in found if isinstance(node, KeyResult)]
    return [(node, value) for node in nodes if (value := ledger.measurement(node).series.value) is not None]


def formula_number(number: Fraction) -> str:
    """A number that stands in a formula, exactly: as a decimal where it has one, else as a fraction."""
    places = next((places for places in range(13) if 10**places % number.denominator == 0), None)
    shown = f"({number})" if places is None else format(quantity.round_number(number, places), "f")
    return f"({shown})" if number < 0 and places is not None else shown
