"""Finds key results whose title states another number than their target.

People remember the title, but the number is scored. After an amendment the two often differ. Only a single number
with the unit of the key result is checked. It may be the target, the baseline, a value between them, the stretch
target, or a target from before an amendment.

To fix it, write the target in the title, or leave the number out, because `to:` states it already.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: "Tracking codes requested by 25,000 users", to: 30000, unit: users}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: "Tracking codes requested by 30,000 users", to: 30000, unit: users}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.measures import NUMERIC
from okrctl.text import numbers
from okrctl.values import quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult

# A number behind one of these says what is counted: teams with 80 % coverage, answers within 48 h.
DEFINING_WORDS = re.compile(
    r"\b(?:with|within|having|where|who|that|whose|which|if|per|for|each|every|when|in)\b", re.IGNORECASE
)
TARGET_FIELDS = ("to", "from_", "at_least", "at_most", "stretch")


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """The one number of a title with the unit of the key result, where it is none of its own."""
    title = key_result.model.title or ""
    counted = numbers.find_numbers(title)
    judged = counted and key_result.is_active and context.knows_language
    if not judged or key_result.measure not in NUMERIC:
        return
    unit = key_result.own_unit
    found = [one for one in counted if unit and _is_same_unit(one.unit, unit)]
    own = _own_numbers(key_result) if len(found) == 1 else []
    if not own or DEFINING_WORDS.search(title[: found[0].start]):
        return
    one = found[0]
    if not _is_explained(one.value, own):
        said, goal = title[one.start : one.end], _target_text(key_result)
        if goal:
            help = f"write {goal} in the title too, or leave the number out"
            yield Finding((*key_result.route, "title"), f"the title says '{said}', the goal is {goal}", help,
                          text_range=(one.start, one.end))  # fmt: skip


def _is_same_unit(one: str | None, other: str) -> bool:
    if one is None:
        return False
    return is_same_unit(one, other) or one.lower().removesuffix("s") == other.strip().lower().removesuffix("s")


def _own_numbers(key_result: KeyResult) -> list[Fraction]:
    """Every number that the key result sets itself, now or before an amendment."""
    model = key_result.model
    found = [getattr(model, name, None) for name in TARGET_FIELDS]
    found += [*(getattr(model, "between", None) or ()), *(getattr(model, "plan", None) or {}).values()]
    own = [one.number for one in found if isinstance(one, quantity.Quantity)]
    if getattr(model, "change", None) is not None:
        own.append(abs(model.change.number))
    for amendment in model.amended:
        own += [number for value in amendment.was.values() for number in _parse_number(value)]
    return own


def _parse_number(value: object) -> list[Fraction]:
    try:
        return [quantity.parse(str(value)).number]
    except quantity.QuantityError:
        return []


def _is_explained(value: Fraction, own: list[Fraction]) -> bool:
    """Whether it is one of these numbers, lies between two of them, as a number or in percent, or is the rest of 100.

    Every other number that it would lie apart from one is looked up, for there may be very many.
    """
    known = set(own)
    for one in own:
        part = abs(one) * value / 100
        others = (one + value, one - value, *((one + part, one - part) if one else ()))
        if value in (one, abs(one), 100 - one) or not known.isdisjoint(others):
            return True
    return False


def _target_text(key_result: KeyResult) -> str | None:
    model = key_result.model
    bounds = getattr(model, "between", None)
    if bounds:
        return f"{bounds[0].text} to {bounds[1].text}"
    for name in ("to", "at_least", "at_most", "change"):
        value = getattr(model, name, None)
        if value is not None and not isinstance(value, str):
            return str(value.text.strip())
    return None


RULE = Rule(code="OKR317", name="title-disagrees", severity="warning", check_key_result=check)
