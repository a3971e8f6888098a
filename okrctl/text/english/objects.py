"""What an English verb acts on, and whether that would be valid in any year."""

from __future__ import annotations

import re
from typing import NamedTuple

from okrctl.text.english.clause import Clause
from okrctl.text.english.verbs import has_finite_verb
from okrctl.text.lexicon import VerbEntry
from okrctl.text.title import LeadingVerb, NounPhrase, Word

_SUPERLATIVE = re.compile(r"(?:\w{2,}est|most)\Z")
_NO_SUPERLATIVES = frozenset(
    """contest digest forest guest harvest honest interest invest latest modest nest protest quest request rest test
    west""".split()
)
_TIME_LIMIT = re.compile(
    r"\b(?:with)?in (?:under |less than )?(?:\d+|an?|one|two|three) \w+|"
    r"\b(?:on time|same day|every (?:day|week)|daily|weekly)\b",
    re.IGNORECASE,
)
_TIME_TAIL = re.compile(r"(?:in|by|during|for) (?:q[1-4]|h[12]|20\d\d|fy\d+|(?:the )?(?:next )?(?:year|quarter))")
_DELTA = re.compile(
    r"(?:by|to) (?:about |at least |up to |over )?[$€£]?\d[\d.,]*(?: ?(?:%|percent|x|k|m|million|points?))?[.!]?",
    re.IGNORECASE,
)
_TAIL_PREPOSITIONS = (
    "of",
    "in",
    "across",
    "within",
    "between",
    "for",
    "throughout",
    "among",
    "with",
    "at",
    "around",
    "on",
)
_QUALIFIERS = ("generic", "determiners", "adverbs", "metrics", "abstract", "comparatives", "prepositions")


class Objects(NamedTuple):
    """The noun phrases that a verb acts on, and the index of the first word behind them."""

    phrases: tuple[NounPhrase, ...]
    end: int

    @property
    def heads(self) -> list[str]:
        """The head nouns in order."""
        return [phrase.head for phrase in self.phrases]


def find_objects(clause: Clause, after: int, second: Word | None = None) -> Objects:
    """The noun phrases from a word on, up to a preposition, relative word, punctuation or a second goal."""
    partitive = _skip_partitive(clause, after)
    phrases: list[NounPhrase] = []
    current: list[str] = []
    index = after = partitive
    while index < len(clause.words) and not _ends_objects(clause, index, after, second):
        is_joint = clause.is_in(index, "conjunctions")
        is_divided = is_joint or (index > after and "," in clause.gap(index))
        if is_divided and not _is_qualifier(clause, current):
            phrases += _close(clause, current)
            current = []
        if not is_joint:
            current.append(clause.word(index).removesuffix("'s").removesuffix("’s"))
        index += 1
    return Objects((*phrases, *_close(clause, current)), index)


def _skip_partitive(clause: Clause, after: int) -> int:
    """The index behind `the number of`, else the same index."""
    noun = after + clause.is_in(after, "determiners")
    return noun + 2 if clause.is_in(noun, "partitives") and clause.word(noun + 1) == "of" else after


def _ends_objects(clause: Clause, index: int, after: int, second: Word | None) -> bool:
    if clause.ends_phrase(index):
        return True
    following = clause.words[index + 1 : index + 2]
    if second is not None and following and following[0].start == second.start and ";" not in clause.gap(index + 1):
        return True  # the word that joins the goals
    return index > after and (clause.breaks(index) or ("," in clause.gap(index) and not _is_list(clause, index)))


def _is_qualifier(clause: Clause, words: list[str]) -> bool:
    """Whether words qualify what follows: customer and employee satisfaction, a healthy, transparent culture."""
    sections = ("generic", "vague adjectives", "determiners")
    is_head = bool(words) and clause.lexicon.has(words[-1], "metrics", "abstract", "people")
    is_general = all(clause.lexicon.has(word, *sections) for word in words)
    return is_general and not (is_head and not clause.lexicon.has(words[-1], "vague adjectives", "people"))


def _is_list(clause: Clause, index: int) -> bool:
    """Whether a comma belongs to a list, which ends with `and` before the next preposition, or stands in adjectives."""
    if clause.is_in(index - 1, "generic", "vague adjectives"):
        return True
    for position in range(index, min(index + 8, len(clause.words))):
        if clause.is_in(position, "conjunctions"):
            return True
        if clause.ends_phrase(position):
            return False
    return False


def _close(clause: Clause, words: list[str]) -> list[NounPhrase]:
    """The phrase that these words make: its head is the last one, or the last two where they are one term."""
    while len(words) > 1 and clause.lexicon.has(words[-1], "adverbs"):
        words = words[:-1]
    if not words:
        return []
    is_term = len(words) > 1 and clause.lexicon.has(" ".join(words[-2:]), "metrics", "abstract")
    size = 2 if is_term else 1
    return [NounPhrase(" ".join(words[-size:]), tuple(words[:-size]))]


def find_generic(
    clause: Clause, objects: Objects, verb: LeadingVerb | None, second: Word | None
) -> tuple[tuple[int, int] | None, bool]:
    """The range of a phrase that would be valid in any year, and whether all of it are metrics."""
    if second is not None:
        first, more = objects, find_objects(clause, clause.index_of(second) + 1)
        objects = Objects((*objects.phrases, *more.phrases), more.end)
        is_whole = bool(more.phrases and first.phrases) and more.end == len(clause.words)
    else:
        is_whole = _is_generic_tail(clause, objects.end)
    if not (objects.phrases and is_whole and _can_be_generic(clause, objects, verb)):
        return None, False
    if not all(_is_generic_phrase(clause, phrase) for phrase in objects.phrases):
        return None, False
    start = verb.start if verb else clause.words[clause.start].start
    is_metric = all(clause.lexicon.has(head, "metrics") for head in objects.heads)
    return (start, clause.words[objects.end - 1].end), is_metric


