"""Finds objectives that are work: launch, build, implement, migrate, ship, write, hire.

Work can be finished without improving anything. An objective states what will be true when the work has paid off;
the work itself is an initiative, or at most a key result (Turner: from output to outcome). Building trust, a team or
a habit is not reported, nor is a superlative ("the most loved platform").

To fix it, ask what the work is for, make that the objective, and list the work under `initiatives:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: app
        title: Launch the new app
        owner: mira
        key_results:
          - {id: bookings, title: Repairs that customers book in the app, from: 52%, to: 76%}
          - {id: errors, title: Bookings that end with an error, from: 6%, to: 4%}

Good:

    period: 2026-Q2
    objectives:
      - id: app
        title: Customers solve a bike problem without calling
        owner: mira
        key_results:
          - {id: bookings, title: Repairs that customers book in the app, from: 52%, to: 76%}
          - {id: errors, title: Bookings that end with an error, from: 6%, to: 4%}
        initiatives:
          - {title: Launch the new app, moves: bookings}
"""

from __future__ import annotations

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject
from okrctl.text.title import Word


def judge(subject: TitleSubject) -> TitleFault | None:
    """The verb that the title is built on, or the participle at its end, if it describes work."""
    reading = subject.reading
    place = reading.completed
    if reading.verb and reading.verb.verb_class == "work" and not reading.excuse and not reading.generic:
        place = Word(subject.title[reading.verb.start : reading.verb.end], reading.verb.start, reading.verb.end)
    if place is None:
        return None
    message = f"'{place.lowercase}' describes work; an objective states what the work is for"
    help = "make the outcome the objective, and list the work under `initiatives:`"
    return TitleFault(message, help, place.start, place.end)


RULE = Rule(
    code="OKR204",
    name="objective-is-activity",
    severity="info",
    profiles={"google": "warning"},
    judge_title=judge,
    check_objective=wording.objective_check(judge),
)
