"""Reads German titles."""

from __future__ import annotations

import re

from okrctl.text.lexicon import Lexicon, VerbClass, VerbEntry, load_lexicon
from okrctl.text.title import LeadingVerb, NounPhrase, TitleReading, Word, split_words

_CLAUSE_END = re.compile(r"[;:–—(!?]|,\s+(?:um|damit|so ?dass|die|der|das|den|denen|weil|wenn|wo|was)\b|\s-\s")
_NOUN_CLASSES: dict[str, VerbClass] = {"work nouns": "work", "change nouns": "change", "upkeep nouns": "upkeep"}
_COMPOUND_PARTS = (
    "kunden",
    "mitarbeiter",
    "mitarbeitenden",
    "nutzer",
    "team",
    "unternehmens",
    "produkt",
    "service",
    "firmen",
    "prozess",
    "gesamt",
)
_GENITIVES = ("der", "des", "unserer", "unseres", "von")
_OF_ARTICLES = ("des", "der", "von", "einer", "eines", "unserer", "unseres", "neuer", "vom")


def read(title: str) -> TitleReading:
    """How a German title is read.

    The verb is the infinitive at the end of the main clause (`Neue App einführen`), or a noun made of a verb at its
    beginning (`Einführung einer neuen App`).
    """
    return _Reader(title).read()


