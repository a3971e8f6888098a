"""What a title says, read once for all rules about wording: its verb, what the verb acts on, and a second goal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from okrctl.text.lexicon import Language, VerbClass, VerbForm

# Longer texts are cut, so that no title takes long.
MAX_TITLE_LENGTH = 500
_WORD = re.compile(r"[^\W_](?:[\w'’]|-(?=\w))*|&")


class Word(NamedTuple):
    """A word of a title with its start and end, counted from 0; the end is one past the last character."""

    text: str
    start: int
    end: int

    @property
    def lowercase(self) -> str:
        """The word in lower case."""
        return self.text.lower()


class LeadingVerb(NamedTuple):
    """The verb that a title is built on: base form, class, form, and its range."""

    lemma: str
    verb_class: VerbClass
    form: VerbForm
    start: int
    end: int


class NounPhrase(NamedTuple):
    """A part of what the verb acts on: its head noun and the words that qualify it, in lower case."""

    head: str
    qualifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TitleReading:
    """How a title was read.

    * `verb`: the leading verb, None where the title begins with a noun or a sentence. `noun`: a first word that is a
      verb elsewhere and a noun here.
    * `objects`: what the verb acts on, one phrase for each part that a conjunction joins; for a title without a verb
      and without a sentence, the title itself.
    * `generic`: the range of a verb and object that would be valid in any year, and whether all heads are metrics.
    * `excuse`: the head noun or superlative that makes an outcome of work.
    * `second_goal`: the word with which a second goal begins.
    * `completed`: a participle of work at the end of a title without a verb: reporting built.
    """

    language: Language
    verb: LeadingVerb | None = None
    noun: Word | None = None
    objects: tuple[NounPhrase, ...] = ()
    generic: tuple[int, int] | None = None
    is_metric: bool = False
    excuse: str | None = None
    second_goal: Word | None = None
    completed: Word | None = None


def split_words(title: str) -> list[Word]:
    """The words of a title in order; `&` is a word."""
    return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(title, 0, MAX_TITLE_LENGTH)]
