"""Numbers with their nouns, in English."""

from __future__ import annotations


def count_noun(number: int, noun: str) -> str:
    """A number with its noun in the right form: `1 reading`, `2 readings`, `2 fixes`; `info` has no plural."""
    if number == 1 or noun == "info":
        return f"{number} {noun}"
    return f"{number} {noun}es" if noun.endswith("x") else f"{number} {noun}s"
