"""The words of an English title, with what the lexicon knows of each."""

from __future__ import annotations

import re

from okrctl.text.lexicon import VerbEntry, load_lexicon
from okrctl.text.title import Word, split_words

_BREAK = re.compile(r"[;:–—()\[\]/.!?]|\s-\s")
_AMOUNT = re.compile(
    r"(?:at least|at most|up to|over|more than|around|about) "
    r"(?:\d|a |one|two|three|four|five|six|seven|eight|nine|ten|twelve|[$€£])",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\s*(?:(?:our|the) (?:goal|aim|objective|mission) is to|we (?:will|have|want to|are going to|plan to|need to)|"
    r"we(?= \w+ (?:a|an|the|our|\d))|to)\s+",
    re.IGNORECASE,
)
_NO_ADVERBS = frozenset(
    """ally anomaly apply assembly daily family fly friendly italy july monthly quarterly rely reply supply weekly
    yearly""".split()
)


class Clause:
    """A title as words, and the index of the first one behind an introduction (`our goal is to`) and adverbs."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.lexicon = load_lexicon("en")
        self.words = split_words(title)
        self.lowercase = [word.text.lower() for word in self.words]
        introduction = _INTRODUCTION.match(title)
        begin = introduction.end() if introduction else 0
        rest = (i for i, word in enumerate(self.words) if word.start >= begin and not self.is_adverb(i))
        self.start = next(rest, len(self.words))

    def word(self, index: int) -> str:
        """A word in lower case; empty behind the end."""
        return self.lowercase[index] if index < len(self.lowercase) else ""

    def is_in(self, index: int, *sections: str) -> bool:
        """Whether a word stands in one of these sections of the lexicon."""
        return self.lexicon.has(self.word(index), *sections)

    def is_adverb(self, index: int) -> bool:
        """Whether a word is an adverb; most words that end in -ly are."""
        word = self.word(index)
        return self.lexicon.has(word, "adverbs") or (word.endswith("ly") and word not in _NO_ADVERBS)

    def is_determiner(self, index: int) -> bool:
        """Whether a word is an article, a number, or begins an amount such as `at least five`."""
        word = self.words[index]
        return self.is_in(index, "determiners") or word.text[0].isdigit() or bool(_AMOUNT.match(self.title, word.start))

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it."""
        return self.title[self.words[index - 1].end if index else 0 : self.words[index].start]

    def breaks(self, index: int) -> bool:
        """Whether punctuation other than a comma stands before a word."""
        return bool(_BREAK.search(self.gap(index)))

    def ends_phrase(self, index: int) -> bool:
        """Whether a word is a preposition or relative word, which ends a noun phrase."""
        return self.is_in(index, "prepositions", "relatives")

    def verb_at(self, index: int) -> tuple[VerbEntry, int] | None:
        """The verb with a class that begins at a word, and the index of the word behind it and its particle."""
        word = self.word(index)
        for particles, entry in self.lexicon.phrasal_verbs.get(word, ()):
            end = index + 1 + len(particles)
            if tuple(following.lowercase for following in self.words[index + 1 : end]) == particles:
                return entry, end
        found = self.lexicon.verbs.get(word)
        return (found, index + 1) if found and found.verb_class else None

    def index_of(self, word: Word) -> int:
        """The index of one of the words."""
        return next(index for index, other in enumerate(self.words) if other.start == word.start)
