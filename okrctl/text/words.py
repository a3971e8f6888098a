"""Takes titles apart into words, and tells a verb at their beginning from the same word as a noun."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

# What is longer is no title, and not worth more time.
MAX_TITLE_LENGTH = 500
_WORD = re.compile(r"[^\W_](?:[\w'’]|-(?=\w))*|&")

ADVERBS = frozenset(
    """actively carefully clearly consistently constantly continuously dramatically drastically effectively fully
    further
    greatly massively permanently proactively quickly radically rapidly really seriously significantly simply steadily
    strongly substantially successfully sustainably vastly noticeably considerably""".split()
)
DETERMINERS = frozenset(
    """a an the our my your their its this that these those all any both each every some more most many several first
    new additional another at up over least one two three four five six seven eight nine ten twelve twenty fifty hundred
    monthly weekly quarterly""".split()
)
# A word before one of these is the first half of a noun: build time, launch readiness, help desk, support tickets.
HEAD_NOUNS = frozenset(
    """access accuracy activity agents articles backlog box budget calendar calls cases center centers centre chat
    checklist completion conversations conversion cost costs count coverage cycle cycles date dates day days debt desk
    desks documentation docs duration effectiveness effort email emails engine engineer engineers error errors events
    failure failures files forum frequency hours inquiries items lines load margin menu messages minutes number pace
    page pages party phase pipelines plan plans points price process productivity quality queue queues quota rate rates
    rating ratings ratio readiness reliability report reports requests response responses retention runs satisfaction
    scheduled score scores sessions share size speed spend staff state status step steps success suite suites system
    systems team teams threads throughput ticket tickets time times timeline velocity video volume wins window windows
    workload""".split()
)
FINITE_VERBS = frozenset(
    """is are was were has have had can cannot will must should takes stays remains runs works reaches happens don't
    doesn't isn't aren't don’t doesn’t isn’t aren’t finishes passes""".split()
)
RELATIVE_WORDS = frozenset("that who which to so where when how what why if because until whose and & for by".split())


class Word(NamedTuple):
    """A word of a title with its place, counted from 0, the end one past the last character."""

    text: str
    start: int
    end: int

    @property
    def lowercase(self) -> str:
        """The word in small letters."""
        return self.text.lower()


@lru_cache(maxsize=16)
def is_supported_language(language: str) -> bool:
    """Whether these rules of wording speak a language, named as in `en` or `en-GB`."""
    return re.match(r"en\Z|en[-_]", language.strip().lower()) is not None


def split_words(title: str) -> list[Word]:
    """The words of a title in order; `&` is one of them."""
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(title, 0, MAX_TITLE_LENGTH)]


def starts_with_any(title: str, candidates: frozenset[str]) -> bool:
    """Whether the first word that is no adverb is one of these; tells of most titles without taking them apart."""
    for found in _WORD.finditer(title, 0, MAX_TITLE_LENGTH):
        low = found[0].lower()
        if low not in ADVERBS:
            return low in candidates
    return False


def leading_verb(title: str, verbs: frozenset[str], often_nouns: frozenset[str] = frozenset()) -> Word | None:
    """The verb that a title begins with, adverbs apart, if it is one of `verbs` and no noun there.

    Words that are `often_nouns` count as verbs only before a number, an article or another determiner.
    """
    if not starts_with_any(title, verbs):
        return None
    found = skip_adverbs(split_words(title))
    if is_noun(found):
        return None
    if found[0].lowercase in often_nouns and not (len(found) > 1 and _is_determiner(found[1])):
        return None
    return found[0]


def skip_adverbs(found: list[Word]) -> list[Word]:
    """The words without adverbs at the beginning: substantially increase, successfully launch."""
    first = next((number for number, word in enumerate(found) if word.lowercase not in ADVERBS), len(found))
    return found[first:]


def is_noun(found: list[Word]) -> bool:
    """Whether the first word is a noun: half of a compound, or the subject of a verb that follows soon."""
    rest = found[1:]
    if not rest or (rest[0].lowercase in HEAD_NOUNS and rest[0].lowercase not in DETERMINERS):
        return True
    if len(rest) > 1 and rest[1].lowercase in HEAD_NOUNS and not _is_determiner(rest[0]) and len(rest) == 2:
        return True
    for word in rest[:4]:
        if word.lowercase in RELATIVE_WORDS:
            return False
        if word.lowercase in FINITE_VERBS:
            return True
    return False


def _is_determiner(word: Word) -> bool:
    return word.lowercase in DETERMINERS or word.text[0].isdigit()


IMPROVING_VERBS = r"(?:increas|improv|enhanc|maximi[sz]|rais)(?:e|ing)|(?:grow|boost|lift)(?:ing)?|better|higher|more"
_QUALIFIER = r"(?!(?:in|for|of|to|with|by|on|at|from|and|or|that|who|how|our|the)\b)[a-z][\w’'-]*"
_TRAILING_PHRASES = (
    r"(?: (?:online|everywhere|globally|further|consistently|"
    r"steadily|significantly|substantially|overall|year over year|"
    r"this (?:year|quarter)|"
    r"across (?:all|the) \w+|in all areas|in (?:q[1-4]|h[12]|20\d\d|fy\d+)))*\.?"
)


def find_generic_phrase(title: str, verbs: str, nouns: str, most: int = 2) -> tuple[int, int] | None:
    """The place of what a title says if that is a verb and a noun with at most so many words before it, and no more.

    Both are regular expressions in small letters.
    """
    found = (
        _generic_phrase_pattern(verbs, nouns, most).fullmatch(title.lower()) if len(title) <= MAX_TITLE_LENGTH else None
    )
    return found.span("said") if found else None


@cache
def _generic_phrase_pattern(verbs: str, nouns: str, most: int) -> re.Pattern[str]:
    adverbs = "|".join(sorted(ADVERBS))
    item = rf"(?:(?:our|the|overall|total|general|net) )*(?:{_QUALIFIER} ){{0,{most}}}(?:{nouns})"
    whole = (
        rf"\s*(?:(?:{adverbs}) )*(?P<said>(?:{verbs}) {item}(?:(?:, | and | & |, and ){item})*){_TRAILING_PHRASES}\s*"
    )
    return re.compile(whole)
