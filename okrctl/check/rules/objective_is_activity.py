"""Finds objectives that begin with work: launch, build, implement, migrate, ship, write, hire.

Work can be finished without improving anything. An objective states what will be true when the work has paid off;
the work itself is an initiative, or at most a key result (Turner: from output to outcome). Building trust, a team or
a habit is not reported.

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

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.text import words
from okrctl.workspace import Objective

VERBS = frozenset(
    """launch launching build implement implementing migrate migrating ship write rewrite hire deploy deploying release
    redesign refactor publish""".split()
)
# Shipping often, hiring well and building trust are not projects.
OUTCOMES = frozenset(
    """trust confidence reputation culture relationship relationships community communities momentum credibility
    resilience company brand team teams organization organisation foundation foundations loyalty partnership
    partnerships bridges habit habits skills capability capabilities muscle pipeline business faster better with
    often daily weekly more love fans audience respect world-class movement network""".split()
)


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The verb at the beginning of the title, if it describes work."""
    title = context.checked_title(objective)
    verb = words.leading_verb(title, VERBS)
    if verb is None or _is_outcome(title, verb):
        return
    message = f"'{verb.lowercase}' describes work; an objective states what it is for"
    help = "make the outcome the objective, and list the work under `initiatives:`"
    yield Finding((*objective.route, "title"), message, help, text_range=(verb.start, verb.end))


def _is_outcome(title: str, verb: words.Word) -> bool:
    following = [word.lowercase for word in words.split_words(title) if word.start >= verb.end]
    return not OUTCOMES.isdisjoint(following[:8]) or (verb.lowercase == "build" and following[:1] == ["for"])


RULE = Rule(
    code="OKR204", name="objective-is-activity", severity="info", profiles={"google": "warning"}, check_objective=check
)
