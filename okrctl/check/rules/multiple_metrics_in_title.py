"""Finds key results whose title promises two numbers.

A key result measures one number. If the title promises 500 users and 20 % conversion, the second promise is never
measured.

To fix it, split it into two key results.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Reach 25000 users and 40% of all orders, to: 25000, unit: users}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Users who ask for a code within 30 days, to: 25000, unit: users}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject
from okrctl.text.numbers import has_digit
from okrctl.text.promises import find_second_promise


def judge(subject: TitleSubject) -> TitleFault | None:
    """The second number of a title, if it promises something other than the first."""
    second = None if subject.has_steps else find_second_promise(subject.title, subject.language)
    if second is None:
        return None
    place = second.start, second.end
    message = f"the title promises a second number, '{subject.title[slice(*place)]}'"
    return TitleFault(message, "split it into two key results", *place)


RULE = Rule(
    code="OKR310",
    name="multiple-metrics-in-title",
    severity="info",
    judge_title=judge,
    check_key_result=wording.key_result_check(judge, lambda node: has_digit(node.model.title)),
)
