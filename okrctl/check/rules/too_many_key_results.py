"""Finds objectives with more key results than the limit.

Each key result needs a reading, a comment and a decision every other week; no team does that for nine. The limit is
five, and four with the profile `google`; `limits:` in okrctl.yaml changes it. Guardrails, drafts and inactive key
results do not count.

To fix it, keep those that would convince you that the objective is reached, and watch the rest as KPIs or guardrails.

Bad:

    # FILE: okrctl.yaml
    limits: {key_results: 1}
    # FILE: okrs/2026-Q2/company.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    # FILE: okrctl.yaml
    limits: {key_results: 1}
    # FILE: okrs/2026-Q2/company.yaml
    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Tracking codes requested, to: 25000}
          - {id: complaints, title: Complaints about wrong origins, at_most: 4, guards: codes}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values.nouns import count_noun
from okrctl.workspace import Objective


def check(objective: Objective, context: Context) -> Iterator[Finding]:
    """The first key result over the limit."""
    limit, key_results = context.config.limit("key_results"), objective.scored_key_results()
    if objective.is_active and len(key_results) > limit:
        message = f"the objective has {count_noun(len(key_results), 'key result')}, more than {limit}"
        help = (
            "keep those that would convince you that the objective is reached, and watch the rest as KPIs or guardrails"
        )
        yield Finding((*key_results[limit].route, "title"), message, help)


RULE = Rule(code="OKR303", name="too-many-key-results", severity="warning", check_objective=check)
