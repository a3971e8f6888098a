"""Prints characters that an encoding lacks as the nearest that it has."""

from __future__ import annotations

import codecs

NEAREST = "okrctl-nearest"  # the name of this way of handling errors
TEXTS = {"±": "+/-", "→": "->", "…": "...", "–": "-", "—": "-", "−": "-", "ß": "ss", "×": "x", "\u202f": " "}


def _find_nearest(error: UnicodeError) -> tuple[str, int]:
    """The nearest text that every encoding has: a letter without its accent, `+/-` for ±, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    import unicodedata

    parts = []
    for character in error.object[error.start : error.end]:
        bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        parts.append(TEXTS.get(character) or bare or "?")
    return "".join(parts), error.end


codecs.register_error(NEAREST, _find_nearest)
