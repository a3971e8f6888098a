"""Decides in which language titles are written, by their function words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import get_args

from okrctl.text.lexicon import Language, load_function_words
from okrctl.text.title import MAX_TITLE_LENGTH

_WORD = re.compile(r"[^\W\d_]+")
SUPPORTED: tuple[Language, ...] = get_args(Language)


def guess_language(titles: Iterable[str]) -> str:
    """The language whose function words are the most frequent in all titles together; English where it is undecided."""
    languages_of = load_function_words()
    counts: Counter[str] = Counter()
    for title in titles:
        for word in _WORD.findall(title.lower(), 0, MAX_TITLE_LENGTH):
            counts.update(languages_of.get(word, ()))
    best = max(counts.values(), default=0)
    return "en" if counts["en"] == best else max(counts, key=lambda name: counts[name])


def supported_language(name: str) -> Language | None:
    """The language with a lexicon that a name such as `en` or `de-CH` stands for, or None."""
    code = re.split(r"[-_]", name.strip().lower())[0]
    return next((language for language in SUPPORTED if language == code), None)
