"""Finds objectives that only ask to improve something abstract: improve communication, better collaboration.

Everybody understands something different by "communication", and at the end of the period nobody can tell whether it is
better.

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

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject


def judge(subject: TitleSubject) -> TitleFault | None:
    """A title that only asks for more of something abstract."""
    place = subject.reading.generic
    if place is None or subject.reading.is_metric:
        return None
    message = f"'{subject.title[slice(*place)]}' does not state what will be different"
    return TitleFault(message, "state who will notice, and what", *place)


RULE = Rule(
    code="OKR205",
    name="objective-vague",
    severity="info",
    judge_title=judge,
    check_objective=wording.objective_check(judge),
)
