"""Finds objectives that aim for more of something or for less time, and have no guardrail.

It is easy to sell more credit cards by ignoring fraud. A counterweight, such as a limit on the share of fraud,
prevents that (Montagu calls it a negative key result). Any limit counts; a limit with `guards:` is
watched without being averaged into the score.

Bad:

    period: 2026-Q2
    objectives:
      - id: cards
        title: Every customer pays with our card
        owner: noor
        key_results:
          - {id: cards, title: New cards in use, to: 4000, unit: cards}
          - {id: share, title: Purchases paid with the card, from: 20%, to: 40%}

Good:

    period: 2026-Q2
    objectives:
      - id: cards
        title: Every customer pays with our card
        owner: noor
        key_results:
          - {id: cards, title: New cards in use, to: 4000, unit: cards}
          - {id: share, title: Purchases paid with the card, from: 20%, to: 40%}
          - {id: fraud, title: Cards with fraud, at_most: 0.4%, guards: all}
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.measures import change
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective

TIME_UNITS = frozenset(
    "ms s sec second seconds min minute minutes h hr hour hours d day days week weeks month months".split()
)


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The first key result that wants more or faster, if the objective has no limit."""
    active = [kr for kr in objective.key_results if kr.model.state == "active"]
    if not objective.is_active or any(kr.measure.has_bounds for kr in active):
        return
    for kr in active:
        goal = _growth_or_speed(kr)
        if goal:
            help = "add a limit with `guards:` for what must not get worse"
            related = ((None, (*kr.route, "title"), f"asks for {goal}"),)
            yield Finding((*objective.route, "title"), f"the objective asks for {goal} and has no guardrail", help,
                          related=related)  # fmt: skip
            return


def _growth_or_speed(key_result: KeyResult) -> str | None:
    """`more` for counts and money, `faster` for units of time, None for shares in percent."""
    if not key_result.measure.has_range:
        return None
    distance = _distance_to_target(key_result)
    unit = (key_result.own_unit or "").strip().lower()
    if unit in TIME_UNITS:
        return "faster" if distance < 0 else None
    return "more" if distance > 0 and unit not in ("%", "pp") else None


def _distance_to_target(key_result: KeyResult) -> Fraction:
    """The distance from baseline to target, negative if it goes down; 0 if it is unknown."""
    baseline = key_result.measure.written_start(key_result.model)
    start = baseline.number if isinstance(baseline, Quantity) else Fraction(0) if baseline is None else None
    if key_result.measure is change.MEASURE and baseline is None:
        by = key_result.model.change
        return by.number - 1 if by.kind == "factor" else Fraction(by.number)
    target = key_result.measure.target(key_result.model, start)
    return Fraction(0) if start is None or target is None else target - start


RULE = Rule(code="OKR312", name="no-guardrail", severity="ignore", profiles={"databox": "info"}, check_objective=check)
