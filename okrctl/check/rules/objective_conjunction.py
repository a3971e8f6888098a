"""Finds objectives that combine two goals: improve this and grow that, improve this while growing that.

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

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject


def judge(subject: TitleSubject) -> TitleFault | None:
    """The first word of a second goal."""
    second = subject.reading.second_goal
    if second is None:
        return None
    message = f"the title combines two goals; the second begins with '{second.text}'"
    return TitleFault(message, "split it into two objectives, or state what both are for", second.start, second.end)


RULE = Rule(
    code="OKR206",
    name="objective-conjunction",
    severity="info",
    judge_title=judge,
    check_objective=wording.objective_check(judge),
)
