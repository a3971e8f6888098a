"""Finds a second goal in an English title."""

from __future__ import annotations

import re

from okrctl.text.english.clause import Clause
from okrctl.text.english.verbs import is_noun, is_sentence
from okrctl.text.lexicon import VerbEntry
from okrctl.text.title import Word

_HINT = re.compile(r"\band\b|&|;|\bwhile\b|\bplus\b|\bas well as\b", re.IGNORECASE)
_ARTICLES = frozenset("the our every each all a an their its no".split())


def may_have_second_goal(title: str) -> bool:
    """Whether a word joins two parts of a title."""
    return _HINT.search(title) is not None


def find_second_goal(clause: Clause, after: int) -> Word | None:
    """The verb of a second goal behind a leading verb, if both goals have an object of their own."""
    if not _HINT.search(clause.title):
        return None
    is_subordinate = False
    for index in range(after + 1, len(clause.words) - 1):
        before = clause.word(index - 1)
        is_subordinate |= (clause.is_in(index - 1, "relatives") and before != "while") or _is_infinitive(
            clause, index, after
        )
        is_strong = before == "while" or ";" in clause.gap(index)
        if _joins(clause, index) and (is_strong or not is_subordinate):
            start = index + clause.is_adverb(index)
            if _begins_goal(clause, start, index, after):
                return clause.words[start]
    return None


def _is_infinitive(clause: Clause, index: int, after: int) -> bool:
    """Whether `to` and a verb stand here, behind which `and` joins what somebody is to do."""
    return clause.word(index - 1) == "to" and index - 1 > after and not clause.words[index].text[0].isdigit()


def _joins(clause: Clause, index: int) -> bool:
    """Whether `and`, `while`, `as well as` or a semicolon stands before a word."""
    if clause.word(index - 1) in ("and", "&", "while", "plus") or ";" in clause.gap(index):
        return True
    return index > 2 and [clause.word(i) for i in range(index - 3, index)] == ["as", "well", "as"]


def _begins_goal(clause: Clause, index: int, joint: int, after: int) -> bool:
    """Whether a second verb, in the form of the first, begins a goal with an object of its own."""
    found = clause.verb_at(index) or _verb_of_clauses(clause, index)
    first = clause.lexicon.verbs.get(clause.word(clause.start))
    form = first.form if first else "base"
    is_divided = ";" in clause.gap(joint)  # no word stands between the goals
    if joint - (not is_divided) <= after:
        return False
    if found is None:
        return form == "base" and _is_unknown_verb(clause, index)
    entry, behind = found
    joining_word = "" if is_divided else clause.word(joint - 1)
    if entry.form not in _wanted_forms(joining_word, form) or not _has_own_object(clause, entry, behind):
        return False
    return joining_word not in ("and", "&") or not _shares_object(clause, clause.words[after : joint - 1], entry)


def _has_own_object(clause: Clause, entry: VerbEntry, behind: int) -> bool:
    """Whether a second verb acts on something of its own, and is no noun."""
    if behind >= len(clause.words) or clause.is_in(behind, "back references", "relatives"):
        return False
    if clause.lexicon.has(entry.lemma, "mostly noun") and not clause.is_determiner(behind):
        return False
    return not is_noun(clause, entry, behind)


def _verb_of_clauses(clause: Clause, index: int) -> tuple[VerbEntry, int] | None:
    """A verb without a class that is no noun: bring repairs back."""
    entry = clause.lexicon.verbs.get(clause.word(index))
    return (entry, index + 1) if entry and not clause.lexicon.has(entry.lemma, "noun-like", "also noun") else None


def _wanted_forms(joint: str, form: str) -> tuple[str, ...]:
    """In which form a second verb stands behind a joining word."""
    if joint == "while":
        return ("ing",)
    return (form, "ing") if joint == "as" else (form,)


def _is_unknown_verb(clause: Clause, index: int) -> bool:
    """Whether a word that no list has stands before an article, as verbs do: and tame the backlog."""
    word = clause.word(index)
    if not word.isalpha() or not clause.words[index].text[0].islower() or clause.word(index + 1) not in _ARTICLES:
        return False
    return word not in clause.lexicon.sections


def _shares_object(clause: Clause, between: list[Word], entry: VerbEntry) -> bool:
    """Whether the word before `and` is a verb with the same object: plan and run, compare and choose."""
    last = clause.lexicon.verbs.get(between[-1].lowercase)
    if last is None or last.form != entry.form:
        return False
    if clause.lexicon.has(last.lemma, "also noun"):
        return len(between) == 1
    if last.verb_class is None and not clause.is_in(clause.start, "causative"):
        return False
    return not (len(between) > 1 and clause.is_determiner(clause.index_of(between[-2])))


def find_second_sentence(clause: Clause) -> Word | None:
    """The first word of a second sentence: pupils read for pleasure and the kitchen cooks fresh."""
    if not _HINT.search(clause.title):
        return None
    for index in range(3, len(clause.words) - 2):
        if clause.is_in(index - 1, "relatives"):
            return None
        joins = clause.word(index - 1) in ("and", "&") or ";" in clause.gap(index)
        halves = range(1, index - 1), range(index + 1, len(clause.words))
        if joins and clause.word(index) in _ARTICLES and all(is_sentence(clause, half) for half in halves):
            return clause.words[index]
    return None
