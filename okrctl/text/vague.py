"""Finds words that fit every grade: better, significantly, as fast as possible."""

from __future__ import annotations

import re
from functools import cache

from okrctl.text.lexicon import Language, VerbEntry, load_lexicon
from okrctl.text.numbers import find_amounts
from okrctl.text.title import MAX_TITLE_LENGTH, split_words

# With one of these later in the clause, there is something to compare with; significant figures are a term.
_COMPARED = {"en": re.compile(r"[^,;:]*\bthan\b"), "de": re.compile(r"[^,;:]*\bals\b")}
_TERM_BEHIND = re.compile(r"-|\s(?:figures?|digits?|others?|bureau)\b")
_TERM_BEFORE = re.compile(r"(?:\bfind an?|\bthe|-)\s?\Z")


@cache
def _vague_pattern(language: Language) -> re.Pattern[str]:
    words = sorted(load_lexicon(language).entries("vague"), key=len, reverse=True)
    as_possible = (
        r"as (?:many|much|few|little|often) [^,;:]{1,60}? as possible|so (?:viele?|wenige?) [^,;:]{1,60}? wie möglich"
    )
    return re.compile(rf"(?<![\w-])(?:{as_possible}|{'|'.join(map(re.escape, words))})(?!\w)")


def find_change(title: str, language: Language) -> tuple[int, int] | None:
    """The range of the verb of a sentence that only says that something changes: satisfaction increases.

    A title with a number says more, and so does a verb behind `to`, `that` or `and`.
    """
    if find_amounts(title, language):
        return None
    lexicon = load_lexicon(language)
    for index, word in enumerate(split_words(title)):
        entry = lexicon.verbs.get(word.lowercase)
        if word.lowercase == "to" or lexicon.has(word.lowercase, "relatives", "conjunctions", "finite"):
            return None
        if entry and entry.verb_class and word.text[0].islower() and _follows_subject(entry, index):
            return (word.start, word.end) if entry.verb_class == "change" else None
    return None


def _follows_subject(verb: VerbEntry, index: int) -> bool:
    """Whether a verb has the form behind a subject: `satisfaction increases`; as second word also `increasing`."""
    return verb.form == "third" or (verb.form == "ing" and index == 1)


def find_vague_word(title: str, language: Language) -> tuple[int, int] | None:
    """The range of the first vague word, from 0."""
    text = title[:MAX_TITLE_LENGTH].lower()
    for match in _vague_pattern(language).finditer(text):
        is_term = _TERM_BEHIND.match(text, match.end()) or _TERM_BEFORE.search(text[: match.start()])
        if not is_term and not _COMPARED[language].match(text, match.end()):
            return match.span()
    return None if find_amounts(title, language) else _find_at_an_end(title, language)


def _find_at_an_end(title: str, language: Language) -> tuple[int, int] | None:
    """The range of a first or last word such as `more`; not of `and more`, `or less`, `one more`."""
    words = split_words(title)
    lexicon = load_lexicon(language)
    for index in {0, len(words) - 1} if words else ():
        is_joined = index > 0 and lexicon.has(words[index - 1].lowercase, "conjunctions", "determiners")
        is_compared = _COMPARED[language].match(title.lower(), words[index].end)
        if not is_joined and not is_compared and lexicon.has(words[index].lowercase, "vague at an end"):
            return words[index].start, words[index].end
    return None
