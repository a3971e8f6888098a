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

from okrctl.check import wording
from okrctl.check.rule import Rule
from okrctl.check.wording import TitleFault, TitleSubject


def judge(subject: TitleSubject) -> TitleFault | None:
    """A title that only asks for more of general metrics."""
    place = subject.reading.generic
    if place is None or not subject.reading.is_metric:
        return None
    help = "declare it as a KPI, and make your objective the change that would move it"
    return TitleFault(f"'{subject.title[slice(*place)]}' would be valid in any year", help, *place)


RULE = Rule(
    code="OKR202",
    name="objective-evergreen",
    severity="warning",
    profiles={"academy": "error", "databox": "info"},
    judge_title=judge,
    check_objective=wording.objective_check(judge),
)
