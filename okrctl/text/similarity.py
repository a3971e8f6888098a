"""Finds titles that say the same in nearly the same words, among many, without comparing each with every other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from okrctl.text.words import MAX_TITLE_LENGTH

# Three of four words in common, as a share in all words of both.
MIN_SHARE = (3, 4)
MIN_SHARE_SWAPPED = (9, 10)
_WORD = re.compile(r"[^\W_][\w'’+#-]*")
MAX_PARTNERS = 8
MAX_RARE = 12
MAX_CANDIDATES = 20
_PERIOD_NAME = re.compile(r"(?:\d{4}-?)?[qht][1-4]|(?:fy|cy)\d{2,4}(?:-?[qht][1-4])?|20\d\d|quarters?")
_STOP_WORDS = frozenset(
    """a an the our my your their its his her we us they is are be to of in on at by for from with and or & as into that
    this these those it so will""".split()
)


class TokenSet(NamedTuple):
    """The words of a title that matter, each once and without endings, and those of them that are names or numbers."""

    words: frozenset[str]
    names: frozenset[str]


def similar_pairs(titles: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(later, earlier) for titles alike, by their places; for each title at most eight earlier ones.

    Only titles that share two of their rarest words are compared: two sets with three quarters in common cannot do
    without (prefix filtering, Chaudhuri et al. 2006, Wang et al. 2012).
    """
    bags = [tokenize(title) for title in titles]
    common = Counter(word for one in {bag.words: bag for bag in bags}.values() for word in one.words)
    places: dict[frozenset[str], list[int]] = {}
    partners: dict[frozenset[str], list[TokenSet]] = {}
    index: dict[tuple[str, str], list[TokenSet]] = {}
    for place, one in enumerate(bags):
        if not one.words:
            continue
        if one.words not in places:
            keys = list(combinations(_rarest_words(one, common), 2))
            partners[one.words] = _similar_sets(one, keys, index)
            for key in keys:
                index.setdefault(key, []).append(one)
        same = places.setdefault(one.words, [])
        earlier = [*same, *(number for other in partners[one.words] for number in places[other.words])]
        yield from ((place, number) for number in earlier[:MAX_PARTNERS])
        if len(same) < MAX_PARTNERS:
            same.append(place)


def tokenize(title: str) -> TokenSet:
    """The bag of a title; the names of periods are left out, since a goal repeated in the next one is the same goal."""
    kept, names = set(), set()
    for number, word in enumerate(_WORD.findall(title, 0, MAX_TITLE_LENGTH)):
        plain, name, capital = _normalize_word(word)
        if plain:
            kept.add(plain)
            if name or (capital and number):
                names.add(plain)
    return TokenSet(frozenset(kept), frozenset(names))


@lru_cache(maxsize=8192)
def _normalize_word(word: str) -> tuple[str, bool, bool]:
    """A word without its ending, empty where it does not matter; whether it has a digit, and begins with a capital."""
    low = word.lower()
    if low in _STOP_WORDS or _PERIOD_NAME.fullmatch(low):
        return "", False, False
    return _stem(low), any(c.isdigit() for c in word), word[0].isupper()


def is_similar(one: TokenSet, other: TokenSet) -> bool:
    """Whether one bag holds the other, or nearly, and no name or number makes the difference.

    A word in the place of another mostly means another thing, so that takes nine of ten words in common.
    """
    if not (one.names <= other.words and other.names <= one.words):
        return False
    shared = len(one.words & other.words)
    whole = len(one.words) + len(other.words) - shared
    if shared * MIN_SHARE[1] < whole * MIN_SHARE[0]:
        return False
    swapped = shared < min(len(one.words), len(other.words))
    return not swapped or shared * MIN_SHARE_SWAPPED[1] >= whole * MIN_SHARE_SWAPPED[0]


def _stem(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word).replace("-", "")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _rarest_words(one: TokenSet, common: Counter[str]) -> list[str]:
    needed = -(-len(one.words) * MIN_SHARE[0] // MIN_SHARE[1])
    return sorted(one.words, key=lambda word: (common[word], word))[: len(one.words) - needed + 2][:MAX_RARE]


def _similar_sets(
    one: TokenSet, keys: list[tuple[str, str]], index: dict[tuple[str, str], list[TokenSet]]
) -> list[TokenSet]:
    """The bags seen before that are alike; words so common that they lead to dozens are followed only so far."""
    seen: dict[frozenset[str], TokenSet] = {}
    for key in keys:
        for other in index.get(key, ())[:MAX_CANDIDATES]:
            seen.setdefault(other.words, other)
    return [other for other in seen.values() if is_similar(one, other)]
