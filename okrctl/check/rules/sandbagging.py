"""Finds aspirational objectives that scored so high that the target was hardly a stretch.

An aspirational objective is set so that 0.7 is a success. A score of 0.9 or more means that it was easier than
expected, or made easy on purpose. This is a question for the retrospective, not a reproach. `score`, `status` and
`close` show this finding once the period is over. If a target must be met in full, set `ambition: committed`.

Bad:

    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 100, readings: {2026-03-30: 95}}

Good:

    period: 2026-Q1
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - {id: codes, title: Codes requested, to: 130, readings: {2026-03-30: 95}}
"""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.kpi_outcomes import ObjectiveOutcome
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule


def check(outcome: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """Aspirational objectives at 0.9 or more."""
    objective = outcome.objective
    if objective.verdict == "sandbagging?" and objective.score is not None:
        help = "discuss in the retrospective whether the target was a stretch, or set `ambition: committed`"
        message = f"this aspirational objective ended at {objective.precision.score(objective.score)}"
        yield Finding((*objective.node.route, "title"), message, help, ref=objective.node.ref)


RULE = Rule(code="OKR701", name="sandbagging", severity="info", check_outcome=check)
