"""Finds the second promise of a title: another number that something is to reach."""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import groupby, pairwise

from okrctl.text.lexicon import Language, load_lexicon
from okrctl.text.numbers import Number, find_numbers
from okrctl.values.unit import is_money, is_same_unit

# A joining word; a comma joins only right before a number. With a word of condition behind it, the number belongs to
# what stands before: details published two weeks in advance.
_JOIN: dict[Language, str] = {
    "en": (
        r"(?:\band\b|&|\bplus\b|;|\bas well as\b|\bvia\b|\bsaving\b|\bwhile\b.*\bon $|\bwhile\b|\. |, \w+ing |"
        r"\bto (?:bring|cut|drive|earn|generate|get|increase|raise|reach|reduce|save|win) |"
        r", ?(?:(?:and|at least|at most|up to|over|a) )?\+?$|\+ ?$)"
        r"(?!.*\b(?:with|within|in|on|who|that|which|for|per|every|of at least|under|over|after|before|from|than|"
        r"between|until)\b)[^()]*$"
    ),
    "de": (
        r"(?:\bund\b|&|\bplus\b|;|\bsowie\b|\bdurch\b|\bbei\b|\. |, ?(?:(?:und|mindestens|höchstens|über) )?$)"
        r"(?!.*\b(?:mit|innerhalb|in|im|die|der|das|für|pro|je|jede[nrs]?|unter|über|nach|vor|von|als|zwischen|bis)\b)"
        r"[^()]*$"
    ),
}
_ASIDE = re.compile(r"\([^()]*\)")
# Right before a number they name a target: churn under 3 %, lead time from 9 to 6 days.
_TARGET = re.compile(
    r"(?<= )(?:under|over|below|above|from|(?:fewer|less|more) than|unter|über|von|(?:weniger|mehr) als) \Z"
)
_LIST = re.compile(r",(?: [\w-]+){1,4} \Z")
_RANGE = re.compile(r"\b(?:between|from|zwischen)\s\Z", re.IGNORECASE)
# A time, or a number for each: two weeks in advance, three talks for each of them.
_CONDITION = re.compile(
    r"[ -]?(?:\w+ ){1,3}(?:for|per|of|in) (?:each|every|advance)|"
    r"[ -]?(?:day|week|month|hour|minute|min|second|year)s?\b|"
    r" (?:Tage?n?|Wochen?|Monate?n?|Stunden?|Minuten?|Jahre?n?)\b"
)


def find_second_promise(title: str, language: Language) -> Number | None:
    """The second number that promises something of its own, or None; brackets behind a number are an aside."""
    numbers = find_numbers(title, language)
    for bracket, group in groupby(sorted(numbers, key=partial(_bracket, title)), partial(_bracket, title)):
        if bracket >= 0 and any(number.end <= bracket for number in numbers):
            continue
        for first, second in pairwise(group):
            if _is_joined(title, first, second, language) and _is_other(title, first, second, language):
                return second
    return None


def _bracket(title: str, number: Number) -> int:
    """Where the bracket around a number begins; -1 outside of brackets."""
    before = title[: number.start]
    return before.rfind("(") if before.count("(") > before.count(")") else -1


@cache
def _join_pattern(language: Language) -> re.Pattern[str]:
    return re.compile(_JOIN[language], re.IGNORECASE)


def _is_joined(title: str, first: Number, second: Number, language: Language) -> bool:
    """Whether a title joins two numbers, and the second one is not a condition of the first."""
    between = _ASIDE.sub(" ", title[first.end : second.start])
    target = _TARGET.search(between)
    between = between[: target.start()] if target else between
    if _RANGE.search(title[: first.start]) or not (
        _join_pattern(language).search(between) or (target and _LIST.search(between))
    ):
        return False
    return bool(target) or between.endswith((" to ", " auf ", " saving ")) or not _CONDITION.match(title[second.end :])


def _is_other(title: str, first: Number, second: Number, language: Language) -> bool:
    """Whether two numbers count different things; two shares or amounts of money do, wherever they are joined."""
    units = _noun(first.unit, language), _noun(second.unit, language)
    if None in units:
        named = re.search(r"(?:\b(?:and|und|plus)|[&;,]) ((?:[\w-]+ )+)\Z", title[first.end : second.start])
        words = named[1].lower().split() if named else []
        if any(not _is_function_word(word, language) for word in words):
            return True
        return all(title[: number.start].endswith((" to ", " auf ")) for number in (first, second))
    one, other = units
    if one == "%" or is_money(one or ""):
        return True
    return (one or "").removesuffix("s") != (other or "").removesuffix("s") and not is_same_unit(one, other)


def _noun(unit: str | None, language: Language) -> str | None:
    """A unit in lower case; None for words such as `of` and `in`."""
    word = (unit or "").lower()
    return word if word and not _is_function_word(word, language) else None


def _is_function_word(word: str, language: Language) -> bool:
    groups = ("prepositions", "relatives", "determiners", "conjunctions")
    return any(load_lexicon(language).has(word, group) for group in groups)
