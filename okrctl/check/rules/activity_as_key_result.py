"""Finds key results with a number that begin with work: help, assist, consult, analyze, participate, launch, create,
build.

A hundred calls can be made without one customer more. A key result says what has changed for somebody; work that can
be counted is an initiative with `count:`. Whether work may be a key result is disputed (Adler counts calls, Turner
and Gringer want outcomes), and for work with an end `done:` and `milestones:` are fine.

Bad:

    period: 2026-Q2
    objectives:
      - id: prospects
        title: No good prospect is left waiting
        owner: noor
        key_results:
          - {id: help, title: Help sales to tell good prospects from bad ones, to: 100}
          - {id: offers, title: Leads that turn into an offer, from: 20%, to: 40%}

Good:

    period: 2026-Q2
    objectives:
      - id: prospects
        title: No good prospect is left waiting
        owner: noor
        key_results:
          - {id: desk, title: Help desk calls by prospects, from: 80, to: 20}
          - {id: offers, title: Leads that turn into an offer, from: 20%, to: 40%}
        initiatives:
          - {title: Help sales to tell good prospects from bad ones, moves: offers}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.subjects import is_active
from okrctl.text import words
from okrctl.workspace import KeyResult

CODE = "OKR305"
NAME = "activity-as-key-result"
SEVERITY = "info"
LOOKS_AT = "key_result"
ACTIVITY_VERBS = frozenset(
    """help assist consult analyze analyse participate create implement develop organize organise conduct attend publish
    migrate write prepare identify investigate explore evaluate introduce deploy collect""".split()
)
AMBIGUOUS_VERBS = frozenset("support launch build design research test release document review host plan run".split())
VERBS = ACTIVITY_VERBS | AMBIGUOUS_VERBS


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """The verb of work that the title begins with."""
    if (
        not is_active(key_result)
        or not words.is_supported_language(context.config.language)
        or not key_result.measure.is_numeric
    ):
        return
    verb = words.leading_verb(key_result.model.title or "", VERBS, AMBIGUOUS_VERBS)
    if verb:
        message = f"'{verb.lowercase}' is work: is this an initiative?"
        help = "say what changes for whom, and list the work under `initiatives:` with a `count:`"
        yield Finding((*key_result.route, "title"), message, help, text_range=(verb.start, verb.end))
