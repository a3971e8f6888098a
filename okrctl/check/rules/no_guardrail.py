"""Finds objectives that want more or faster and have nothing that watches over the price.

More credit cards are easily sold by looking away from fraud. A counterweight, such as a key result that says that the
share of fraud does not rise, closes that way (Montagu calls it a negative key result). Any limit will do; one with
`guards:` is watched without being averaged in.

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
from okrctl.check.subjects import is_active
from okrctl.measures import change
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective

CODE = "OKR312"
NAME = "no-guardrail"
SEVERITY = "ignore"
LOOKS_AT = "objective"
TIME_UNITS = frozenset(
    "ms s sec second seconds min minute minutes h hr hour hours d day days week weeks month months".split()
)


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The first key result that wants more or faster, where no limit stands beside it."""
    active = [kr for kr in objective.key_results if kr.model.state == "active"]
    if not is_active(objective) or any(kr.measure.has_bounds for kr in active):
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
    if not key_result.measure.has_range:
        return None
    way = _distance_to_target(key_result)
    unit = (key_result.own_unit or "").strip().lower()
    if unit in TIME_UNITS:
        return "faster" if way < 0 else None
    return "more" if way > 0 and unit not in ("%", "pp") else None


def _distance_to_target(key_result: KeyResult) -> Fraction:
    """How far the key result goes, below 0 downwards; 0 where that is not known."""
    said = key_result.measure.written_start(key_result.model)
    start = said.number if isinstance(said, Quantity) else Fraction(0) if said is None else None
    if key_result.measure is change.MEASURE and said is None:
        by = key_result.model.change
        return by.number - 1 if by.kind == "factor" else Fraction(by.number)
    goal = key_result.measure.target(key_result.model, start)
    return Fraction(0) if start is None or goal is None else goal - start
