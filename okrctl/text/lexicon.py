"""The words that the wording rules know, from one data file for each language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Literal, NamedTuple

VerbClass = Literal["work", "upkeep", "change", "result"]
VerbForm = Literal["base", "ing", "past", "third"]
Language = Literal["en", "de"]
VERB_CLASSES: tuple[VerbClass, ...] = ("work", "upkeep", "change", "result")
_FIRST_WORD = re.compile(r"[^\W_][\w'’-]*")
# What may stand before a verb, or be work itself.
_BEGINNINGS = ("adverbs", "work nouns", "upkeep nouns", "change nouns", "ongoing", "introductions")
_VOWELS = tuple("aeiou")
_SIBILANTS = ("s", "x", "z", "ch", "sh", "o")


class VerbEntry(NamedTuple):
    """A form of a verb: the verb as the data file has it, its class (None if it only occurs in clauses), its form."""

    lemma: str
    verb_class: VerbClass | None
    form: VerbForm


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, all in lower case.

    `verbs` maps the forms of verbs of one word, `phrasal_verbs` a first word to the (other words, entry) of verbs
    with a particle. `sections` names the sections of the data file in which a word stands; `parts` are all single words
    of the entries.
    """

    verbs: dict[str, VerbEntry]
    phrasal_verbs: dict[str, tuple[tuple[tuple[str, ...], VerbEntry], ...]]
    sections: dict[str, tuple[str, ...]]
    parts: frozenset[str]

    def has(self, word: str, *sections: str) -> bool:
        """Whether a word stands in one of these sections."""
        return any(name in sections for name in self.sections.get(word, ()))

    def entries(self, section: str) -> list[str]:
        """The words of a section."""
        return [word for word, names in self.sections.items() if section in names]

    def may_begin_with_verb(self, title: str) -> bool:
        """Whether the first word makes a verb possible; much faster than reading the title."""
        match = _FIRST_WORD.search(title)
        word = match[0].lower() if match else ""
        verb = self.verbs.get(word)
        if verb is not None and verb.form != "third":
            return True
        return word in self.phrasal_verbs or word.endswith("ly") or self.has(word, *_BEGINNINGS)


@cache
def load_lexicon(language: Language) -> Lexicon:
    """Read the data file of a language."""
    sections = _read_sections(_read_data(f"{language}.txt"))
    verbs, phrasal_verbs = _inflect_verbs(sections, _inflect_english if language == "en" else _inflect_german)
    names: dict[str, tuple[str, ...]] = {}
    for name, entries in sections.items():
        for text in entries:
            word = text.lower()
            names[word] = (*names[word], name) if word in names else (name,)
    return Lexicon(verbs, phrasal_verbs, names, frozenset(" ".join(names).split()))


def _inflect_verbs(
    sections: dict[str, list[str]], inflect: Callable[[str], list[tuple[VerbForm, str]]]
) -> tuple[dict[str, VerbEntry], dict[str, tuple[tuple[tuple[str, ...], VerbEntry], ...]]]:
    """The forms of all verbs: those of one word, and those with a particle by their first word."""
    verbs: dict[str, VerbEntry] = {}
    phrasal_verbs: dict[str, list[tuple[tuple[str, ...], VerbEntry]]] = {}
    for verb_class in (*VERB_CLASSES, None):
        for entry in sections[verb_class or "verbs of clauses"]:
            lemma = entry.partition("/")[0]
            for form, text in inflect(entry):
                verb = VerbEntry(lemma, verb_class, form)
                if " " in text:
                    first, *particles = text.split()
                    phrasal_verbs.setdefault(first, []).append((tuple(particles), verb))
                else:
                    verbs.setdefault(text, verb)
    return verbs, {first: tuple(rest) for first, rest in phrasal_verbs.items()}


@cache
def load_function_words() -> dict[str, tuple[str, ...]]:
    """The languages in which a word is a function word, English first."""
    languages: dict[str, tuple[str, ...]] = {}
    for line in _read_data("function_words.txt").splitlines():
        name, _, words = line.partition(":")
        for word in words.split() if not line.startswith("#") else ():
            languages[word] = (*languages.get(word, ()), name)
    return languages


def _read_data(name: str) -> str:
    data = get_data("okrctl.text", f"data/{name}")
    assert data is not None  # as by a loader that cannot read files
    return data.decode()


def _read_sections(text: str) -> dict[str, list[str]]:
    """The entries of each `[section]`; entries are separated by commas, and `#` at the start of a line is a comment."""
    sections: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            entries = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            entries += [" ".join(entry.split()) for entry in line.split(",") if entry.strip()]
    return sections


def _inflect_english(entry: str) -> list[tuple[VerbForm, str]]:
    """The forms of an English verb, given as `base`, `base/past` or `base/past/participle`, with a particle or not."""
    base, *irregular = entry.split("/")
    first, _, particle = base.partition(" ")
    behind = f" {particle}" if particle else ""
    doubled = first + first[-1] if _doubles_last_letter(first) else first
    past = first + "d" if first.endswith("e") else (first[:-1] + "ied" if _ends_in_y(first) else doubled + "ed")
    ing = first[:-2] + "ying" if first.endswith("ie") else _without_silent_e(first, doubled) + "ing"
    third = first[:-1] + "ies" if _ends_in_y(first) else first + ("es" if first.endswith(_SIBILANTS) else "s")
    forms: list[tuple[VerbForm, str]] = [("base", base), ("ing", ing + behind), ("third", third + behind)]
    return [*forms, *(("past", text) for text in (irregular or [past + behind]))]


def _without_silent_e(first: str, doubled: str) -> str:
    return first[:-1] if first.endswith("e") and not first.endswith(("ee", "oe")) else doubled


def _ends_in_y(word: str) -> bool:
    return word.endswith("y") and word[-2] not in _VOWELS


def _doubles_last_letter(word: str) -> bool:
    """Whether a last consonant is doubled before an ending: shipping, planned, submitting."""
    if word in ("submit", "enrol", "commit", "refer", "transfer", "control"):
        return True
    body, last = word[:-1], word[-1]
    if last in "aeiouwxy" or body[-1:] not in _VOWELS:
        return False
    return sum(map(body.count, _VOWELS)) - word.startswith("qu") == 1


def _inflect_german(entry: str) -> list[tuple[VerbForm, str]]:
    """The forms of a German verb, given as infinitive or `infinitive/other form/...`; other forms count as past."""
    base, *others = entry.split("/")
    return [("base", base), *(("past", other) for other in others)]
