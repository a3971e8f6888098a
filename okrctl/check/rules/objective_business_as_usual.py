"""Finds objectives that keep things as they are: maintain, keep, ensure, continue, sustain, support.

What should stay as it is needs monitoring, not an objective: use a KPI with `watch:`, or a guardrail beside a key
result. An objective states what will change. "Ensure that every order leaves the same day" states a change, so it is
not reported.

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
          - {id: repeated, title: Calls with a known cause, from: 50%, to: 10%}
          - {id: availability, title: Minutes in which the shop sells, at_least: 99.9%, guards: all}
"""

from __future__ import annotations

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject


def judge(subject: TitleSubject) -> TitleFault | None:
    """The verb that the title is built on, if it keeps things as they are."""
    verb = subject.reading.verb
    if verb is None or verb.verb_class != "upkeep" or subject.reading.excuse:
        return None
    message = f"'{subject.title[verb.start : verb.end].lower()}' describes what should stay as it is"
    help = "track it as a KPI or a guardrail, or state what will change"
    return TitleFault(message, help, verb.start, verb.end)


RULE = Rule(
    code="OKR207",
    name="objective-business-as-usual",
    severity="info",
    profiles={"google": "warning"},
    judge_title=judge,
    check_objective=wording.objective_check(judge),
)
