"""Finds numeric key results whose title begins with work: help, assist, consult, analyze, participate, launch,
create, build.

A team can make a hundred calls without winning one more customer. A key result states what changes for somebody;
work that can be counted is an initiative with `count:`. Sources disagree on whether work may be a key result (Adler
counts calls, Turner and Gringer want outcomes). For work that ends, `done:` and `milestones:` are fine.

To fix it, state what changes for whom, and list the work under `initiatives:`.

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
from okrctl.check.rule import Rule
from okrctl.text import words
from okrctl.workspace import KeyResult

ACTIVITY_VERBS = frozenset(
    """help assist consult analyze analyse participate create implement develop organize organise conduct attend publish
    migrate write prepare identify investigate explore evaluate introduce deploy collect""".split()
)
AMBIGUOUS_VERBS = frozenset("support launch build design research test release document review host plan run".split())
VERBS = ACTIVITY_VERBS | AMBIGUOUS_VERBS


def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
    """The verb at the beginning of the title, if it describes work."""
    if not key_result.is_active or not context.knows_language or not key_result.measure.is_numeric:
        return
    verb = words.leading_verb(key_result.model.title or "", VERBS, AMBIGUOUS_VERBS)
    if verb:
        message = f"'{verb.lowercase}' describes work; should this be an initiative?"
        help = "state what changes for whom, and list the work under `initiatives:` with a `count:`"
        yield Finding((*key_result.route, "title"), message, help, text_range=(verb.start, verb.end))


RULE = Rule(
    code="OKR305",
    name="activity-as-key-result",
    severity="info",
    profiles={"databox": "ignore", "google": "warning"},
    check_key_result=check,
)
