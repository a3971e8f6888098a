"""Finds objectives with a number in their title: digits, percent, money, "double", "half".

An objective states what should become true; its key results measure how far it has come. A number in the objective
makes one figure the whole goal (Alberti: an objective is qualitative and not measurable in itself). Other authors
put numbers there, and the profile `databox` allows them. Numbers that are part of a name, such as Q2, 2026, ISO
27001 or 24/7, are not reported.

To fix it, state in the title what the number is for, and turn the number into a key result.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: 25,000 customers trace their products
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers trace their products back to ISO 14001 suppliers
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject
from okrctl.text import numbers


def judge(subject: TitleSubject) -> TitleFault | None:
    """The first number of the title."""
    for start, end in numbers.find_amounts(subject.title, subject.language)[:1]:
        help = "state in words what should become true, and turn the number into a key result"
        return TitleFault(f"the title has a number, '{subject.title[start:end]}'", help, start, end)
    return None


RULE = Rule(
    code="OKR201",
    name="objective-has-number",
    severity="warning",
    profiles={"academy": "error", "databox": "ignore"},
    judge_title=judge,
    check_objective=wording.objective_check(judge),
)