def _can_be_generic(clause: Clause, objects: Objects, verb: LeadingVerb | None) -> bool:
    """Whether the verb asks for no more than its object says: improve quality, but not report quality."""
    lexicon = clause.lexicon
    is_quantity = verb is not None and lexicon.has(verb.lemma, "quantity verbs")
    if not is_quantity and any(lexicon.has(head, "people") for head in objects.heads):
        return False
    if verb is None:
        return not any(lexicon.has(head, "vague adjectives") for head in objects.heads)
    if verb.verb_class == "work" and any(_is_concrete(clause, phrase) for phrase in objects.phrases):
        return False
    return verb.verb_class in ("change", "result") or lexicon.has(verb.lemma, "also change")


def _is_concrete(clause: Clause, phrase: NounPhrase) -> bool:
    """Whether work ends with it: a platform, but not a better platform."""
    is_compared = any(clause.lexicon.has(word, "comparatives") for word in phrase.qualifiers)
    return clause.lexicon.has(phrase.head, "concrete") and not is_compared


def _is_generic_phrase(clause: Clause, phrase: NounPhrase) -> bool:
    sections: tuple[str, ...] = _QUALIFIERS
    if clause.lexicon.has(phrase.head, "vague adjectives"):
        sections = (*_QUALIFIERS, "vague adjectives", "people")
    elif not clause.lexicon.has(phrase.head, "metrics", "abstract", "people"):
        return False
    return all(clause.lexicon.has(word, *sections) for word in phrase.qualifiers)


def _is_generic_tail(clause: Clause, end: int) -> bool:
    """Whether what stands behind the object adds nothing: in all areas, of the team, this year."""
    words = [word.lowercase for word in clause.words[end:]]
    tail = " ".join(words)
    if not tail or clause.lexicon.has(tail, "trailing") or _TIME_TAIL.fullmatch(tail):
        return True
    if _DELTA.fullmatch(clause.title[clause.words[end].start :].strip()):
        return True
    sections: tuple[str, ...] = (
        "generic tail",
        "determiners",
        "conjunctions",
        "metrics",
        "abstract",
        "generic",
        "comparatives",
    )
    if words[0] in ("by", "through", "via", "to"):
        sections = (*sections, "adverbs", "prepositions")
        return all(_is_change(clause, word) or clause.lexicon.has(word, *sections) for word in words[1:])
    return words[0] in _TAIL_PREPOSITIONS and all(clause.lexicon.has(word, *sections) for word in words[1:])


def _is_change(clause: Clause, word: str) -> bool:
    entry = clause.lexicon.verbs.get(word)
    return entry is not None and entry.verb_class in ("change", "upkeep")


def find_excuse(clause: Clause, entry: VerbEntry, objects: Objects, after: int) -> str | None:
    """What makes an outcome of a verb: a superlative, a time limit, what people love, or its head noun."""
    if entry.verb_class == "upkeep":
        return _excuse_upkeep(clause, objects, after)
    superlative = next((clause.word(i) for i in range(after, objects.end) if _is_superlative(clause, i)), None)
    limit = _TIME_LIMIT.search(clause.title) if clause.lexicon.has(entry.lemma, "services") else None
    praise = _find_praise(clause, objects.end)
    return superlative or (limit[0] if limit else None) or praise or _shaped_outcome(clause, entry, objects)


def _is_superlative(clause: Clause, index: int) -> bool:
    word = clause.word(index)
    if word == "best" and clause.word(index + 1) in ("practice", "practices"):
        return False
    if clause.lexicon.has(word, "superlatives") or clause.lexicon.has(
        f"{word} {clause.word(index + 1)}", "superlatives"
    ):
        return True
    return bool(_SUPERLATIVE.search(word)) and word not in _NO_SUPERLATIVES


def _find_praise(clause: Clause, end: int) -> str | None:
    """The verb of a relative clause such as `that customers love`."""
    if clause.word(end) not in ("that", "which", "who"):
        return None
    return next((clause.word(i) for i in range(end + 1, len(clause.words)) if clause.is_in(i, "praise")), None)


def _shaped_outcome(clause: Clause, entry: VerbEntry, objects: Objects) -> str | None:
    """The head noun of a shaping verb, if it is an outcome or a metric: build trust."""
    if not objects.phrases or not clause.lexicon.has(entry.lemma, "shaping"):
        return None
    head = objects.heads[0]
    return head if clause.lexicon.has(head, "outcomes", "metrics") else None


def _excuse_upkeep(clause: Clause, objects: Objects, after: int) -> str | None:
    """What makes a change of keeping: a promise, keeping out of something, ensuring that something becomes true."""
    if objects.phrases and clause.lexicon.has(objects.heads[0], "promises"):
        return objects.heads[0]
    remains = any(clause.word(i) in ("remain", "remains", "stay", "stays") for i in range(after, len(clause.words)))
    if not remains and (clause.word(after) in ("that", "every", "each") or has_finite_verb(clause, after)):
        return "that"
    rest = (clause.word(i) for i in range(after, len(clause.words)))
    return next((word for word in rest if word in ("out", "away", "off", "from")), None)
