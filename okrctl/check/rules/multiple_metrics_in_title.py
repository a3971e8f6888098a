"""Finds key results whose title has two numbers with two units.

A key result measures one number. If the title promises 500 users and 20 % conversion, the second promise is never
measured.

To fix it, split it into two key results.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Reach 25000 users and 40% of all orders, to: 25000, unit: users}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Users who ask for a code within 30 days, to: 25000, unit: users}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

import re
from itertools import pairwise

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject
from okrctl.text import numbers
from okrctl.text.lexicon import Language
from okrctl.text.numbers import Number
from okrctl.values.unit import is_same_unit

# A second promise follows a joining word; with one of these words in between, it is a condition of the first.
JOINING_WORDS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:\band\b|&|\bplus\b|;|\bas well as\b|\bvia\b|\bsaving\b)"
        r"(?!.*\b(?:with|within|in|on|who|that|which|for|per|every|of at least|under|over|after|"
        r"before|from|than|between)\b)"
        r"[^()]*$",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"(?:\bund\b|&|\bplus\b|;|\bsowie\b|\bdurch\b)"
        r"(?!.*\b(?:mit|innerhalb|in|im|bei|die|der|das|für|pro|je|jede[nrs]?|unter|über|nach|vor|von|als|zwischen)\b)"
        r"[^()]*$",
        re.IGNORECASE,
    ),
}


# The number states a time, or a number for each: two weeks in advance, three talks for each of them.
CONDITION = re.compile(
    r"[ -]?(?:\w+ ){1,3}(?:for|per|of|in) (?:each|every|advance)|[ -]?(?:day|week|month|hour|minute|year)s?\b|"
    r" (?:Tage?n?|Wochen?|Monate?n?|Stunden?|Minuten?|Jahre?n?)\b"
)


def judge(subject: TitleSubject) -> TitleFault | None:
    """The second number of a title, if it promises something other than the first."""
    title = subject.title
    title_numbers = numbers.find_numbers(title, subject.language)
    if len(title_numbers) < 2 or subject.has_steps:
        return None
    candidates = [
        number
        for number in title_numbers
        if number.unit and title[: number.start].count("(") == title[: number.start].count(")")
    ]
    for first, second in pairwise(candidates):
        if _is_second_promise(subject, first, second) and _is_different_unit(first.unit, second.unit):
            place = second.start, second.end
            message = f"the title has a second number with another unit, '{title[slice(*place)]}'"
            return TitleFault(message, "split it into two key results", *place)
    return None


def _is_second_promise(subject: TitleSubject, first: Number, second: Number) -> bool:
    """Whether the title joins two numbers, and the second one is not a condition of the first."""
    title = subject.title
    between = title[first.end : second.start]
    is_target = between.endswith((" to ", " auf "))
    return bool(JOINING_WORDS[subject.language].search(between) and (is_target or not CONDITION.match(title[second.end :])))


def _is_different_unit(unit: str | None, other: str | None) -> bool:
    return _singular(unit) != _singular(other) and not is_same_unit(unit, other)


def _singular(unit: str | None) -> str:
    return (unit or "").lower().removesuffix("s")


RULE = Rule(code="OKR310", name="multiple-metrics-in-title", severity="info", judge_title=judge, check_key_result=wording.key_result_check(judge))
