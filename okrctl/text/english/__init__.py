"""Reads English titles."""

from __future__ import annotations

from okrctl.text.english.clause import Clause
from okrctl.text.english.goals import find_second_goal, find_second_sentence, may_have_second_goal
from okrctl.text.english.objects import find_excuse, find_generic, find_objects
from okrctl.text.english.verbs import has_finite_verb, is_noun
from okrctl.text.lexicon import VerbEntry, load_lexicon
from okrctl.text.title import MAX_TITLE_LENGTH, LeadingVerb, TitleReading, Word

_PUNCTUATION = ".,:;!?()'\"“”‘’"


def read(title: str) -> TitleReading:
    """How an English title is read: the verb first, since without one only a bare noun phrase can be generic."""
    if _is_plain(title):
        return TitleReading("en")
    clause = Clause(title)
    if clause.start >= len(clause.words):
        return TitleReading("en")
    named = _verb_noun(clause)
    if named:
        return TitleReading("en", verb=named)
    found = clause.verb_at(clause.start)
    if found is None:
        return _read_noun_phrase(clause)
    entry, after = found
    if entry.form == "third" or is_noun(clause, entry, after):
        return TitleReading("en", noun=clause.words[clause.start], completed=_complete(clause))
    return _read_verb(clause, entry, after)


def _is_plain(title: str) -> bool:
    """Whether no rule can find anything in a title that begins with no verb; most sentences end here.

    A generic title has words of the lexicon alone, a second sentence a joining word, completed work a participle.
    """
    lexicon = load_lexicon("en")
    words = title[:MAX_TITLE_LENGTH].lower().split()
    if not words or words[0] in lexicon.verbs or lexicon.may_begin_with_verb(title) or may_have_second_goal(title):
        return False
    return words[-1].strip(_PUNCTUATION) not in lexicon.verbs and any(
        word.strip(_PUNCTUATION) not in lexicon.parts and word.isalpha() and not word.endswith("ly") for word in words
    )


def _read_verb(clause: Clause, entry: VerbEntry, after: int) -> TitleReading:
    if clause.lexicon.has(entry.lemma, "standing") and clause.word(after) in ("the", "our"):
        entry = entry._replace(verb_class="upkeep")
    start, end = clause.words[clause.start].start, clause.words[after - 1].end
    verb = LeadingVerb(entry.lemma, entry.verb_class or "work", entry.form, start, end)
    second = find_second_goal(clause, after)
    objects = find_objects(clause, after, second)
    generic, is_metric = find_generic(clause, objects, verb, second)
    excuse = find_excuse(clause, entry, objects, after)
    return TitleReading("en", verb, None, objects.phrases, generic, is_metric, excuse, second)


def _read_noun_phrase(clause: Clause) -> TitleReading:
    """A title without a verb: generic if it is nothing but a general noun, such as `operational excellence`."""
    objects = find_objects(clause, clause.start)
    generic, is_metric = find_generic(clause, objects, None, None)
    second, completed = find_second_sentence(clause), _complete(clause)
    return TitleReading("en", None, None, objects.phrases, generic, is_metric, None, second, completed)


def _verb_noun(clause: Clause) -> LeadingVerb | None:
    """Work or upkeep as a noun: launch of the new shop, continued support for field offices."""
    start = clause.start + clause.is_in(clause.start, "ongoing")
    following = clause.word(start + 1)
    is_upkeep = clause.is_in(start, "upkeep nouns") and following in ("of", "for")
    is_work = clause.is_in(start, "work nouns") and following == "of" and start == clause.start
    if not (is_upkeep or is_work) or start + 2 >= len(clause.words) or has_finite_verb(clause, start + 1):
        return None
    word = clause.words[start]
    return LeadingVerb(word.lowercase, "upkeep" if is_upkeep else "work", "ing", word.start, word.end)


def _complete(clause: Clause) -> Word | None:
    """The participle of a verb of work at the end, where no finite verb makes a sentence of the title."""
    last = len(clause.words) - 1
    entry = clause.lexicon.verbs.get(clause.word(last))
    if entry is None or (entry.form, entry.verb_class) != ("past", "work") or last - clause.start < 1:
        return None
    is_sentence = any(clause.is_in(index, "finite", "relatives") for index in range(clause.start, last))
    return None if is_sentence or clause.is_in(last - 1, "adverbs") else clause.words[last]
