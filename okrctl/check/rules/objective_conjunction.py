"""Finds objectives that combine two goals: improve this and grow that.

One score for two goals says little about either. Two objectives, or one that states what both are for, are easier to
manage.

Bad:

    period: 2026-Q2
    objectives:
      - id: both
        title: Simplify the sign-up for newcomers and strengthen the ties with dealers
        owner: mira
        key_results:
          - {id: bookings, title: First bookings without help, from: 52%, to: 76%}
          - {id: dealers, title: Dealers who recommend us, from: 20, to: 60}

Good:

    period: 2026-Q2
    objectives:
      - id: newcomers
        title: Newcomers sign up and book within one evening
        owner: mira
        key_results:
          - {id: bookings, title: First bookings without help, from: 52%, to: 76%}
          - {id: questions, title: Newcomers who call, from: 30%, to: 10%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.text import words
from okrctl.workspace import Objective

VERBS = frozenset(
    """improve grow reduce expand become achieve enable deliver create develop establish ensure attract retain
    strengthen simplify automate streamline raise enhance accelerate modernize modernise eliminate win make increase
    decrease hire scale build define implement launch maximize maximise minimize minimise optimize optimise transform
    foster empower educate recruit generate cut extend lower upgrade stabilize stabilise""".split()
)
CONJUNCTIONS = ("and", "&")
# Behind one of these the second verb belongs to the first goal: tools that let teams plan and deliver.
SUBORDINATORS = frozenset("to that who which so where how what while when because of whose".split())
BACK_REFERENCES = frozenset("it them this these those together".split())


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The second verb of a title that begins with another."""
    title = context.checked_title(objective)
    second = _second_verb(words.skip_adverbs(words.split_words(title))) if words.starts_with_any(title, VERBS) else None
    if second:
        message = f"two goals in one: another begins with '{second.lowercase}'"
        help = "make two objectives of it, or say what both are good for"
        yield Finding((*objective.route, "title"), message, help, text_range=(second.start, second.end))


def _second_verb(found: list[words.Word]) -> words.Word | None:
    """The verb of the second goal, where both have an object of their own."""
    for place in range(3, len(found) - 1):
        if found[place - 1].lowercase not in CONJUNCTIONS or found[place].lowercase not in VERBS:
            continue
        between = [word.lowercase for word in found[1 : place - 1]]
        rest = [word.lowercase for word in found[place + 1 :]]
        if (
            between[-1] in VERBS
            or not SUBORDINATORS.isdisjoint(between)
            or rest[0] in BACK_REFERENCES
            or rest[0] in SUBORDINATORS
        ):
            continue
        return found[place]
    return None


RULE = Rule(code="OKR206", name="objective-conjunction", severity="info", check_objective=check)
