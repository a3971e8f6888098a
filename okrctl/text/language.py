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
    """The language whose function words are the most frequent in all titles together; English where none is."""
    counts: Counter[str] = Counter()
    for title in titles:
        words = [word.lower() for word in _WORD.findall(title, 0, MAX_TITLE_LENGTH)]
        for name, function_words in load_function_words().items():
            counts[name] += sum(word in function_words for word in words)
    best = max(counts.values(), default=0)
    return next((name for name in load_function_words() if best and counts[name] == best), "en")


def supported_language(name: str) -> Language | None:
    """The language with a lexicon that a name such as `en` or `de-CH` stands for, or None."""
    code = re.split(r"[-_]", name.strip().lower())[0]
    return next((language for language in SUPPORTED if language == code), None)
