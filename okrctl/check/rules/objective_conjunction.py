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
# After one of these, the second verb belongs to the first goal: tools that let teams plan and deliver.
SUBORDINATORS = frozenset("to that who which so where how what while when because of whose".split())
BACK_REFERENCES = frozenset("it them this these those together".split())


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The second verb of a title that begins with a verb."""
    title = context.checked_title(objective)
    second = _second_verb(words.skip_adverbs(words.split_words(title))) if words.starts_with_any(title, VERBS) else None
    if second:
        message = f"the title combines two goals; the second begins with '{second.lowercase}'"
        help = "split it into two objectives, or state what both are for"
        yield Finding((*objective.route, "title"), message, help, text_range=(second.start, second.end))


def _second_verb(title_words: list[words.Word]) -> words.Word | None:
    """The verb of the second goal, if both goals have an object of their own."""
    for index in range(3, len(title_words) - 1):
        if title_words[index - 1].lowercase not in CONJUNCTIONS or title_words[index].lowercase not in VERBS:
            continue
        between = [word.lowercase for word in title_words[1 : index - 1]]
        rest = [word.lowercase for word in title_words[index + 1 :]]
        if (
            between[-1] in VERBS
            or not SUBORDINATORS.isdisjoint(between)
            or rest[0] in BACK_REFERENCES
            or rest[0] in SUBORDINATORS
        ):
            continue
        return title_words[index]
    return None


RULE = Rule(code="OKR206", name="objective-conjunction", severity="info", check_objective=check)
