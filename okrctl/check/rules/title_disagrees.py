"""Finds key results whose title promises another number than their goal.

The title is what people remember, the number is what counts. After an amendment the two drift apart easily. Only a
single number with the unit of the key result is looked at; the goal, the start, the way between them, a stretch and
what was agreed before are all fine.

To mend it, write the number of the goal, or better: none, for `to:` says it already.

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
from okrctl.check.subjects import is_active
from okrctl.text import numbers, words
from okrctl.values import quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult

CODE = "OKR317"
NAME = "title-disagrees"
SEVERITY = "warning"
LOOKS_AT = "key_result"
# A number behind one of these says what is counted: teams with 80 % coverage, answers within 48 h.
DEFINING_WORDS = re.compile(
    r"\b(?:with|within|having|where|who|that|whose|which|if|per|for|each|every|when|in)\b", re.IGNORECASE
)


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """The one number of a title with the unit of the key result, where it is none of its own."""
    title = key_result.model.title or ""
    counted = numbers.find_numbers(title)
    judged = counted and is_active(key_result) and words.is_supported_language(context.config.language)
    if not judged or not key_result.measure.is_numeric:
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
    found: list[object] = [number for _, number in key_result.measure.numbers(model)]
    found += [getattr(model, "stretch", None), *(getattr(model, "plan", None) or {}).values()]
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
    for name in key_result.measure.keys:
        value = getattr(model, name, None)
        if value is not None and not isinstance(value, str):
            return str(value.text.strip())
    return None
