"""Finds graded key results that only say "faster", "better" or "improve".

A grade is a person's judgement and needs a standard. "Noticeably better" gives none.

To fix it, find the number behind the word, or describe each grade under `graded:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: pages, title: Significantly better product pages, graded: true}
          - {id: codes, title: Tracking codes requested, to: 25000}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: pages
            title: Better product pages
            graded: {0.3: The farm is named, 0.7: with a map, 1: with a picture of the people}
          - {id: codes, title: Tracking codes requested, to: 25000}
"""

from __future__ import annotations

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject
from okrctl.text.numbers import find_amounts
from okrctl.text.vague import find_change, find_vague_word


def judge(subject: TitleSubject) -> TitleFault | None:
    """The first vague word of a graded key result, or a verb that only says that something improves."""
    if not subject.is_graded:
        return None
    place = find_vague_word(subject.title, subject.language)
    verb = subject.reading.verb
    if place is None and verb and verb.verb_class == "change" and not find_amounts(subject.title, subject.language):
        place = verb.start, verb.end
    if place is None and (verb is None or verb.verb_class == "upkeep") and not subject.reading.noun:
        place = find_change(subject.title, subject.language)
    if place is None:
        return None
    help = "find the number behind it, or describe each grade under `graded:`"
    return TitleFault(f"'{subject.title[slice(*place)]}' gives no standard for a grade", help, *place)


RULE = Rule(
    code="OKR306",
    name="vague-key-result",
    severity="warning",
    judge_title=judge,
    check_key_result=wording.key_result_check(judge, lambda node: node.measure.records == "grades"),
)
