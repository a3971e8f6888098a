"""Decides in which language titles are written, by their function words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import get_args

from okrctl.text.lexicon import Language, load_function_words
from okrctl.text.title import MAX_TITLE_LENGTH

SUPPORTED: tuple[Language, ...] = get_args(Language)


def guess_language(titles: Iterable[str]) -> str:
    """The language whose function words are the most frequent in all titles together; English where it is undecided."""
    languages_of = load_function_words()
    counts: dict[str, int] = defaultdict(int)
    for title in titles:
        for word in title[:MAX_TITLE_LENGTH].lower().split():
            for name in languages_of.get(word, ()):
                counts[name] += 1
    best = max(counts.values(), default=0)
    return "en" if counts["en"] == best else max(counts, key=lambda name: counts[name])


@lru_cache(maxsize=64)
def supported_language(name: str) -> Language | None:
    """The language with a lexicon that a name such as `en` or `de-CH` stands for, or None."""
    code = re.split(r"[-_]", name.strip().lower())[0]
    return next((language for language in SUPPORTED if language == code), None)
