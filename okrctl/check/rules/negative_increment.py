"""Finds readings below 0 of a key result that sums its readings.

With `aggregate: sum`, each reading is what was added since the last one. A negative number is usually the difference
of two totals, or a total that needs `aggregate: latest`.

To fix it, write what was added (0 if nothing was), or correct the earlier reading.

Bad:

    period: 2026-Q2
    objectives:
      - id: cards
        title: Every customer pays with our card
        owner: noor
        key_results:
          - id: cards
            title: New cards in use
            to: 4000
            aggregate: sum
            readings: {2026-04-13: 210, 2026-04-20: -15}
          - {id: share, title: Purchases paid with the card, from: 20%, to: 40%}

Good:

    period: 2026-Q2
    objectives:
      - id: cards
        title: Every customer pays with our card
        owner: noor
        key_results:
          - id: cards
            title: New cards in use
            to: 4000
            aggregate: sum
            readings: {2026-04-13: 195, 2026-04-20: 0}
          - {id: share, title: Purchases paid with the card, from: 20%, to: 40%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.workspace import KeyResult


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Negative readings of a sum whose target is not negative."""
    is_summed = vars(key_result.model).get("aggregate") == "sum"
    if not is_summed or not key_result.is_active or not key_result.model.title or _has_negative_target(key_result):
        return
    for reading in key_result.readings:
        if reading.value is not None and reading.value.number < 0:
            message = f"'{reading.value.text}' reduces the sum"
            help = "with `aggregate: sum`, a reading is what was added since the last one"
            yield reading_finding(key_result, reading, message, help)


def _has_negative_target(kr: KeyResult) -> bool:
    """Whether the target itself is below 0, as with savings."""
    return any(number.number < 0 for _, number in kr.measure.numbers(kr.model))


RULE = Rule(code="OKR323", name="negative-increment", severity="warning", check_key_result=check)
