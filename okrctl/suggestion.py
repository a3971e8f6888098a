"""Guesses what somebody meant by a word that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SYNONYMS = {
    "target": "to", "goal": "to", "end": "to", "baseline": "from", "start": "from", "initial": "from", "current": "readings",
    "actual": "readings", "actuals": "readings", "progress": "readings", "log": "readings", "values": "readings",
    "value": "readings", "checkins": "readings", "check_ins": "readings", "history": "readings", "measurements": "readings",
    "name": "title", "objective": "title", "summary": "title", "label": "title", "quarter": "period", "cycle": "period",
    "timeframe": "period", "krs": "key_results", "keyresults": "key_results", "keyResults": "key_results",
    "key-results": "key_results", "results": "key_results", "okrs": "objectives", "goals": "objectives",
    "metrics": "kpis", "metric": "kpi", "min": "at_least", "minimum": "at_least", "max": "at_most", "maximum": "at_most",
    "range": "between", "band": "between", "deadline": "due", "due_date": "due", "status": "state", "responsible": "owner",
    "assignee": "owner", "lead": "owner", "dri": "owner", "type": "ambition", "kind": "ambition", "notes": "description",
    "comment": "description", "comments": "description", "reasoning": "why", "rationale": "why", "depends_on": "parent",
    "supports": "parent", "aligns_to": "parent", "aligned_to": "parent", "steps": "milestones", "tasks": "initiatives",
    "projects": "initiatives", "actions": "initiatives", "url": "links", "link": "links", "tag": "tags", "labels": "tags",
    "grade": "graded", "confidence": "readings", "guardrail": "guards", "frequency": "cadence", "direction": "better",
    "threshold": "watch", "alarm": "watch", "alert": "watch", "org": "organisation", "organization": "organisation",
    "company": "organisation", "members": "people", "users": "people", "fiscalyear": "fiscal_year",
    "group": "team", "department": "team", "squad": "team", "formula_text": "formula", "expression": "formula",
}  # fmt: skip
NO_TYPE = (
    "there is no type: the measure follows from its keys (`to`, `change`, `at_least`, `done`, `milestones`, `graded`)"
)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one known word that looks most like this one, or None."""
    choices = list(known)
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    if word.casefold() in folded and folded[word.casefold()] != word:
        return folded[word.casefold()]
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7) if len(word) <= 80 else []
    return folded[found[0]] if found else None


def key(word: str, known: Iterable[str]) -> str | None:
    """The known key that is meant: a usual synonym, else the one that looks alike."""
    choices = list(known)
    plain = word.lower().replace("-", "_").replace(" ", "_")
    if plain in choices and plain != word:
        return plain
    looks = closest(word, choices)
    synonym = SYNONYMS.get(word) or SYNONYMS.get(plain)
    return synonym if synonym in choices else looks


def meant(word: str | None) -> str:
    """The question to put behind a message."""
    return f", did you mean '{word}'?" if word else ""
