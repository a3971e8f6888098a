"""Finds key results whose title states a number that differs from their target.

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
from okrctl.text import numbers
from okrctl.values import quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult

# A number after one of these describes what is counted: teams with 80 % coverage, answers within 48 h.
DEFINING_WORDS = re.compile(
    r"\b(?:with|within|having|where|who|that|whose|which|if|per|for|each|every|when|in)\b", re.IGNORECASE
)


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """The only number of a title with the unit of the key result, if the key result does not have it."""
    title = key_result.model.title or ""
    language = context.language_of(key_result.file)
    found_numbers = numbers.find_numbers(title, language) if language else ()
    if not found_numbers or not key_result.is_active or not key_result.measure.is_numeric:
        return
    same_unit = [number for number in found_numbers if _is_same_unit(number.unit, key_result.own_unit)]
    if len(same_unit) != 1 or DEFINING_WORDS.search(title[: same_unit[0].start]):
        return
    [number], target = same_unit, _target_text(key_result)
    if target and not _is_explained(number.value, _own_numbers(key_result)):
        message = f"the title says '{title[number.start : number.end]}', but the target is {target}"
        help = f"write {target} in the title, or leave the number out"
        yield Finding((*key_result.route, "title"), message, help, text_range=(number.start, number.end))


def _is_same_unit(unit: str | None, other: str | None) -> bool:
    if not unit or not other:
        return False
    return is_same_unit(unit, other) or unit.lower().removesuffix("s") == other.strip().lower().removesuffix("s")


def _own_numbers(key_result: KeyResult) -> list[Fraction]:
    """Every number that the key result sets, now or before an amendment."""
    model = key_result.model
    values: list[object] = [number for _, number in key_result.measure.numbers(model)]
    values += [getattr(model, "stretch", None), *(getattr(model, "plan", None) or {}).values()]
    own_numbers = [value.number for value in values if isinstance(value, quantity.Quantity)]
    if getattr(model, "change", None) is not None:
        own_numbers.append(abs(model.change.number))
    for amendment in model.amended:
        own_numbers += [number for value in amendment.was.values() for number in _parse_number(value)]
    return own_numbers


def _parse_number(value: object) -> list[Fraction]:
    try:
        return [quantity.parse(str(value)).number]
    except quantity.QuantityError:
        return []


def _is_explained(value: Fraction, own_numbers: list[Fraction]) -> bool:
    """Whether a value is one of these numbers, a difference of two of them, also in percent, or the rest to 100.

    For each number, the numbers at this distance are looked up in a set, because there may be very many numbers.
    """
    known = set(own_numbers)
    for number in own_numbers:
        share = abs(number) * value / 100
        others = (number + value, number - value, *((number + share, number - share) if number else ()))
        if value in (number, abs(number), 100 - number) or not known.isdisjoint(others):
            return True
    return not own_numbers


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


RULE = Rule(code="OKR317", name="title-disagrees", severity="warning", check_key_result=check)
