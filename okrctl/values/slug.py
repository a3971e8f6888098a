"""Makes an id from a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

MAX_LENGTH = 48  # shorter than an id may be, since people type it
_LETTERS = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "å": "a", "œ": "oe", "ł": "l", "đ": "d", "ð": "d",
    "þ": "th", "ı": "i", "&": " and ", "%": " percent ", "€": " eur ", "$": " usd ", "'": "", "’": "",
})  # fmt: skip


def slugify(title: str, taken: Collection[str] = (), otherwise: str = "item") -> str:
    """An id of lower-case letters, digits and `-` that is not taken; `otherwise` if the title has none of these."""
    plain = unicodedata.normalize("NFC", title).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain)
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    base = _join_words(words) or otherwise
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbered if name not in taken)


def _join_words(words: list[str]) -> str:
    """The first words that fit into the length of an id, joined with `-`."""
    name = words[0][:MAX_LENGTH] if words else ""
    for word in words[1:]:
        if len(name) + 1 + len(word) > MAX_LENGTH:
            break
        name += f"-{word}"
    return name
