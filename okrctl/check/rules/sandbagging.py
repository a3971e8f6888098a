"""Finds aspirational objectives that came so close to their goal that the goal was hardly a stretch.

An aspirational goal is set so that 0.7 is a success. One that ends at 0.9 or more was easier than it looked, or was
made easier on purpose; the next one may reach further. It is a question for the retrospective, not a reproach. Shown
by `score`, `status` and `close` once the period is over. Whoever means to reach a goal in full calls it `committed`.

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
from okrctl.values.quantity import format_number

CODE = "OKR701"
NAME = "sandbagging"
SEVERITY = "info"
LOOKS_AT = "scorecard"


def check(subject: ObjectiveOutcome, context: Context) -> Iterator[Finding]:
    """Aspirational objectives at 0.9 or more."""
    one = subject.objective
    if one.verdict == "sandbagging?" and one.score is not None:
        help = "ask in the retrospective whether the goal was a stretch, or call it `committed`"
        message = f"aspirational, and it ended at {format_number(one.score, places=2)}"
        yield Finding((*one.node.route, "title"), message, help, ref=one.node.ref)
