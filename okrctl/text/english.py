"""Reads English titles."""

from __future__ import annotations

import re

from okrctl.text.lexicon import Lexicon, VerbEntry, load_lexicon
from okrctl.text.title import LeadingVerb, NounPhrase, TitleReading, Word, split_words

_SECOND_GOAL_HINT = re.compile(r"\band\b|&|;|\bwhile\b|\bplus\b|\bas well as\b", re.IGNORECASE)
_BREAK = re.compile(r"[;:–—()\[\]/.!?]|\s-\s")
_AMOUNT = re.compile(
    r"(?:at least|at most|up to|over|more than|around|about) (?:\d|a |one|two|three|four|five|six|seven|eight|nine|ten|twelve|[$€£])",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(r"(?:\w{2,}est|most)\Z")
_NO_SUPERLATIVES = frozenset("request test guest latest forest interest harvest contest invest quest west rest nest digest honest modest protest".split())
_NO_ADVERBS = frozenset("family supply apply reply assembly italy july anomaly ally fly rely daily weekly monthly quarterly yearly friendly".split())


def read(title: str) -> TitleReading:
    """How an English title is read."""
    return _Reader(title).read()


class _Reader:
    def __init__(self, title: str) -> None:
        self.title = title
        self.lexicon: Lexicon = load_lexicon("en")
        self.words = split_words(title)
        self.start = self._first_word()

    def _first_word(self) -> int:
        """The index of the first word that is neither an adverb nor `to`, `we`, `will`."""
        for index, word in enumerate(self.words):
            if word.lowercase not in ("to", "we", "will") and not self._is_adverb(word.lowercase):
                return index
        return len(self.words)

    def read(self) -> TitleReading:
        """Read the verb first: without one, only a bare noun phrase can be generic."""
        if self.start >= len(self.words):
            return TitleReading("en")
        if self._is_work_noun():
            first = self.words[self.start]
            return TitleReading("en", verb=LeadingVerb(first.lowercase, "work", "ing", first.start, first.end))
        found = self._verb_at(self.start)
        if found is None:
            return self._read_noun_phrase()
        entry, after = found
        first = self.words[self.start]
        if entry.form == "third" or self._is_noun(entry, self.start, after):
            return TitleReading("en", noun=first, completed=self._completed())
        second = self._second_goal(after) if _SECOND_GOAL_HINT.search(self.title) else None
        objects, end = self._objects(after, second)
        assert entry.verb_class is not None
        if self.lexicon.has("standing", entry.lemma) and self.words[after].lowercase in ("the", "our"):
            entry = entry._replace(verb_class="upkeep")
        verb = LeadingVerb(entry.lemma, entry.verb_class or "work", entry.form, first.start, self.words[after - 1].end)
        generic, is_metric = self._generic(objects, end, verb, second)
        return TitleReading(
            "en",
            verb=verb,
            objects=objects,
            generic=generic,
            is_metric=is_metric,
            excuse=self._excuse(objects, after, end, entry),
            second_goal=second,
        )

    # The verb

    def _is_adverb(self, word: str) -> bool:
        return self.lexicon.has("adverbs", word) or (word.endswith("ly") and word not in _NO_ADVERBS)

    def _verb_at(self, index: int) -> tuple[VerbEntry, int] | None:
        """The classified verb that begins at a word, and the index of the word behind it and its particle."""
        word = self.words[index].lowercase
        for particles, entry in self.lexicon.phrasal_verbs.get(word, ()):
            end = index + 1 + len(particles)
            if tuple(following.lowercase for following in self.words[index + 1 : end]) == particles:
                return entry, end
        found = self.lexicon.verbs.get(word)
        return (found, index + 1) if found and found.verb_class else None

    def _is_noun(self, entry: VerbEntry, index: int, after: int) -> bool:
        """Whether a first word that could be a verb is a noun.

        It is one where nothing follows, as the first part of a compound (build time), before capitals that make a
        name of it (Build Kite), or where a finite verb or a participle follows (launch pads never wait).
        """
        if after >= len(self.words) or self.title[self.words[after - 1].end : self.words[after].start].strip(" '\"“‘"):
            return True
        following = self.words[after]
        if self._is_determiner(following):
            return following.text[0].isdigit() and self._has_finite_verb(after)
        if entry.form == "past" and entry.verb_class != "change":
            return True
        often_noun = self.lexicon.has("also noun", entry.lemma) and entry.form == "base"
        if entry.form == "ing" or often_noun:
            if self.lexicon.has("prepositions", following.lowercase) or following.lowercase in ("and", "&", "or"):
                return entry.form == "base" and not self._has_second_verb(after)
            is_compound = self.lexicon.has("compound heads", following.lowercase) or self._compound_ends(after)
            if is_compound and (often_noun or entry.verb_class != "change"):
                return True
        if often_noun and self._makes_a_name(index, after):
            return True
        return not self.lexicon.has("causative", entry.lemma) and self._has_finite_verb(after)

    def _has_second_verb(self, after: int) -> bool:
        """Whether `and` and another verb with an object follow: plan and run events."""
        following = self.words[after + 1 : after + 2]
        return (
            bool(following)
            and self.words[after].lowercase in ("and", "&", "or")
            and self._verb_at(after + 1) is not None
            and after + 2 < len(self.words)
        )

    def _compound_ends(self, after: int) -> bool:
        """Whether two words that end in a compound head are all that follows: support ticket volume."""
        rest = self.words[after:]
        if len(rest) > 2 and self.lexicon.has("prepositions", rest[2].lowercase):
            return self.words[after - 1].lowercase.endswith("ing") and self.lexicon.has("compound heads", rest[1].lowercase)
        return len(rest) == 2 and self.lexicon.has("compound heads", rest[1].lowercase)

    def _makes_a_name(self, index: int, after: int) -> bool:
        """Whether capitals go on behind the word: Build Kite pipelines; not where every word has one."""
        rest = self.words[after:]
        capitals = sum(word.text[0].isupper() for word in rest)
        return (
            rest[0].text[0].isupper()
            and self.words[index].text[0].isupper()
            and not rest[0].text.isupper()
            and len(rest) > 1
            and capitals == 1
            and self._has_finite_verb(after)
        )

    def _has_finite_verb(self, after: int) -> bool:
        """Whether a finite verb or a participle follows before `to`, `and`, `that` or a preposition's noun."""
        for index in range(after, len(self.words)):
            word = self.words[index].lowercase
            if word in ("to", "and", "&", "or") or self.lexicon.has("relatives", word) or self._breaks(index):
                return False
            if self.lexicon.has("finite", word):
                return True
            if index > after and self._is_finite(index):
                return True
        return False

    def _is_finite(self, index: int) -> bool:
        """Whether the word agrees with the noun before it as its verb, or is a participle behind it."""
        entry = self.lexicon.verbs.get(self.words[index].lowercase)
        if entry is None or entry.form == "ing":
            return False
        following = self.words[index + 1].lowercase if index + 1 < len(self.words) else ""
        closes = not following or any(
            self.lexicon.has(group, following) for group in ("prepositions", "adverbs", "relatives")
        )
        subject = self._word_before(index)
        if entry.form == "past":
            return closes and not self.lexicon.has("determiners", subject)
        if self.lexicon.has("prepositions", subject) or self.lexicon.has("determiners", subject):
            return False
        is_plural = (subject.endswith("s") and not subject.endswith(("ss", "us"))) or subject in ("people", "crew", "staff", "everyone", "children", "men", "women")
        agrees = is_plural if entry.form == "base" else not is_plural
        adverb_before = self.lexicon.has("adverbs", self.words[index - 1].lowercase)
        has_object = following not in ("", "that") and self._is_determiner(self.words[index + 1])
        if entry.form == "third":  # most are plural nouns as well
            return agrees and (adverb_before or has_object)
        return agrees and (closes or adverb_before or has_object or entry.verb_class is None)

    def _word_before(self, index: int) -> str:
        """The nearest earlier word that is no adverb."""
        for word in reversed(self.words[:index]):
            if not self.lexicon.has("adverbs", word.lowercase):
                return word.lowercase
        return ""

    def _is_determiner(self, word: Word) -> bool:
        return self.lexicon.has("determiners", word.lowercase) or word.text[0].isdigit() or self._begins_amount(word)

    def _begins_amount(self, word: Word) -> bool:
        """Whether `at least`, `up to`, `over` stand before a number."""
        return bool(_AMOUNT.match(self.title, word.start))

    def _breaks(self, index: int) -> bool:
        """Whether punctuation other than a comma stands before a word."""
        before = self.words[index - 1].end if index else 0
        return bool(_BREAK.search(self.title, before, self.words[index].start))

    # What the verb acts on

    def _objects(self, after: int, second: Word | None = None) -> tuple[tuple[NounPhrase, ...], int]:
        """The noun phrases from a word on, and the index of the first word behind them."""
        phrases: list[NounPhrase] = []
        current: list[str] = []
        index = after
        while index < len(self.words):
            word = self.words[index].lowercase
            if self.lexicon.has("prepositions", word) or self.lexicon.has("relatives", word):
                break
            if second is not None and index + 1 < len(self.words) and self.words[index + 1].start == second.start:
                break
            if index > after and (self._breaks(index) or (self._comma_before(index) and not self._is_list(index))):
                break
            if self.lexicon.has("conjunctions", word) or (index > after and self._comma_before(index)):
                self._close(phrases, current)
            if not self.lexicon.has("conjunctions", word):
                current.append(word.removesuffix("'s").removesuffix("’s"))
            index += 1
        self._close(phrases, current)
        return tuple(phrases), index

    def _close(self, phrases: list[NounPhrase], current: list[str]) -> None:
        words = list(current)
        current.clear()
        while len(words) > 1 and self.lexicon.has("adverbs", words[-1]):
            words.pop()
        if not words:
            return
        compound = " ".join(words[-2:])
        size = 2 if len(words) > 1 and (self.lexicon.has("metrics", compound) or self.lexicon.has("abstract", compound)) else 1
        phrases.append(NounPhrase(" ".join(words[-size:]), tuple(words[:-size])))

    def _comma_before(self, index: int) -> bool:
        return "," in self.title[self.words[index - 1].end : self.words[index].start]

    def _is_list(self, index: int) -> bool:
        """Whether a comma belongs to a list, which ends with `and` before the next preposition."""
        for word in self.words[index : index + 8]:
            if self.lexicon.has("conjunctions", word.lowercase):
                return True
            if self.lexicon.has("prepositions", word.lowercase) or self.lexicon.has("relatives", word.lowercase):
                return False
        return False

    def _generic(
        self, objects: tuple[NounPhrase, ...], end: int, verb: LeadingVerb | None, second: Word | None = None
    ) -> tuple[tuple[int, int] | None, bool]:
        """The range of a phrase that would be valid in any year, and whether all of it are metrics."""
        if verb and verb.verb_class not in ("change", "result") and not self.lexicon.has("also change", verb.lemma):
            return None, False
        if not objects or not all(self._is_generic_phrase(phrase) for phrase in objects):
            return None, False
        heads = [phrase.head for phrase in objects]
        if verb is None and any(self.lexicon.has("vague adjectives", head) for head in heads):
            return None, False
        if verb is not None and verb.verb_class == "work" and any(self.lexicon.has("concrete", head) for head in heads):
            return None, False
        if any(self.lexicon.has("people", phrase.head) for phrase in objects) and not (
            verb is not None and self.lexicon.has("quantity verbs", verb.lemma)
        ):
            return None, False
        if second is not None:
            index = next(index for index, word in enumerate(self.words) if word.start == second.start)
            more, end = self._objects(index + 1)
            if end < len(self.words) or not more or not all(self._is_generic_phrase(phrase) for phrase in more):
                return None, False
            objects += more
        elif not self._is_generic_tail(end):
            return None, False
        first = verb.start if verb else self.words[self.start].start
        return (first, self.words[end - 1].end), all(self.lexicon.has("metrics", phrase.head) for phrase in objects)

    def _is_generic_phrase(self, phrase: NounPhrase) -> bool:
        groups = ("generic", "determiners", "adverbs", "metrics", "abstract", "comparatives", "prepositions")
        if self.lexicon.has("vague adjectives", phrase.head):
            groups = (*groups, "vague adjectives", "people")
        elif not any(self.lexicon.has(group, phrase.head) for group in ("metrics", "abstract", "people")):
            return False
        return all(any(self.lexicon.has(group, word) for group in groups) for word in phrase.qualifiers)

    def _is_generic_tail(self, end: int) -> bool:
        """Whether what stands behind the object adds nothing: in all areas, of the team, this year."""
        tail = " ".join(word.lowercase for word in self.words[end:])
        if not tail or self.lexicon.has("trailing", tail):
            return True
        if re.fullmatch(r"(?:in|by|during|for) (?:q[1-4]|h[12]|20\d\d|fy\d+|(?:the )?(?:next )?(?:year|quarter))", tail):
            return True
        first, *rest = tail.split()
        return first in ("of", "in", "across", "within", "between", "for", "throughout", "among", "with", "at") and all(
            any(self.lexicon.has(group, word) for group in ("generic tail", "determiners", "conjunctions")) for word in rest
        )

    def _excuse(self, objects: tuple[NounPhrase, ...], after: int, end: int, entry: VerbEntry) -> str | None:
        """The metric or outcome that a shaping verb acts on, or a superlative in its object."""
        if entry.verb_class == "upkeep":
            return self._excuse_upkeep(objects, after)
        for index, word in enumerate(self.words[after:end], after):
            text = word.lowercase
            pair = f"{text} {self.words[index + 1].lowercase}" if index + 1 < end else text
            if self.lexicon.has("superlatives", text) or self.lexicon.has("superlatives", pair) or (_SUPERLATIVE.search(text) and text not in _NO_SUPERLATIVES):
                return text
        for index, word in enumerate(self.words[end:], end):
            if index > end and self.lexicon.has("praise", word.lowercase) and self.words[end].lowercase in ("that", "which", "who"):
                return word.lowercase
        for phrase in objects[:1] if self.lexicon.has("shaping", entry.lemma) else ():
            if self.lexicon.has("outcomes", phrase.head) or self.lexicon.has("metrics", phrase.head):
                return phrase.head
        return None

    def _excuse_upkeep(self, objects: tuple[NounPhrase, ...], after: int) -> str | None:
        """What makes a change of keeping: a promise, keeping out of something, ensuring that something becomes true."""
        words = [word.lowercase for word in self.words[after:]]
        if any(self.lexicon.has("promises", phrase.head) for phrase in objects[:1]):
            return objects[0].head
        if words[0] in ("that", "every", "each") or self._has_finite_verb(after):
            return "that"
        return next((word for word in words if word in ("out", "away", "off", "from")), None) if words else None

    def _is_work_noun(self) -> bool:
        """Whether the title begins with work as a noun: launch of the new shop."""
        following = self.words[self.start + 1 : self.start + 2]
        return (
            bool(following)
            and following[0].lowercase == "of"
            and self.lexicon.has("work nouns", self.words[self.start].lowercase)
            and not self._has_finite_verb(self.start + 1)
        )

    def _read_noun_phrase(self) -> TitleReading:
        """A title without a verb: generic if it is nothing but a general noun, such as `operational excellence`."""
        objects, end = self._objects(self.start)
        generic, is_metric = self._generic(objects, end, None)
        return TitleReading("en", objects=objects, generic=generic, is_metric=is_metric, completed=self._completed())

    def _completed(self) -> Word | None:
        """The participle of a verb of work at the end, where no finite verb makes a sentence of the title."""
        last = self.words[-1]
        entry = self.lexicon.verbs.get(last.lowercase)
        if entry is None or entry.form != "past" or entry.verb_class != "work" or len(self.words) - self.start < 2:
            return None
        others = self.words[self.start : -1]
        if any(self.lexicon.has("finite", word.lowercase) or self.lexicon.has("relatives", word.lowercase) for word in others):
            return None
        return None if self.lexicon.has("adverbs", others[-1].lowercase) else last

    # A second goal

    def _second_goal(self, after: int) -> Word | None:
        """The verb of a second goal, if both goals have an object of their own."""
        for index in range(after + 1, len(self.words) - 1):
            if self.lexicon.has("relatives", self.words[index - 1].lowercase) and self.words[index - 1].lowercase != "while":
                return None
            before = self.words[index - 1].lowercase
            joins = before in ("and", "&", "while", "plus") or self._semicolon_before(index) or self._well_as(index)
            if joins and self._begins_goal(index, after):
                return self.words[index]
            if self.words[index - 1].lowercase == "to" and index - 1 > after:
                return None
        return None

    def _well_as(self, index: int) -> bool:
        return index > 2 and [word.lowercase for word in self.words[index - 3 : index]] == ["as", "well", "as"]

    def _semicolon_before(self, index: int) -> bool:
        return ";" in self.title[self.words[index - 1].end : self.words[index].start]

    def _begins_goal(self, index: int, after: int) -> bool:
        """Whether a second verb, in the form of the first, begins a goal with an object of its own."""
        found = self._verb_at(index)
        if found is None:
            return index - 1 > after and self._is_unknown_verb(index) and self._form_of_first() == "base"
        if found[1] >= len(self.words):
            return False
        entry, behind = found
        before = self.words[index - 1].lowercase
        wanted = ("ing",) if before == "while" else (self._form_of_first(), "ing" if before == "as" else "")
        following = self.words[behind].lowercase
        if entry.form not in wanted or self.lexicon.has("back references", following):
            return False
        if self.lexicon.has("relatives", following) or self._is_noun(entry, index, behind):
            return False
        between = self.words[after : index - 1]
        return bool(between) and not self._is_coordinated(between, entry)

    def _is_unknown_verb(self, index: int) -> bool:
        """Whether a word that no list has stands before an article, as verbs do: and tame the backlog."""
        word, following = self.words[index], self.words[index + 1 : index + 2]
        known = any(word.lowercase in group for group in self.lexicon.groups.values())
        articles = ("the", "our", "a", "an", "its", "their", "every", "all")
        return bool(following) and following[0].lowercase in articles and not known and word.text[0].islower() and word.lowercase.isalpha()

    def _form_of_first(self) -> str:
        entry = self.lexicon.verbs.get(self.words[self.start].lowercase)
        return entry.form if entry else "base"

    def _is_coordinated(self, between: list[Word], entry: VerbEntry) -> bool:
        """Whether the word before `and` is a verb with the same object: plan and run, compare and choose."""
        last = self.lexicon.verbs.get(between[-1].lowercase)
        if last is None or last.form != entry.form or self.lexicon.has("also noun", last.lemma):
            return last is not None and last.form == entry.form and len(between) == 1
        if last.verb_class is None and not self.lexicon.has("causative", self.words[self.start].lowercase):
            return False
        return not (len(between) > 1 and self._is_determiner(between[-2]))
