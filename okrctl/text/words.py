"""Splits titles into words, and tells whether the first word is a verb or a noun."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

# Longer texts are cut, so that no title takes long.
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
# A word before one of these is part of a compound noun: build time, launch readiness, help desk, support tickets.
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
    """A word of a title with its start and end, counted from 0; the end is one past the last character."""

    text: str
    start: int
    end: int

    @property
    def lowercase(self) -> str:
        """The word in lower case."""
        return self.text.lower()


@lru_cache(maxsize=16)
def is_supported_language(language: str) -> bool:
    """Whether the rules about wording support a language, given as `en` or `en-GB`."""
    return re.match(r"en\Z|en[-_]", language.strip().lower()) is not None


def split_words(title: str) -> list[Word]:
    """The words of a title in order; `&` is a word."""
    return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(title, 0, MAX_TITLE_LENGTH)]


def starts_with_any(title: str, candidates: frozenset[str]) -> bool:
    """Whether the first word that is not an adverb is one of these; faster than splitting the whole title."""
    for match in _WORD.finditer(title, 0, MAX_TITLE_LENGTH):
        word = match[0].lower()
        if word not in ADVERBS:
            return word in candidates
    return False


def leading_verb(title: str, verbs: frozenset[str], often_nouns: frozenset[str] = frozenset()) -> Word | None:
    """The verb that a title begins with after adverbs, if it is one of `verbs` and is not used as a noun.

    Words in `often_nouns` count as verbs only before a number, an article or another determiner.
    """
    if not starts_with_any(title, verbs):
        return None
    title_words = skip_adverbs(split_words(title))
    if is_noun(title_words):
        return None
    if title_words[0].lowercase in often_nouns and not (len(title_words) > 1 and _is_determiner(title_words[1])):
        return None
    return title_words[0]


def skip_adverbs(title_words: list[Word]) -> list[Word]:
    """The words without leading adverbs: substantially increase, successfully launch."""
    first = next((index for index, word in enumerate(title_words) if word.lowercase not in ADVERBS), len(title_words))
    return title_words[first:]


def is_noun(title_words: list[Word]) -> bool:
    """Whether the first word is a noun: part of a compound, or the subject of a verb that follows soon."""
    rest = title_words[1:]
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
    """The range of a generic phrase: a verb and a noun with at most so many words before it, and nothing else.

    `verbs` and `nouns` are regular expressions in lower case. Returns None if the title says more than that.
    """
    match = (
        _generic_phrase_pattern(verbs, nouns, most).fullmatch(title.lower()) if len(title) <= MAX_TITLE_LENGTH else None
    )
    return match.span("phrase") if match else None


@cache
def _generic_phrase_pattern(verbs: str, nouns: str, most: int) -> re.Pattern[str]:
    adverbs = "|".join(sorted(ADVERBS))
    item = rf"(?:(?:our|the|overall|total|general|net) )*(?:{_QUALIFIER} ){{0,{most}}}(?:{nouns})"
    pattern = (
        rf"\s*(?:(?:{adverbs}) )*(?P<phrase>(?:{verbs}) {item}(?:(?:, | and | & |, and ){item})*){_TRAILING_PHRASES}\s*"
    )
    return re.compile(pattern)
