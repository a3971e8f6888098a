"""Finds objectives that want more or faster and have no guardrail.

It is easy to sell more credit cards by ignoring fraud. A counterweight, such as a key result that the share of fraud
does not rise, prevents that (Montagu calls it a negative key result). Any limit counts; a limit with `guards:` is
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

from okrctl import measures
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective

TIME_UNITS = frozenset(
    "ms s sec second seconds min minute minutes h hr hour hours d day days week weeks month months".split()
)


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The first key result that wants more or faster, where no limit stands beside it."""
    active = [kr for kr in objective.key_results if kr.model.state == "active"]
    if not objective.is_active or any(kr.measure == "limit" for kr in active):
        return
    for kr in active:
        wanted = _growth_or_speed(kr)
        if wanted:
            help = "add a limit with `guards:` for what must not suffer"
            related = ((None, (*kr.route, "title"), f"this wants {wanted}"),)
            yield Finding((*objective.route, "title"), f"wants {wanted}, and nothing watches over the price", help,
                          related=related)  # fmt: skip
            return


def _growth_or_speed(key_result: KeyResult) -> str | None:
    """`more` of what is counted or earned, `faster` in units of time; shares in percent are neither."""
    if key_result.measure not in ("metric", "change"):
        return None
    way = _distance_to_target(key_result)
    unit = (key_result.own_unit or "").strip().lower()
    if unit in TIME_UNITS:
        return "faster" if way < 0 else None
    return "more" if way > 0 and unit not in ("%", "pp") else None


def _distance_to_target(key_result: KeyResult) -> Fraction:
    """How far the key result goes, below 0 downwards; 0 where that is not known."""
    said = getattr(key_result.model, "from_", None)
    start = said.number if isinstance(said, Quantity) else Fraction(0) if said is None else None
    if key_result.measure == "change" and said is None:
        change = key_result.model.change
        return change.number - 1 if change.kind == "factor" else Fraction(change.number)
    goal: Fraction | None = measures.MEASURES[key_result.measure].target(key_result.model, start)
    return Fraction(0) if start is None or goal is None else goal - start


RULE = Rule(code="OKR312", name="no-guardrail", severity="ignore", profiles={"databox": "info"}, check_objective=check)
