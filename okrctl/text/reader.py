"""Reads a title in its language."""

from __future__ import annotations

from functools import lru_cache

from okrctl.text import english, german
from okrctl.text.lexicon import Language
from okrctl.text.title import TitleReading


@lru_cache(maxsize=16384)
def read_title(title: str, language: Language) -> TitleReading:
    """How a title is read; all rules about wording ask this."""
    return english.read(title) if language == "en" else german.read(title)
