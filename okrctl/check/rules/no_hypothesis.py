"""Finds objectives that have neither `why` nor `hypothesis`.

An objective is a bet: if this is achieved, that value will follow. If the bet is written down, it can be reviewed
when the period is over, and people know what the work is for (Montagu: give teams a sense of purpose).

To fix it, add `why:` with one sentence, or `hypothesis: {kpi: ..., expect: up}`.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        why: Whoever can see where a purchase comes from is more content with it
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.workspace import Objective


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """An active objective without `why` and `hypothesis`."""
    if objective.is_active and not objective.model.why and not objective.model.hypothesis:
        help = "add `why:`, or `hypothesis: {kpi: ..., expect: up}`"
        yield Finding((*objective.route, "title"), "the objective has neither `why` nor `hypothesis`", help)


RULE = Rule(code="OKR211", name="no-hypothesis", severity="ignore", profiles={"academy": "info"}, check_objective=check)
