"""Finds numeric key results whose title begins with a verb for work: help, assist, consult, analyze, participate,
launch, create, build.

A team can make a hundred calls without winning one more customer. A key result states what changes for somebody;
work that can be counted is an initiative with `count:`. Sources disagree on whether work may be a key result: some
count calls, others want outcomes (Turner). For work that ends, `done:` and `milestones:` are fine.

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

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject
from okrctl.text.lexicon import load_lexicon


def judge(subject: TitleSubject) -> TitleFault | None:
    """The verb that the title is built on, if it describes work that is counted."""
    lexicon = load_lexicon(subject.language)
    if not (subject.is_numeric and subject.is_count) or not (
        subject.language == "de" or lexicon.may_begin_with_verb(subject.title)
    ):
        return None
    verb = subject.reading.verb
    if verb is None or subject.reading.excuse:
        return None
    if verb.verb_class != "work" and not lexicon.has(verb.lemma, "counted"):
        return None
    message = f"'{subject.title[verb.start : verb.end].lower()}' describes work; should this be an initiative?"
    help = "state what changes for whom, and list the work under `initiatives:` with a `count:`"
    return TitleFault(message, help, verb.start, verb.end)


RULE = Rule(
    code="OKR305",
    name="activity-as-key-result",
    severity="info",
    profiles={"databox": "ignore", "google": "warning"},
    judge_title=judge,
    check_key_result=wording.key_result_check(judge, lambda node: node.measure.is_numeric),
)
