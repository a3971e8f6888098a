"""Tells English verbs from nouns, and finds the verbs of sentences."""

from __future__ import annotations

from okrctl.text.english.clause import Clause
from okrctl.text.lexicon import VerbEntry

_PLURALS = frozenset("children crew men parents people police staff women".split())
_AND = ("and", "&", "or")


def is_noun(clause: Clause, entry: VerbEntry, after: int) -> bool:
    """Whether a word that could be a verb, with its particle right before `after`, is a noun.

    It is one where nothing or a bracket follows, as the first part of a compound (build time), and where a finite verb
    or a participle follows (launch pads never wait).
    """
    if after >= len(clause.words):
        return True
    if clause.gap(after).strip(" '\"“‘"):
        return clause.gap(after).strip() != "," or clause.verb_at(after) is None
    if clause.is_determiner(after):
        return clause.word(after)[0].isdigit() and _counts_a_subject(clause, after)
    if entry.form == "past" and entry.verb_class != "change":
        return True
    return _is_ambiguous_noun(clause, entry, after) or (
        not clause.lexicon.has(entry.lemma, "causative") and has_finite_verb(clause, after)
    )


def _counts_a_subject(clause: Clause, after: int) -> bool:
    """Whether a finite verb follows a number and its noun: Scope 3 emissions are known."""
    end = next((i for i in range(after, len(clause.words)) if clause.is_in(i, "prepositions")), len(clause.words))
    return any(clause.is_in(index, "finite") for index in range(after, end)) and has_finite_verb(clause, after)


def _is_ambiguous_noun(clause: Clause, entry: VerbEntry, after: int) -> bool:
    """Whether a word that is often a noun is one before a preposition, `and`, or the head of a compound."""
    often_noun = clause.lexicon.has(entry.lemma, "also noun") and entry.form == "base"
    if not often_noun and entry.form != "ing":
        return False
    if clause.word(after) in ("across", "in", "into", "on"):
        return False
    if clause.is_in(after, "prepositions") or clause.word(after) in _AND:
        return entry.form == "base" and not _is_coordinated(clause, after)
    return (often_noun or entry.verb_class != "change") and _is_compound(clause, after)


def _is_coordinated(clause: Clause, after: int) -> bool:
    """Whether `and` and another verb with an object follow: plan and run events."""
    return clause.word(after) in _AND and clause.verb_at(after + 1) is not None and after + 2 < len(clause.words)


def _is_compound(clause: Clause, after: int) -> bool:
    """Whether the words behind a verb make a compound of it: build time, support ticket volume."""
    if clause.is_in(after, "compound heads"):
        return True
    ends_here = len(clause.words) == after + 2
    is_followed = clause.word(after - 1).endswith("ing") and clause.is_in(after + 2, "prepositions")
    return (ends_here or is_followed) and clause.is_in(after + 1, "compound heads")


def has_finite_verb(clause: Clause, after: int) -> bool:
    """Whether a finite verb or a participle follows before `to`, `and`, `that` or punctuation."""
    for index in range(after, len(clause.words)):
        if clause.word(index) in ("to", *_AND) or clause.is_in(index, "relatives") or clause.breaks(index):
            return False
        if index > after and "," in clause.gap(index):
            return False
        if clause.is_in(index, "finite") or (index > after and _is_finite(clause, index)):
            return True
    return False


def _is_finite(clause: Clause, index: int) -> bool:
    """Whether a word agrees with the noun before it as its verb, or is a participle behind it."""
    word = clause.word(index)
    entry = clause.lexicon.verbs.get(word)
    if (entry is None and word.endswith("ed") and len(word) > 4) or (entry is not None and entry.form == "past"):
        return _closes(clause, index) and not clause.lexicon.has(subject_before(clause, index), "determiners")
    if entry is None or entry.form == "ing" or not agrees(clause, index, entry):
        return False
    return clause.is_in(index - 1, "adverbs") or _has_object(clause, index) or _is_plain_verb(clause, index, entry)


def _is_plain_verb(clause: Clause, index: int, entry: VerbEntry) -> bool:
    """Whether a form is hardly a noun; most forms of the third person are plural nouns as well."""
    if clause.is_in(index, "metrics", "abstract", "adjective-like"):
        return False
    if clause.lexicon.has(entry.lemma, "also noun", "noun-like"):
        return entry.form == "base" and _closes(clause, index)
    return entry.form == "base" or (index + 1 < len(clause.words) and entry.verb_class in (None, "result"))


def _closes(clause: Clause, index: int) -> bool:
    """Whether nothing, a preposition, an adverb or a relative word follows."""
    return index + 1 == len(clause.words) or clause.is_in(index + 1, "prepositions", "adverbs", "relatives")


def _has_object(clause: Clause, index: int) -> bool:
    """Whether an article or number stands behind a verb."""
    return clause.word(index + 1) not in ("", "that") and clause.is_determiner(index + 1)


def agrees(clause: Clause, index: int, entry: VerbEntry) -> bool:
    """Whether the noun before a base form is a plural, or before a third person a singular."""
    subject = subject_before(clause, index)
    if clause.lexicon.has(subject, "prepositions", "determiners", "conjunctions"):
        return False
    is_plural = subject in _PLURALS or (subject.endswith("s") and not subject.endswith(("ss", "us")))
    return is_plural == (entry.form == "base")


def subject_before(clause: Clause, index: int) -> str:
    """The nearest earlier word that is no adverb of the lexicon."""
    earlier = (clause.word(i) for i in range(index - 1, -1, -1) if not clause.is_in(i, "adverbs"))
    return next(earlier, "")


def is_sentence(clause: Clause, words: range) -> bool:
    """Whether one of these words is the verb of the noun before it."""
    for index in words:
        entry = clause.lexicon.verbs.get(clause.word(index))
        if clause.is_in(index, "finite"):
            return True
        if entry is None or entry.form not in ("base", "third") or clause.lexicon.has(entry.lemma, "also noun"):
            continue
        if agrees(clause, index, entry):
            return True
    return False
