"""Finds nearly identical titles among many, without comparing each one with every other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations, islice
from typing import NamedTuple

from okrctl.text.title import MAX_TITLE_LENGTH

# Three of four words in common, as a share of all words of both titles.
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
    """The significant words of a title without their endings, and which of them are names or numbers."""

    words: frozenset[str]
    names: frozenset[str]


def similar_pairs(titles: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(later, earlier) indexes of similar titles, for each title at most `MAX_PARTNERS` earlier ones.

    Only titles that share two of their rarest words are compared: two sets with three quarters of their words in
    common always do (prefix filtering, Chaudhuri et al. 2006, Wang et al. 2012). Comparing all pairs would be simpler,
    but ten thousand titles have fifty million pairs.
    """
    token_sets = [tokenize(title) for title in titles]
    frequencies = Counter(chain.from_iterable({tokens.words for tokens in token_sets}))
    positions: dict[frozenset[str], list[int]] = {}
    partners: dict[frozenset[str], list[TokenSet]] = {}
    index: dict[tuple[str, str], list[TokenSet]] = {}
    for position, tokens in enumerate(token_sets):
        if not tokens.words:
            continue
        if tokens.words not in positions:
            keys = list(combinations(_rarest_words(tokens, frequencies), 2))
            partners[tokens.words] = _similar_sets(tokens, keys, index)
            for key in keys:
                index.setdefault(key, []).append(tokens)
        same_positions = positions.setdefault(tokens.words, [])
        earlier = chain(same_positions, *(positions[partner.words] for partner in partners[tokens.words]))
        yield from ((position, earlier_position) for earlier_position in list(islice(earlier, MAX_PARTNERS)))
        if len(same_positions) < MAX_PARTNERS:
            same_positions.append(position)


def tokenize(title: str) -> TokenSet:
    """The token set of a title; names of periods are left out, because a goal repeated in the next one is the same."""
    significant, names = set(), set()
    for position, word in enumerate(_WORD.findall(title, 0, MAX_TITLE_LENGTH)):
        normalized, has_digit, is_capitalized = _normalize_word(word)
        if normalized:
            significant.add(normalized)
            if has_digit or (is_capitalized and position):
                names.add(normalized)
    return TokenSet(frozenset(significant), frozenset(names))


@lru_cache(maxsize=8192)
def _normalize_word(word: str) -> tuple[str, bool, bool]:
    """A word without its ending (empty if insignificant), whether it has a digit, whether it is capitalized."""
    lowercase = word.lower()
    if lowercase in _STOP_WORDS or _PERIOD_NAME.fullmatch(lowercase):
        return "", False, False
    return _stem(lowercase), any(c.isdigit() for c in word), word[0].isupper()


def is_similar(first: TokenSet, second: TokenSet) -> bool:
    """Whether one token set nearly contains the other, and they do not differ in a name or number.

    A word replaced by another usually changes the meaning, so this needs nine of ten words in common.
    """
    if not (first.names <= second.words and second.names <= first.words):
        return False
    common = len(first.words & second.words)
    total = len(first.words) + len(second.words) - common
    if common * MIN_SHARE[1] < total * MIN_SHARE[0]:
        return False
    is_replaced = common < min(len(first.words), len(second.words))
    return not is_replaced or common * MIN_SHARE_SWAPPED[1] >= total * MIN_SHARE_SWAPPED[0]


def _stem(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word).replace("-", "")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _rarest_words(tokens: TokenSet, frequencies: Counter[str]) -> list[str]:
    required = -(-len(tokens.words) * MIN_SHARE[0] // MIN_SHARE[1])
    return sorted(tokens.words, key=lambda word: (frequencies[word], word))[: len(tokens.words) - required + 2][
        :MAX_RARE
    ]


def _similar_sets(
    tokens: TokenSet, keys: list[tuple[str, str]], index: dict[tuple[str, str], list[TokenSet]]
) -> list[TokenSet]:
    """The earlier token sets that are similar; at most `MAX_CANDIDATES` are compared for each pair of words."""
    candidates: dict[frozenset[str], TokenSet] = {}
    for key in keys:
        for other in index.get(key, ())[:MAX_CANDIDATES]:
            candidates.setdefault(other.words, other)
    return [other for other in candidates.values() if is_similar(tokens, other)]
