"""Finds objectives that only say they improve an abstract noun: improve communication, better collaboration.

At the end, nobody can tell whether "processes" are better, and at the start everybody thought of different ones.

To fix it, state who will notice the improvement, and what they will notice.

Bad:

    period: 2026-Q2
    objectives:
      - id: communication
        title: Improve internal communication
        owner: coo
        key_results:
          - {id: known, title: Colleagues who can name the goals, from: 20%, to: 80%}
          - {id: questions, title: Questions answered in public, from: 5, to: 60}

Good:

    period: 2026-Q2
    objectives:
      - id: communication
        title: Everybody knows what the other teams are after
        owner: coo
        key_results:
          - {id: known, title: Colleagues who can name the goals, from: 20%, to: 80%}
          - {id: questions, title: Questions answered in public, from: 5, to: 60}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.text import words
from okrctl.workspace import Objective

VERBS = r"improv(?:e|ing)|enhanc(?:e|ing)|better|optimi[sz](?:e|ing)"
NOUNS = (
    r"communication|collaboration|co-?operation|process(?:es)?|workflows?|efficiency|effectiveness|productivity|culture|"
    r"experience|performance|alignment|transparency|teamwork|usability|stability|scalability|reliability|happiness|"
    r"morale|innovation|operations|infrastructure|synerg(?:y|ies)|visibility|agility|capabilities|excellence|mindset"
)


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """A title that only asks to improve something abstract."""
    title = context.checked_title(objective)
    place = words.find_generic_phrase(title, VERBS, NOUNS, 1)
    if place:
        message = f"'{title[slice(*place)]}' does not state what will be different"
        yield Finding((*objective.route, "title"), message, "state who will notice, and what", text_range=place)


RULE = Rule(code="OKR205", name="objective-vague", severity="info", check_objective=check)
