"""Finds objectives that begin with maintain, keep, continue or sustain.

What should stay as it is needs monitoring, not an objective: use a KPI with `watch:`, or a guardrail beside a key
result. An objective states what will change.

Bad:

    period: 2026-Q2
    objectives:
      - id: uptime
        title: Maintain the high availability of the shop
        owner: emil
        key_results:
          - {id: availability, title: Minutes in which the shop sells, at_least: 99.9%}
          - {id: pages, title: Calls at night, from: 12, to: 4}

Good:

    period: 2026-Q2
    objectives:
      - id: uptime
        title: Nobody is woken at night by the shop
        owner: emil
        key_results:
          - {id: pages, title: Calls at night, from: 12, to: 4}
          - {id: repeated, title: Calls for a cause known before, from: 50%, to: 10%}
          - {id: availability, title: Minutes in which the shop sells, at_least: 99.9%, guards: all}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.text import words
from okrctl.workspace import Objective

VERBS = frozenset("maintain maintaining keep keeping continue continuing sustain sustaining".split())
PROMISES = frozenset("promise promises word".split())


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The verb at the beginning of the title, if it keeps things as they are."""
    title = context.checked_title(objective)
    verb = words.leading_verb(title, VERBS)
    if verb and PROMISES.isdisjoint(word.lowercase for word in words.split_words(title)[:5]):
        message = f"'{verb.lowercase}' describes what should stay as it is"
        help = "track it as a KPI or a guardrail, or state what will change"
        yield Finding((*objective.route, "title"), message, help, text_range=(verb.start, verb.end))


RULE = Rule(
    code="OKR207",
    name="objective-business-as-usual",
    severity="info",
    profiles={"google": "warning"},
    check_objective=check,
)
