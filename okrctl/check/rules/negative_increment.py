"""Finds readings below 0 of a key result that adds its readings up.

With `aggregate: sum` each reading is what was added since the last one. A number below 0 is mostly the difference of
two totals, or the total of something that needs `aggregate: latest`.

To mend it, write what was added, 0 where nothing was, or correct the earlier reading.

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
from okrctl.check.subjects import is_active
from okrctl.workspace import KeyResult

CODE = "OKR323"
NAME = "negative-increment"
SEVERITY = "warning"
LOOKS_AT = "key_result"


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """Negative readings of a sum whose goal is above 0."""
    summed = vars(key_result.model).get("aggregate") == "sum"
    if not summed or not is_active(key_result) or not key_result.model.title or _has_negative_target(key_result):
        return
    for reading in key_result.readings:
        if reading.value is not None and reading.value.number < 0:
            message = f"'{reading.value.text}' makes the sum smaller"
            help = "with `aggregate: sum` a reading is what was added since the last one"
            yield reading_finding(key_result, reading, message, help)


def _has_negative_target(kr: KeyResult) -> bool:
    """Whether the goal itself is below 0, as with savings."""
    return any(number.number < 0 for _, number in kr.measure.numbers(kr.model))
