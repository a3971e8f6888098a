"""Suggests a known word for an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from difflib import get_close_matches

MAX_COMPARED = 300  # a word is not compared with each of more known words than this
MAX_WORD_LENGTH = 80
_ALPHABET = "abcdefghijklmnopqrstuvwxyz-_/."

_SYNONYMS_BY_KEY = {
    "to": "target goal end",
    "from": "baseline start initial",
    "readings": "current actual actuals progress log values value checkins check_ins history measurements confidence",
    "title": "name objective summary label",
    "period": "quarter cycle timeframe",
    "key_results": "krs keyresults keyResults key-results results",
    "objectives": "okrs goals",
    "kpis": "metrics",
    "kpi": "metric",
    "at_least": "min minimum",
    "at_most": "max maximum",
    "between": "range band",
    "due": "deadline due_date",
    "state": "status",
    "owner": "responsible assignee lead dri",
    "ambition": "type kind",
    "description": "notes comment comments",
    "why": "reasoning rationale",
    "parent": "depends_on supports aligns_to aligned_to",
    "milestones": "steps",
    "initiatives": "tasks projects actions",
    "links": "url link",
    "tags": "tag labels",
    "graded": "grade",
    "guards": "guardrail",
    "cadence": "frequency",
    "better": "direction",
    "watch": "threshold alarm alert",
    "organisation": "org organization company",
    "people": "members users",
    "fiscal_year": "fiscalyear",
    "team": "group department squad",
    "formula": "formula_text expression",
}
SYNONYMS = {word: key for key, words in _SYNONYMS_BY_KEY.items() for word in words.split()}
NO_TYPE_HINT = (
    "key results have no type; the measure follows from the keys "
    "(`to`, `change`, `at_least`, `done`, `milestones`, `graded`)"
)

EXAMPLES = {
    "readings": "write `readings: {2026-04-13: 1200}`, a value for each date",
    "plan": "write `plan: {2026-05-15: 600}`, a value for each date",
    "score": "write `score: {value: 0.7, by: lea, reason: why it differs}`",
    "hypothesis": "write `hypothesis: {kpi: customer-satisfaction, expect: up}`",
    "amended": "write `amended: [{date: 2026-05-04, by: lea, reason: why, was: {to: 60}}]`",
    "rollup": "write `rollup: {sum: [one, two]}`",
    "watch": "write `watch: {below: 70}`",
    "between": "write `between: [48, 52]`",
    "milestones": "write `milestones: [{title: First step, done: false}]`",
    "weight": "write the number alone, such as 2",
    "teams": "write `teams: {trust: {name: Trust & Safety}}`",
    "fiscal_year": "write `fiscal_year: {starts: february}`",
    "owner": "one person or role; `contributors:` lists more",
}
TEXT_KEYS = ("owner",)
NESTED_KEYS = frozenset(EXAMPLES) - {"owner", "weight"}


def find_closest(word: str, known: Iterable[str]) -> str | None:
    """The most similar known word, or None. Among very many words, only a word that is one edit away."""
    if isinstance(known, Set | Mapping) and len(known) > MAX_COMPARED:
        return find_typo(word, known)
    choices = list(known)
    if len(choices) > MAX_COMPARED:
        return find_typo(word, choices)
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    if word.casefold() in folded and folded[word.casefold()] != word:
        return folded[word.casefold()]
    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7) if len(word) <= MAX_WORD_LENGTH else []
    return folded[matches[0]] if matches else find_typo(word, choices)


def find_typo(word: str, known: Iterable[str]) -> str | None:
    """The known word of which `word` is a typo, if there is exactly one; safe enough for an automatic fix.

    A typo adds, drops or changes one letter or swaps two. Words that differ in a digit are different words.
    """
    choices = known if isinstance(known, Set | Mapping) else set(known)
    near = choices if len(choices) <= MAX_COMPARED else {near for near in _words_one_edit_away(word) if near in choices}
    matches = [choice for choice in near if choice != word and _is_one_edit_apart(choice, word)]
    return matches[0] if len(matches) == 1 else None


def _words_one_edit_away(word: str) -> set[str]:
    """Every word that is one edit away; with many known words this is faster than to compare with each."""
    if len(word) > MAX_WORD_LENGTH:
        return set()
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    less = {left + right[1:] for left, right in parts} | {left + right[1::-1] + right[2:] for left, right in parts}
    return less | {left + sign + right[skip:] for left, right in parts for sign in _ALPHABET for skip in (0, 1)}


def _is_one_edit_apart(first: str, second: str) -> bool:
    if abs(len(first) - len(second)) > 1 or min(len(first), len(second)) < 3:
        return False
    shared = next((index for index, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(first), len(second)) if shared is None else shared
    edited = _edited_letters(first[start:], second[start:])
    return edited is not None and not any(letter.isdigit() for letter in edited)


def _edited_letters(left: str, right: str) -> str | None:
    """The letters that one edit touches at the start of two different texts, None if they differ in more."""
    is_swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
    if is_swapped or left[1:] == right[1:]:
        return left[:1] + right[:1]
    if left[1:] == right:
        return left[:1]
    return right[:1] if left == right[1:] else None


def find_key(word: str, known: Iterable[str]) -> str | None:
    """The known key for a word: a common synonym, else the most similar key."""
    choices = list(known)
    plain = word.lower().replace("-", "_").replace(" ", "_")
    if plain in choices and plain != word:
        return plain
    similar = find_closest(word, choices)
    synonym = SYNONYMS.get(word) or SYNONYMS.get(plain)
    return synonym if synonym in choices else similar


def did_you_mean(word: str | None) -> str:
    """The question to append to a message, empty without a suggestion."""
    return f", did you mean '{word}'?" if word else ""