class _Reader:
    def __init__(self, title: str) -> None:
        self.title = title
        self.lexicon: Lexicon = load_lexicon("de")
        clause = _CLAUSE_END.search(title)
        self.words = split_words(title[: clause.start()] if clause else title)
        self.all_words = split_words(title)

    def read(self) -> TitleReading:
        """Read the infinitive at the end first, then a noun at the beginning, then a bare noun phrase."""
        if not self.words:
            return TitleReading("de")
        last = self._final_verb(len(self.words) - 1)
        if self.words[0].lowercase == "wir" and len(self.words) > 2:
            return self._read_first_person()
        if last and len(self.words) > 1 and not self._has_subject_verb():
            return self._read_infinitive(last)
        named = self._noun_class(self.words[0].lowercase)
        if named and len(self.words) > 1 and not self._has_subject_verb():
            return self._read_noun(named)
        if self._has_subject_verb():
            return TitleReading("de")
        return self._read_phrase()

    def _read_first_person(self) -> TitleReading:
        """`Wir führen eine neue App ein`: the verb is the second word, and its particle may be the last one."""
        second, last = self.words[1], self.words[-1]
        joined = (
            last.lowercase + second.lowercase if self.lexicon.has(last.lowercase, "particles") else second.lowercase
        )
        entry = self.lexicon.verbs.get(joined) or self.lexicon.verbs.get(second.lowercase)
        if entry is None or entry.verb_class is None or entry.form != "base":
            return TitleReading("de")
        words = self.words[2:-1] if joined != second.lowercase else self.words[2:]
        objects, tail = self._objects(words)
        verb = LeadingVerb(entry.lemma, entry.verb_class, "base", second.start, second.end)
        generic = self._generic(objects, tail, verb, (second.start, last.end))
        return TitleReading("de", verb, None, objects, *generic, self._excuse(verb, objects, words), None)

    def _final_verb(self, index: int) -> VerbEntry | None:
        """The infinitive with a class at a word; nouns, which are capitalized, are none."""
        return self._is_infinitive(self.words[index])

    def _is_infinitive(self, word: Word) -> VerbEntry | None:
        entry = self.lexicon.verbs.get(word.lowercase)
        return entry if entry and entry.verb_class and entry.form == "base" and word.text[0].islower() else None

    def _has_subject_verb(self) -> bool:
        """Whether a finite verb makes a sentence of the title."""
        return any(self.lexicon.has(word.text, "finite") for word in self.words[1:] if word.text[0].islower())

    def _noun_class(self, word: str) -> VerbClass | None:
        return next((verb_class for group, verb_class in _NOUN_CLASSES.items() if self.lexicon.has(word, group)), None)

    def _read_infinitive(self, entry: VerbEntry) -> TitleReading:
        """`Neue App einführen`, also with a second goal: `Umsatz steigern und Kosten senken`."""
        assert entry.verb_class is not None
        second = self._second_goal()
        words = self.words[:-1]
        if second is not None and second.start < self.words[-1].start:
            cut = next(index for index, word in enumerate(self.words) if word.start == second.start)
            entry = self._final_verb(cut - 2) or entry
            words = self.words[: cut - 2]
        verb_word = self.words[len(words)]
        assert entry.verb_class is not None
        verb = LeadingVerb(entry.lemma, entry.verb_class, "base", verb_word.start, verb_word.end)
        objects, tail = self._objects(words)
        generic = self._generic(objects, tail, verb, (self.words[0].start, verb_word.end))
        return TitleReading("de", verb, None, objects, *generic, self._excuse(verb, objects, words), second)

    def _read_noun(self, verb_class: VerbClass) -> TitleReading:
        """`Einführung einer neuen App`."""
        first = self.words[0]
        verb = LeadingVerb(first.text, verb_class, "ing", first.start, first.end)
        follows_of = self.words[1].lowercase in _OF_ARTICLES
        if not follows_of and verb_class != "change":
            return TitleReading("de", noun=first)
        objects, tail = self._objects(self.words[2:] if self.words[1].lowercase in ("von", "vom") else self.words[1:])
        generic = self._generic(objects, tail, verb, (first.start, self.words[-1].end))
        return TitleReading("de", verb, None, objects, *generic, self._excuse(verb, objects, self.words), None)

    def _read_phrase(self) -> TitleReading:
        last = self.words[-1]
        entry = self.lexicon.verbs.get(last.lowercase)
        is_completed = len(self.words) > 1 and entry is not None and (entry.verb_class, entry.form) == ("work", "past")
        objects, tail = self._objects(self.words)
        generic = self._generic(objects, tail, None, (self.words[0].start, last.end))
        return TitleReading("de", None, None, objects, *generic, None, None, last if is_completed else None)

    def _objects(self, words: list[Word]) -> tuple[tuple[NounPhrase, ...], list[str]]:
        """The noun phrases before the first preposition or genitive, and the words behind them."""
        phrases: list[NounPhrase] = []
        current: list[Word] = []
        end = len(words)
        for index, word in enumerate(words):
            if self._ends_objects(word, current):
                end = index
                break
            is_joint = self.lexicon.has(word.lowercase, "conjunctions")
            if is_joint or (current and "," in self.title[current[-1].end : word.start]):
                self._close(phrases, current)
            if not is_joint:
                current.append(word)
        self._close(phrases, current)
        return tuple(phrases), [word.lowercase for word in words[end:]]

    def _ends_objects(self, word: Word, current: list[Word]) -> bool:
        """Whether a word is a preposition, a relative word, or the article of a genitive."""
        is_genitive = bool(current) and current[-1].text[0].isupper() and word.lowercase in _GENITIVES
        is_preposition = self.lexicon.has(word.lowercase, "prepositions") and word.text[0].islower()
        return is_preposition or is_genitive or self.lexicon.has(word.lowercase, "relatives")

    def _close(self, phrases: list[NounPhrase], current: list[Word]) -> None:
        words = [word.lowercase for word in current if not self.lexicon.has(word.lowercase, "adverbs")]
        nouns = [word.lowercase for word in current if word.text[0].isupper() and word.lowercase in words]
        current.clear()
        if words:
            head = nouns[-1] if nouns else words[-1]
            phrases.append(NounPhrase(head, tuple(word for word in words if word != head)))

    def _generic(
        self, objects: tuple[NounPhrase, ...], tail: list[str], verb: LeadingVerb | None, place: tuple[int, int]
    ) -> tuple[tuple[int, int] | None, bool]:
        if (
            verb
            and verb.verb_class not in ("change", "result")
            and not self.lexicon.has(verb.lemma.lower(), "also change")
        ):
            return None, False
        if (
            not objects
            or not all(self._is_generic_phrase(phrase) for phrase in objects)
            or not self._is_generic_tail(tail)
        ):
            return None, False
        return place, all(self._in_group("metrics", phrase.head) for phrase in objects)

    def _in_group(self, group: str, word: str) -> bool:
        """Whether a noun stands in a section, also behind a general first part: Prozess + Qualität."""
        if self.lexicon.has(word, group):
            return True
        return any(word.startswith(part) and self.lexicon.has(word[len(part) :], group) for part in _COMPOUND_PARTS)

    def _is_generic_phrase(self, phrase: NounPhrase) -> bool:
        groups = ("generic", "determiners", "adverbs", "metrics", "abstract", "comparatives")
        return (self._in_group("metrics", phrase.head) or self._in_group("abstract", phrase.head)) and all(
            any(self.lexicon.has(word, group) for group in groups) for word in phrase.qualifiers
        )

    def _is_generic_tail(self, tail: list[str]) -> bool:
        if not tail or self.lexicon.has(" ".join(tail), "trailing"):
            return True
        first, *rest = tail
        return first in (
            "im",
            "in",
            "der",
            "des",
            "von",
            "für",
            "zwischen",
            "unserer",
            "unseres",
            "mit",
            "bei",
        ) and all(
            any(
                self.lexicon.has(word, group)
                for group in ("generic tail", "determiners", "conjunctions", "metrics", "abstract", "adverbs")
            )
            for word in rest
        )

    def _excuse(self, verb: LeadingVerb, objects: tuple[NounPhrase, ...], words: list[Word]) -> str | None:
        """What makes an outcome of a verb: the metric or outcome that it acts on, or a superlative in its object."""
        if verb.verb_class == "upkeep":
            return self._excuse_upkeep(verb, objects, words)
        for word in words:
            if word.text == "vor":
                return word.text
            if self.lexicon.has(word.lowercase, "superlatives"):
                return word.lowercase
        for phrase in objects[:1]:
            if self.lexicon.has(phrase.head, "outcomes") or self._in_group("metrics", phrase.head):
                return phrase.head
        return None

    def _excuse_upkeep(self, verb: LeadingVerb, objects: tuple[NounPhrase, ...], words: list[Word]) -> str | None:
        """What makes a change of keeping: a promise, what somebody is kept from, getting more (`mehr erhalten`)."""
        if objects and self.lexicon.has(objects[0].head, "promises"):
            return objects[0].head
        for word in words:
            is_more = verb.lemma == "erhalten" and self.lexicon.has(word.lowercase, "comparatives")
            if word.text == "vor" or is_more:
                return word.text
        return None

    def _second_goal(self) -> Word | None:
        """The first word of a second goal: `und` behind an infinitive, and another infinitive at the end."""
        ends = self.words[-1].end
        rest = [word for word in self.all_words if word.start >= ends]
        if rest and self.title[ends : rest[0].start].strip() == ";" and self._is_infinitive(rest[-1]) and len(rest) > 1:
            return rest[0]
        for index in range(2, len(self.words) - 1):
            if (
                self.words[index - 1].lowercase in ("und", "sowie", "&")
                and self._final_verb(index - 2)
                and index < len(self.words) - 1
            ):
                return self.words[index]
        return None
