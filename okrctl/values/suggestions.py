"""Guesses what somebody meant by a word that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from difflib import get_close_matches

MAX_COMPARED = 300  # known words beyond which a word is not compared with each of them
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
    "there is no type: the measure follows from its keys (`to`, `change`, `at_least`, `done`, `milestones`, `graded`)"
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
    """The one known word that looks most like this one, or None; among very many only one slip away."""
    if isinstance(known, Set | Mapping) and len(known) > MAX_COMPARED:
        return find_typo(word, known)
    choices = list(known)
    if len(choices) > MAX_COMPARED:
        return find_typo(word, choices)
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    if word.casefold() in folded and folded[word.casefold()] != word:
        return folded[word.casefold()]
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7) if len(word) <= MAX_WORD_LENGTH else []
    return folded[found[0]] if found else find_typo(word, choices)


def find_typo(word: str, known: Iterable[str]) -> str | None:
    """The only known word that one slip of the finger leads to `word` from: safe enough to put in its place unasked.

    A slip adds, drops or changes one letter or swaps two; another digit is no slip but another thing.
    """
    choices = known if isinstance(known, Set | Mapping) else set(known)
    near = choices if len(choices) <= MAX_COMPARED else {one for one in _words_one_edit_away(word) if one in choices}
    found = [choice for choice in near if choice != word and _is_one_edit_apart(choice, word)]
    return found[0] if len(found) == 1 else None


def _words_one_edit_away(word: str) -> set[str]:
    """Every word that may be one slip away, which among many words is quicker than to compare with each."""
    if len(word) > MAX_WORD_LENGTH:
        return set()
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    less = {left + right[1:] for left, right in parts} | {left + right[1::-1] + right[2:] for left, right in parts}
    return less | {left + sign + right[skip:] for left, right in parts for sign in _ALPHABET for skip in (0, 1)}


def _is_one_edit_apart(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    same = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(one), len(other)) if same is None else same
    left, right = one[start:], other[start:]
    swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
    if swapped or left[1:] == right[1:]:
        touched = left[:1] + right[:1]
    else:
        touched = left[:1] if left[1:] == right else right[:1] if left == right[1:] else "0"
    return not any(sign.isdigit() for sign in touched)


def find_key(word: str, known: Iterable[str]) -> str | None:
    """The known key that is meant: a usual synonym, else the one that looks alike."""
    choices = list(known)
    plain = word.lower().replace("-", "_").replace(" ", "_")
    if plain in choices and plain != word:
        return plain
    looks = find_closest(word, choices)
    synonym = SYNONYMS.get(word) or SYNONYMS.get(plain)
    return synonym if synonym in choices else looks


def did_you_mean(word: str | None) -> str:
    """The question to put behind a message."""
    return f", did you mean '{word}'?" if word else ""
