"""Finds objectives that would be valid in any year: more sales, revenue, traffic, satisfaction, awareness or
quality.

"Increase customer satisfaction" tells nobody what to do this quarter or when it is done. A value that should always
go up is a KPI (Alberti). An objective names the one change that could move it now.

To fix it, declare the value as a KPI, find what would move it, make that the objective, and link both with
`hypothesis:`.

Bad:

    period: 2026-Q2
    objectives:
      - id: happy
        title: Improve customer satisfaction
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        hypothesis: {kpi: satisfaction, expect: up}
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
    # FILE: kpis/company.yaml
    kpis:
      - {id: satisfaction, title: Customer satisfaction, owner: coo, better: higher, unit: "%"}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.text import words
from okrctl.workspace import Objective

VERBS = rf"{words.IMPROVING_VERBS}|driv(?:e|ing)"
NOUNS = (
    r"sales|revenues?|turnover|income|profits?|profitability|margins?|traffic|satisfaction|awareness|quality|"
    r"market share|engagement|retention|loyalty|sign-?ups|conversions?|conversion rates?|leads|visitors|mrr|arr|nps|"
    r"csat|customer base"
)


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """A title that only asks for more of a general value."""
    title = context.checked_title(objective)
    place = words.find_generic_phrase(title, VERBS, NOUNS)
    if place:
        help = "declare it as a KPI, and make what would move it now the objective"
        message = f"'{title[slice(*place)]}' would be valid in any year"
        yield Finding((*objective.route, "title"), message, help, text_range=place)


RULE = Rule(
    code="OKR202",
    name="objective-evergreen",
    severity="warning",
    profiles={"academy": "error", "databox": "info"},
    check_objective=check,
)
